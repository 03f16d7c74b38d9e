import type { GenerationRequest, Message, Tool } from '../generation.ts';
import { ProviderFault } from '../provider.ts';
import type { LocalOrder, LocalTool, Turn, TurnCall } from './protocol.ts';

/** llama.cpp's own defaults, for what the caller leaves open. */
const TEMPERATURE = 0.8;
const TOP_P = 0.95;
const TOP_K = 40;
const SEED_MAX = 0xffff_ffff;

/** Translates a request; throws `rejected` for what a local model cannot do. `seed` is used when the caller gave none. */
export function orderOf(request: GenerationRequest, seed: number): LocalOrder {
  if (Object.keys(request.logitBias ?? {}).length > 0) throw cannot('logit_bias', 'logit_bias is not supported');
  const tools = request.toolChoice?.type === 'none' ? [] : (request.tools ?? []).map(localTool);
  return {
    turns: turnsOf(request.messages),
    ...chosenTools(request, tools),
    json: jsonOf(request),
    maxOutputTokens: request.maxOutputTokens ?? null,
    temperature: request.temperature ?? TEMPERATURE,
    topP: request.topP ?? TOP_P,
    topK: request.topK ?? TOP_K,
    seed: Math.abs(Math.trunc(request.seed ?? seed)) % SEED_MAX,
    stop: (request.stop ?? []).filter((stop) => stop !== ''),
    presencePenalty: request.presencePenalty ?? 0,
    frequencyPenalty: request.frequencyPenalty ?? 0,
  };
}

function cannot(param: string, upstreamMessage: string): ProviderFault {
  return new ProviderFault('rejected', `the local model cannot do this: ${param}`, {
    status: 400,
    upstreamMessage,
    param,
  });
}

function localTool(tool: Tool): LocalTool {
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: { type: 'object', properties: {}, ...tool.parameters },
    strict: tool.strict ?? false,
  };
}

function chosenTools(
  { toolChoice }: GenerationRequest,
  tools: readonly LocalTool[],
): Pick<LocalOrder, 'tools' | 'forcedTools'> {
  if (toolChoice?.type === 'required') return { tools: [], forcedTools: tools };
  if (toolChoice?.type === 'tool')
    return { tools: [], forcedTools: tools.filter(({ name }) => name === toolChoice.name) };
  return { tools, forcedTools: [] };
}

function jsonOf({ responseFormat }: GenerationRequest): LocalOrder['json'] {
  if (responseFormat?.type === 'json_schema') {
    return { schema: responseFormat.schema, strict: responseFormat.strict ?? false };
  }
  return responseFormat?.type === 'json_object' ? 'any' : null;
}

/** Messages as a chat template takes them: neighbours of one role together, tool results beside their calls. */
function turnsOf(messages: readonly Message[]): readonly Turn[] {
  const results = new Map<string, string>();
  for (const message of messages) if (message.role === 'tool') results.set(message.toolCallId, textOf(message));
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'tool') continue;
    const turn = turnOf(message, results);
    const last = turns.at(-1);
    if (last !== undefined && last.role === turn.role) turns[turns.length - 1] = joined(last, turn);
    else turns.push(turn);
  }
  return turns;
}

function turnOf(message: Exclude<Message, { role: 'tool' }>, results: ReadonlyMap<string, string>): Turn {
  const text = textOf(message);
  if (message.role === 'user') return { role: 'user', text };
  if (message.role !== 'assistant') return { role: 'system', text };
  const calls = (message.toolCalls ?? []).map((call): TurnCall => {
    return { name: call.name, arguments: call.arguments, result: results.get(call.id) ?? '' };
  });
  return { role: 'assistant', text: text === '' ? (message.refusal ?? '') : text, calls };
}

function joined(first: Turn, second: Turn): Turn {
  const text = [first.text, second.text].filter((each) => each !== '').join('\n\n');
  if (first.role === 'assistant' && second.role === 'assistant') {
    return { role: 'assistant', text, calls: [...first.calls, ...second.calls] };
  }
  return { ...first, text };
}

function textOf(message: Message): string {
  let text = '';
  for (const part of message.content) {
    if (part.type !== 'text') throw cannot('messages', `the local model takes text only, not ${part.type} parts`);
    text += part.text;
  }
  return text;
}
