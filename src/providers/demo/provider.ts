import { type Clock, systemClock } from '../../base/clock.ts';
import type { ProviderConfig } from '../../config/config.ts';
import type {
  Choice,
  EmbeddingRequest,
  Embeddings,
  Generation,
  GenerationEvent,
  GenerationRequest,
  TokenLogprob,
  Usage,
} from '../generation.ts';
import { type Attempt, type Provider, ProviderFault } from '../provider.ts';
import { estimateEmbeddingTokens, estimateRequestTokens } from '../tokens/estimate-request.ts';
import { embedInput } from './embed.ts';
import { logprobOf } from './logprob.ts';
import { type Pace, paceOf } from './pace.ts';
import { countPieces, type Question, readQuestion, type Script, writeScript } from './script.ts';

export type DemoProviderConfig = Extract<ProviderConfig, { kind: 'demo' }>;

export interface DemoProviderDeps {
  readonly clock?: Clock;
}

const FINGERPRINT = 'demo';
const DIMENSIONS = 256;
const DIMENSIONS_MAX = 4096;

/**
 * Answers without any model, for trying Candor out and for tests, and says so in its first sentence. The same
 * request gets the same answer; every feature of a request has a visible effect. It calls a tool when the choice
 * forces it to or the last user message names the tool, and writes as many words as that message asks for.
 */
export function createDemoProvider(config: DemoProviderConfig, deps: DemoProviderDeps = {}): Provider {
  const pace = paceOf(config.tokensPerSecond, deps.clock ?? systemClock);
  return {
    kind: 'demo',
    abilities: { embeddings: true, tools: true, images: true, structuredOutput: true, logprobs: true, choices: true },
    complete: (request, attempt) => complete(request, attempt, pace),
    stream: (request, attempt) => stream(request, attempt, pace),
    embed,
    async countTokens(request, { signal }) {
      signal.throwIfAborted();
      return estimateRequestTokens(request);
    },
  };
}

async function complete(request: GenerationRequest, attempt: Attempt, pace: Pace): Promise<Generation> {
  attempt.signal.throwIfAborted();
  const question = readQuestion(request);
  const scripts = writeScripts(question);
  const longest = Math.max(...scripts.map(countPieces));
  const waiting = pace(attempt)(longest);
  if (waiting !== undefined) await waiting;
  return {
    upstreamId: idOf(question),
    upstreamModel: attempt.upstreamModel,
    fingerprint: FINGERPRINT,
    choices: scripts.map((script, index) => wholeChoice(request, script, index)),
    usage: usageOf(request, scripts),
  };
}

function wholeChoice(request: GenerationRequest, script: Script, index: number): Choice {
  const { calls, reasoning, text, stopSequence } = script;
  return {
    index,
    text: text.length === 0 && calls.length > 0 ? null : text.join(''),
    ...(reasoning.length > 0 && { reasoning: [{ text: reasoning.join(''), signature: FINGERPRINT }] }),
    ...(calls.length > 0 && { toolCalls: calls.map((call) => ({ ...call, arguments: call.arguments.join('') })) }),
    ...(request.logprobs !== undefined && { logprobs: logprobsOf(request, text) }),
    finish: script.finish,
    ...(stopSequence !== undefined && { stopSequence }),
  };
}

async function* stream(
  request: GenerationRequest,
  attempt: Attempt,
  pace: Pace,
): AsyncGenerator<readonly GenerationEvent[]> {
  attempt.signal.throwIfAborted();
  const untilPiece = pace(attempt);
  const question = readQuestion(request);
  const scripts = writeScripts(question);
  const start = { upstreamId: idOf(question), upstreamModel: attempt.upstreamModel, fingerprint: FINGERPRINT };
  yield [{ type: 'start', ...start }];
  let unfinished = scripts.map((script, choice) => steps(request, script, choice));
  for (let piece = 1; unfinished.length > 0; piece++) {
    const waiting = untilPiece(piece);
    if (waiting !== undefined) await waiting;
    attempt.signal.throwIfAborted();
    const turns = unfinished.map((choice) => ({ choice, step: choice.next() }));
    const batch = turns.flatMap(({ step }) => (step.done === true ? [] : step.value));
    if (batch.length > 0) yield batch;
    unfinished = turns.filter(({ step }) => step.done !== true).map(({ choice }) => choice);
  }
  yield [{ type: 'usage', usage: usageOf(request, scripts) }];
}

/** The events of one choice, one piece of output at a time; its finish comes with the last piece. */
function* steps(request: GenerationRequest, script: Script, choice: number): Generator<readonly GenerationEvent[]> {
  let ahead: GenerationEvent[] = [];
  for (const event of events(request, script, choice)) {
    const carriesPiece = event.type !== 'tool_call' && event.type !== 'finish' && !('signature' in event);
    if (carriesPiece && ahead.some(({ type }) => type !== 'tool_call')) {
      yield ahead;
      ahead = [];
    }
    ahead.push(event);
  }
  yield ahead;
}

function* events(request: GenerationRequest, script: Script, choice: number): Generator<GenerationEvent> {
  for (const text of script.reasoning) yield { type: 'reasoning', choice, text };
  if (script.reasoning.length > 0) yield { type: 'reasoning', choice, text: '', signature: FINGERPRINT };
  for (const text of script.text) {
    yield {
      type: 'text',
      choice,
      text,
      ...(request.logprobs !== undefined && { logprobs: logprobsOf(request, [text]) }),
    };
  }
  for (const [index, call] of script.calls.entries()) {
    yield { type: 'tool_call', choice, index, id: call.id, name: call.name };
    for (const text of call.arguments) yield { type: 'tool_arguments', choice, index, text };
  }
  const { finish: reason, stopSequence } = script;
  yield { type: 'finish', choice, reason, ...(stopSequence !== undefined && { stopSequence }) };
}

function writeScripts(question: Question): readonly Script[] {
  const scripts: Script[] = [];
  for (let choice = 0; choice < question.request.choiceCount; choice++) scripts.push(writeScript(question, choice));
  return scripts;
}

function idOf(question: Question): string {
  return `demo-${question.seed.toString(16).padStart(8, '0')}`;
}

function logprobsOf(request: GenerationRequest, pieces: readonly string[]): readonly TokenLogprob[] {
  return pieces.map((piece) => logprobOf(piece, request.logprobs?.alternatives ?? 0));
}

function usageOf(request: GenerationRequest, scripts: readonly Script[]): Usage {
  let outputTokens = 0;
  let reasoningTokens = 0;
  for (const script of scripts) {
    outputTokens += countPieces(script);
    reasoningTokens += script.reasoning.length;
  }
  const inputTokens = estimateRequestTokens(request);
  return { inputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens, reasoningTokens };
}

async function embed(request: EmbeddingRequest, attempt: Attempt): Promise<Embeddings> {
  attempt.signal.throwIfAborted();
  const dimensions = request.dimensions ?? DIMENSIONS;
  if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
    const upstreamMessage = `dimensions must be between 1 and ${DIMENSIONS_MAX}`;
    throw new ProviderFault('rejected', 'embedding dimensions out of range', {
      status: 400,
      upstreamMessage,
      param: 'dimensions',
    });
  }
  return {
    upstreamModel: attempt.upstreamModel,
    vectors: request.inputs.map((input) => embedInput(input, dimensions)),
    inputTokens: estimateEmbeddingTokens(request),
  };
}
