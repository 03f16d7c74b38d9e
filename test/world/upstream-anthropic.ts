import type { FinishReason, Usage } from '../../src/providers/index.ts';
import type { Dialect, Script, ScriptChoice } from './upstream-script.ts';

interface WireEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Messages as Anthropic sends them. It has one choice; a script's others are left out. */
export const anthropicDialect: Dialect = {
  kind: 'anthropic',
  baseUrl: (url) => url,
  asksForStream: (request) => request.body?.stream === true,
  whole: (script) => ({
    ...messageOf(script),
    content: contentBlocks(choiceOf(script)),
    stop_reason: stopReason(choiceOf(script)),
    stop_sequence: choiceOf(script).stopSequence ?? null,
    ...(script.usage !== null && { usage: { ...inputUsage(script.usage), output_tokens: script.usage.outputTokens } }),
  }),
  frames: (script) => events(script).map((event) => anthropicFrame(event)),
  endFrames: 1,
  endOptional: false,
  errorBody: (_status, message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
  errorFrame: () => anthropicFrame({ type: 'error', error: { type: 'api_error', message: 'Internal server error' } }),
};

export function anthropicFrame(event: WireEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function choiceOf(script: Script): ScriptChoice {
  return script.choices[0] ?? { texts: [], finish: 'stop' };
}

function messageOf(script: Script): object {
  return { id: script.id, type: 'message', role: 'assistant', model: script.model };
}

function events(script: Script): WireEvent[] {
  const choice = choiceOf(script);
  const { usage } = script;
  const started = { ...messageOf(script), content: [], stop_reason: null, stop_sequence: null };
  return [
    {
      type: 'message_start',
      message: { ...started, ...(usage && { usage: { ...inputUsage(usage), output_tokens: 1 } }) },
    },
    { type: 'ping' },
    ...blockEvents(choice),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(choice), stop_sequence: choice.stopSequence ?? null },
      ...(usage && { usage: { output_tokens: usage.outputTokens } }),
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(choice: ScriptChoice): WireEvent[] {
  return blocks(choice).flatMap(({ start, deltas }, index) => [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]);
}

function blocks({ reasoning, texts, toolCalls = [] }: ScriptChoice): { start: object; deltas: object[] }[] {
  const thinking = (reasoning?.texts ?? []).map((text) => ({ type: 'thinking_delta', thinking: text }));
  const signed = reasoning?.signature ? [{ type: 'signature_delta', signature: reasoning.signature }] : [];
  return [
    ...(reasoning
      ? [{ start: { type: 'thinking', thinking: '', signature: '' }, deltas: [...thinking, ...signed] }]
      : []),
    ...(texts.length > 0
      ? [{ start: { type: 'text', text: '' }, deltas: texts.map((text) => ({ type: 'text_delta', text })) }]
      : []),
    ...toolCalls.map((call) => ({
      start: { type: 'tool_use', id: call.id, name: call.name, input: {} },
      deltas: ['', ...call.arguments].map((text) => ({ type: 'input_json_delta', partial_json: text })),
    })),
  ];
}

function contentBlocks({ reasoning, texts, toolCalls = [] }: ScriptChoice): object[] {
  return [
    ...(reasoning
      ? [{ type: 'thinking', thinking: reasoning.texts.join(''), signature: reasoning.signature ?? '' }]
      : []),
    ...(texts.length > 0 ? [{ type: 'text', text: texts.join('') }] : []),
    ...toolCalls.map((call) => ({
      type: 'tool_use',
      id: call.id,
      name: call.name,
      input: JSON.parse(call.arguments.join('') || '{}') as unknown,
    })),
  ];
}

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

function stopReason(choice: ScriptChoice): string {
  return choice.stopSequence === undefined ? STOP_REASONS[choice.finish] : 'stop_sequence';
}

function inputUsage(usage: Usage): object {
  return {
    input_tokens: usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
  };
}
