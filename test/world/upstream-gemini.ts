import type { FinishReason, TokenLogprob, Usage } from '../../src/providers/index.ts';
import type { Dialect, Script, ScriptChoice } from './upstream-script.ts';

/** Generated contents and embeddings as the Gemini API sends them. Tool calls come whole in this format. */
export const geminiDialect: Dialect = {
  kind: 'gemini',
  baseUrl: (url) => url,
  asksForStream: (request) => request.path.includes(':streamGenerateContent'),
  whole: (script) => bodyOf(script, script.choices.map(wholeCandidate), true),
  frames: (script) => bodies(script).map((body) => geminiFrame(body)),
  endFrames: 0,
  endOptional: true,
  errorBody: (code, message) => ({ error: { code, message, status: 'FAILED_PRECONDITION' } }),
  errorFrame: () =>
    geminiFrame({ error: { code: 500, message: 'An internal error has occurred', status: 'INTERNAL' } }),
  embeddings: (vectors, inputTokens) => ({
    embeddings: vectors.map((values) => ({ values })),
    ...(inputTokens !== null && { usageMetadata: { promptTokenCount: inputTokens } }),
  }),
};

/** The Gemini API ends its lines with CR and LF. */
export function geminiFrame(body: object): string {
  return `data: ${JSON.stringify(body)}\r\n\r\n`;
}

function bodyOf(script: Script, candidates: readonly object[], withUsage: boolean): object {
  return {
    candidates,
    ...(withUsage && script.usage !== null && { usageMetadata: usageOf(script.usage) }),
    modelVersion: script.model,
    responseId: script.id,
  };
}

function bodies(script: Script): object[] {
  const parts = script.choices.flatMap((choice, index) =>
    partsOf(choice, choice.texts, choice.reasoning?.texts ?? []).map(({ part, logprob }) =>
      bodyOf(script, [{ index, content: { role: 'model', parts: [part] }, ...logprobsResult(logprob) }], false),
    ),
  );
  const ends = script.choices.map((choice, index) => ({ index, finishReason: FINISH_REASONS[choice.finish] }));
  return [...parts, bodyOf(script, ends, true)];
}

function wholeCandidate(choice: ScriptChoice, index: number): object {
  const { texts, reasoning } = choice;
  const parts = partsOf(choice, texts.length > 0 ? [texts.join('')] : [], reasoning ? [reasoning.texts.join('')] : []);
  return {
    index,
    content: { role: 'model', parts: parts.map(({ part }) => part) },
    finishReason: FINISH_REASONS[choice.finish],
    ...logprobsResult(choice.logprobs),
  };
}

interface ScriptPart {
  readonly part: object;
  readonly logprob: readonly TokenLogprob[] | undefined;
}

function partsOf(choice: ScriptChoice, texts: readonly string[], thoughts: readonly string[]): ScriptPart[] {
  const signature = choice.reasoning?.signature;
  const calls = (choice.toolCalls ?? []).map((call, at) => ({
    functionCall: { id: call.id, name: call.name, args: JSON.parse(call.arguments.join('') || '{}') as unknown },
    ...(at === 0 && signature !== undefined && { thoughtSignature: signature }),
  }));
  const lastThought = thoughts.length - 1;
  return [
    ...thoughts.map((text, at) => ({
      part: { text, thought: true, ...(calls.length === 0 && at === lastThought && { thoughtSignature: signature }) },
      logprob: undefined,
    })),
    ...texts.map((text, at) => ({ part: { text }, logprob: choice.logprobs?.slice(at, at + 1) })),
    ...calls.map((part) => ({ part, logprob: undefined })),
  ];
}

function logprobsResult(logprobs: readonly TokenLogprob[] | undefined): object {
  if (logprobs === undefined || logprobs.length === 0) return {};
  return {
    logprobsResult: {
      chosenCandidates: logprobs.map(({ token, logprob }) => ({ token, tokenId: 1, logProbability: logprob })),
      topCandidates: logprobs.map(({ top_logprobs }) => ({
        candidates: top_logprobs.map(({ token, logprob }) => ({ token, tokenId: 1, logProbability: logprob })),
      })),
    },
  };
}

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
};

/** Counts of zero are not sent, as the API does not send them. */
function usageOf(usage: Usage): object {
  const candidates = usage.outputTokens - usage.reasoningTokens;
  return {
    promptTokenCount: usage.inputTokens,
    ...(candidates > 0 && { candidatesTokenCount: candidates }),
    ...(usage.reasoningTokens > 0 && { thoughtsTokenCount: usage.reasoningTokens }),
    ...(usage.cachedInputTokens > 0 && { cachedContentTokenCount: usage.cachedInputTokens }),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
  };
}
