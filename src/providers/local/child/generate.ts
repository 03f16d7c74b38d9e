import type { FinishReason } from '../../generation.ts';
import type { FromJob, LocalOrder, LocalTool, Turn } from '../protocol.ts';
import { grammarSchemaOf } from './grammar-schema.ts';
import type {
  ChatWrapper,
  Functions,
  GenerateResult,
  HistoryItem,
  Llama,
  LlamaGrammar,
  LlamaModel,
  LlamaModule,
  LlamaSequence,
} from './llama.ts';

/** A loaded model and what is made of it once. */
export interface Loaded {
  readonly module: LlamaModule;
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly wrapper: ChatWrapper;
  readonly contextTokens: number;
}

/** The request cannot be done; the message may be shown to its caller. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly param: string;
  constructor(message: string, param: string) {
    super(message);
    this.param = param;
  }
}

/** Room left in the context, since the text of a prompt and its tokens do not always part at the same place. */
const CONTEXT_MARGIN_TOKENS = 16;
/** No vocabulary has longer tokens on average, so a longer prompt cannot fit and need not be read. */
const CHARS_PER_TOKEN_MAX = 32;

/** Tokens of the whole prompt, chat template included. Refuses one that leaves no room for an answer. */
export function countPrompt(loaded: Loaded, order: LocalOrder): number {
  const tooLong = new RefusedError(
    `the prompt is longer than the model's context of ${loaded.contextTokens} tokens`,
    'messages',
  );
  const chars = order.turns.reduce((sum, { text }) => sum + text.length, 0);
  if (chars > loaded.contextTokens * CHARS_PER_TOKEN_MAX) throw tooLong;
  const state = loaded.wrapper.generateContextState({
    chatHistory: historyOf(order.turns),
    ...(order.tools.length > 0 && { availableFunctions: functionsOf(order.tools) }),
  });
  const tokens = state.contextText.tokenize(loaded.model.tokenizer).length;
  if (tokens + CONTEXT_MARGIN_TOKENS >= loaded.contextTokens) throw tooLong;
  return tokens;
}

/** Generates one answer from an empty context, telling each piece as it comes; returns what ends it. */
export async function generate(
  loaded: Loaded,
  sequence: LlamaSequence,
  id: number,
  order: LocalOrder,
  signal: AbortSignal,
  tell: (message: FromJob) => void,
): Promise<FromJob> {
  const inputTokens = countPrompt(loaded, order);
  const grammar = await grammarOf(loaded.llama, order);
  await sequence.clearHistory();
  const outputBefore = sequence.tokenMeter.usedOutputTokens;
  const writing = { forced: '', reasoningTokens: 0 };
  const result = await answer(loaded, sequence, { order, inputTokens, grammar, signal }, (text, tokens, thought) => {
    if (thought) writing.reasoningTokens += tokens;
    if (order.forcedTools.length > 0) writing.forced += text;
    else if (text !== '') tell({ type: 'text', id, text, thought });
  });
  await sequence.clearHistory();
  const calls = callsOf(result, order, writing.forced);
  for (const call of calls) tell({ type: 'call', id, ...call });
  const outputTokens = sequence.tokenMeter.usedOutputTokens - outputBefore;
  const usage = { inputTokens, outputTokens, reasoningTokens: writing.reasoningTokens };
  return { type: 'done', id, finish: finishOf(result, calls.length), stopSequence: stopOf(result), usage };
}

interface Ask {
  readonly order: LocalOrder;
  readonly inputTokens: number;
  readonly grammar: LlamaGrammar | undefined;
  readonly signal: AbortSignal;
}

async function answer(
  loaded: Loaded,
  sequence: LlamaSequence,
  { order, inputTokens, grammar, signal }: Ask,
  onText: (text: string, tokens: number, thought: boolean) => void,
): Promise<GenerateResult> {
  const room = loaded.contextTokens - inputTokens - CONTEXT_MARGIN_TOKENS;
  const full = new AbortController();
  const { presencePenalty, frequencyPenalty, temperature, topP, topK, seed } = order;
  const chat = new loaded.module.LlamaChat({ contextSequence: sequence, chatWrapper: loaded.wrapper });
  try {
    return await chat.generateResponse(openHistory(order.turns), {
      temperature,
      topP,
      topK,
      seed,
      stopOnAbortSignal: true,
      signal: AbortSignal.any([signal, full.signal]),
      maxTokens: Math.min(order.maxOutputTokens ?? room, room),
      customStopTriggers: order.stop,
      repeatPenalty:
        presencePenalty === 0 && frequencyPenalty === 0 ? false : { penalty: 1, presencePenalty, frequencyPenalty },
      contextShift: {
        // Dropping the beginning of a conversation would answer another question than was asked.
        strategy: () => {
          full.abort();
          throw new Error('context full');
        },
      },
      onResponseChunk: (chunk) => onText(chunk.text, chunk.tokens.length, chunk.type === 'segment'),
      ...(grammar !== undefined && { grammar }),
      ...(order.tools.length > 0 && grammar === undefined && { functions: functionsOf(order.tools) }),
    });
  } finally {
    chat.dispose({ disposeSequence: false });
  }
}

async function grammarOf(llama: Llama, { forcedTools, json }: LocalOrder): Promise<LlamaGrammar | undefined> {
  try {
    if (forcedTools.length > 0) return await llama.createGrammarForJsonSchema(forcedSchema(forcedTools));
    if (json === 'any') return await llama.getGrammarFor('json');
    return json === null
      ? undefined
      : await llama.createGrammarForJsonSchema(grammarSchemaOf(json.schema, json.strict));
  } catch (error) {
    const reason = error instanceof Error && error.name === 'SchemaError' ? `: ${error.message}` : '';
    throw new RefusedError(
      `the local model cannot follow this schema${reason}`,
      forcedTools.length > 0 ? 'tools' : 'response_format',
    );
  }
}

/** One tool's arguments alone; with several tools, the name comes first and the model chooses it. */
function forcedSchema(tools: readonly LocalTool[]): Record<string, unknown> {
  const [only] = tools;
  if (tools.length === 1 && only !== undefined) return grammarSchemaOf(only.parameters, only.strict);
  const choices = tools.map(({ name, parameters, strict }) => {
    // References point to the root of the schema, which several tools cannot share.
    if (parameters['$defs'] !== undefined)
      throw new RefusedError('a schema with references can only be forced alone', 'tools');
    return { type: 'object', properties: { name: { const: name }, arguments: grammarSchemaOf(parameters, strict) } };
  });
  return { oneOf: choices };
}

function callsOf(
  { functionCalls = [], metadata }: GenerateResult,
  { forcedTools }: LocalOrder,
  forced: string,
): readonly { readonly name: string; readonly arguments: string }[] {
  const [only] = forcedTools;
  if (only === undefined) {
    return functionCalls.map(({ functionName, params }) => ({
      name: functionName,
      arguments: JSON.stringify(params ?? {}),
    }));
  }
  if (forcedTools.length === 1) return [{ name: only.name, arguments: forced }];
  if (metadata.stopReason === 'maxTokens' || metadata.stopReason === 'abort') return [];
  const chosen = JSON.parse(forced) as { name: string; arguments: unknown };
  return [{ name: chosen.name, arguments: JSON.stringify(chosen.arguments) }];
}

function finishOf({ metadata }: GenerateResult, calls: number): FinishReason {
  if (metadata.stopReason === 'maxTokens' || metadata.stopReason === 'abort') return 'length';
  return calls > 0 ? 'tool_calls' : 'stop';
}

function stopOf({ metadata }: GenerateResult): string | null {
  const trigger = metadata.stopReason === 'customStopTrigger' ? metadata.customStopTrigger : undefined;
  const text = trigger?.filter((part) => typeof part === 'string').join('') ?? '';
  return text === '' ? null : text;
}

function functionsOf(tools: readonly LocalTool[]): Functions {
  try {
    const entries = tools.map(({ name, description, parameters, strict }) => {
      const params = grammarSchemaOf(parameters, strict);
      return [name, description === undefined ? { params } : { description, params }] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    throw new RefusedError(error instanceof Error ? error.message : 'the tools cannot be used', 'tools');
  }
}

function historyOf(turns: readonly Turn[]): readonly HistoryItem[] {
  return turns.map((turn): HistoryItem => {
    if (turn.role !== 'assistant') return { type: turn.role, text: turn.text };
    const calls = turn.calls.map((call) => {
      return {
        type: 'functionCall',
        name: call.name,
        params: parsed(call.arguments),
        result: parsed(call.result),
      } as const;
    });
    return { type: 'model', response: turn.text === '' ? calls : [turn.text, ...calls] };
  });
}

/** The history with a place for the answer at its end. */
function openHistory(turns: readonly Turn[]): readonly HistoryItem[] {
  const history = historyOf(turns);
  return history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
