import type { TokenLogprob, Usage } from '../../src/providers/index.ts';
import type { Dialect, Script, ScriptChoice } from './upstream-script.ts';

/** Chat completions and embeddings as OpenAI sends them. */
export const openAiDialect: Dialect = {
  kind: 'openai',
  baseUrl: (url) => `${url}/v1`,
  asksForStream: (request) => request.body?.stream === true,
  whole: (script) => ({
    id: script.id,
    object: 'chat.completion',
    created: 1,
    model: script.model,
    choices: script.choices.map(wholeChoice),
    ...(script.usage !== null && { usage: usageOf(script.usage) }),
  }),
  frames: (script) => [...deltas(script).map((body) => openAiFrame(body)), 'data: [DONE]\n\n'],
  endFrames: 1,
  endOptional: true,
  errorBody: (status, message) => ({
    error: { message, type: 'invalid_request_error', param: 'messages', code: `e${status}` },
  }),
  errorFrame: () =>
    openAiFrame({ error: { message: 'The server had an error', type: 'server_error', param: null, code: null } }),
  embeddings: (vectors, inputTokens) => ({
    object: 'list',
    model: 'fake-embedding',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: Buffer.from(Float32Array.from(vector).buffer).toString('base64'),
    })),
    ...(inputTokens !== null && { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
  }),
};

export function openAiFrame(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** A chunk with these choices. */
export function openAiChunk(
  script: Pick<Script, 'id' | 'model'>,
  choices: readonly object[],
  more: object = {},
): object {
  return { id: script.id, object: 'chat.completion.chunk', created: 1, model: script.model, choices, ...more };
}

function deltas(script: Script): object[] {
  const open = script.choices.map((_, index) => ({
    index,
    delta: { role: 'assistant', content: '' },
    finish_reason: null,
  }));
  const bodies = script.choices.flatMap((choice, index) =>
    choiceDeltas(choice).map((delta) => ({ index, finish_reason: null, ...delta })),
  );
  const ends = script.choices.map((choice, index) => ({ index, delta: {}, finish_reason: choice.finish }));
  const chunks = [...open, ...bodies, ...ends].map((choice) => openAiChunk(script, [choice], { obfuscation: 'x7Gf' }));
  if (script.usage !== null) chunks.push(openAiChunk(script, [], { usage: usageOf(script.usage) }));
  return chunks;
}

function choiceDeltas(choice: ScriptChoice): object[] {
  const reasoning = (choice.reasoning?.texts ?? []).map((text) => ({ delta: { reasoning_content: text } }));
  const texts = choice.texts.map((content, at) => ({ delta: { content }, logprobs: logprobsAt(choice.logprobs, at) }));
  const calls = (choice.toolCalls ?? []).flatMap((call, index) => [
    { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } },
    ...call.arguments.map((text) => ({ index, function: { arguments: text } })),
  ]);
  return [...reasoning, ...texts, ...calls.map((call) => ({ delta: { tool_calls: [call] } }))];
}

function logprobsAt(logprobs: readonly TokenLogprob[] | undefined, at: number): object | null {
  const token = logprobs?.[at];
  return token === undefined ? null : { content: [token], refusal: null };
}

function wholeChoice(choice: ScriptChoice, index: number): object {
  const calls = choice.toolCalls?.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments.join('') },
  }));
  return {
    index,
    message: {
      role: 'assistant',
      content: choice.texts.length > 0 ? choice.texts.join('') : null,
      refusal: null,
      ...(choice.reasoning && { reasoning_content: choice.reasoning.texts.join('') }),
      ...(calls && { tool_calls: calls }),
    },
    logprobs: choice.logprobs ? { content: choice.logprobs, refusal: null } : null,
    finish_reason: choice.finish,
  };
}

function usageOf(usage: Usage): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
