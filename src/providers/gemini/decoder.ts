import type { JsonObject } from '../../base/json.ts';
import { collect } from '../collect.ts';
import type { FinishReason, Generation, GenerationEvent, TokenLogprob } from '../generation.ts';
import { ProviderFault } from '../provider.ts';
import type { SseEvent } from '../sse.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, garbage, inBand } from '../transport/fault.ts';
import { countOf, filledText, objectOf, objectsOf } from '../transport/fields.ts';
import { parseObject } from '../transport/parse.ts';
import type { StreamDecoder } from '../transport/stream.ts';
import { logprobsOf } from './logprobs.ts';
import { geminiUsage } from './usage.ts';

interface OpenCandidate {
  calls: number;
  finished: boolean;
}

/** Reads `GenerateContentResponse`s: one for a whole answer, or as many as a stream has. */
export class CandidateDecoder implements StreamDecoder {
  /** The format has no end of its own: the connection closes after every candidate said why it ended. */
  readonly ended = false;
  readonly #choiceCount: number;
  readonly #callIdPrefix: string;
  readonly #candidates = new Map<number, OpenCandidate>();
  #started = false;

  constructor(choiceCount: number, requestId: string) {
    this.#choiceCount = choiceCount;
    this.#callIdPrefix = `call_${requestId}`;
  }

  push(event: SseEvent, out: GenerationEvent[]): void {
    if (event.data === '' || event.data === '[DONE]') return;
    this.pushBody(parseObject(event.data), out);
  }

  pushBody(body: JsonObject, out: GenerationEvent[]): void {
    if (body.error !== undefined && body.error !== null) {
      throw this.#candidates.size > 0 ? inBand(errorDetail(body)) : bodyFault(errorDetail(body), 'in_band');
    }
    this.#start(body, out);
    for (const candidate of objectsOf(body.candidates)) this.#candidate(candidate, out);
    if (filledText(objectOf(body.promptFeedback).blockReason) !== undefined) this.#blocked(out);
    const usage = geminiUsage(body.usageMetadata);
    if (usage !== undefined) out.push({ type: 'usage', usage });
  }

  closed(): boolean {
    if (this.#candidates.size === 0) return false;
    return [...this.#candidates.values()].every((candidate) => candidate.finished);
  }

  #start(body: JsonObject, out: GenerationEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    const id = filledText(body.responseId);
    const model = filledText(body.modelVersion);
    out.push({
      type: 'start',
      ...(id !== undefined && { upstreamId: id }),
      ...(model !== undefined && { upstreamModel: model }),
    });
  }

  /** The prompt was refused: an answer without words, ended by the filter. */
  #blocked(out: GenerationEvent[]): void {
    const open = this.#open(0);
    if (open.finished) return;
    open.finished = true;
    out.push({ type: 'finish', choice: 0, reason: 'content_filter' });
  }

  #candidate(candidate: JsonObject, out: GenerationEvent[]): void {
    const choice = countOf(candidate.index) ?? 0;
    if (choice >= this.#choiceCount) throw garbage('the upstream sent a candidate nobody asked for');
    const open = this.#open(choice);
    let logprobs = logprobsOf(candidate.logprobsResult);
    for (const part of objectsOf(objectOf(candidate.content).parts)) {
      this.#part(part, choice, open, logprobs, out);
      if (isAnswerText(part)) logprobs = undefined;
    }
    if (logprobs !== undefined) out.push({ type: 'text', choice, text: '', logprobs });
    const reason = filledText(candidate.finishReason);
    if (reason === undefined || open.finished) return;
    open.finished = true;
    out.push({ type: 'finish', choice, reason: finishOf(reason, open.calls > 0) });
  }

  #open(choice: number): OpenCandidate {
    const known = this.#candidates.get(choice);
    if (known !== undefined) return known;
    const opened = { calls: 0, finished: false };
    this.#candidates.set(choice, opened);
    return opened;
  }

  #part(
    part: JsonObject,
    choice: number,
    open: OpenCandidate,
    logprobs: TokenLogprob[] | undefined,
    out: GenerationEvent[],
  ): void {
    const text = filledText(part.text);
    const signature = filledText(part.thoughtSignature);
    const thought = part.thought === true ? (text ?? '') : '';
    if (thought !== '' || signature !== undefined) {
      out.push({ type: 'reasoning', choice, text: thought, ...(signature !== undefined && { signature }) });
    }
    if (text !== undefined && isAnswerText(part)) {
      out.push({ type: 'text', choice, text, ...(logprobs !== undefined && { logprobs }) });
    }
    if (part.functionCall !== undefined) this.#call(objectOf(part.functionCall), choice, open, out);
  }

  /** Calls come whole here. */
  #call(call: JsonObject, choice: number, open: OpenCandidate, out: GenerationEvent[]): void {
    const index = open.calls++;
    const id = filledText(call.id) ?? `${this.#callIdPrefix}_${choice}_${index}`;
    out.push({ type: 'tool_call', choice, index, id, name: filledText(call.name) ?? '' });
    out.push({ type: 'tool_arguments', choice, index, text: JSON.stringify(objectOf(call.args)) });
  }
}

/** Reads a whole answer. Throws `garbage` when there is neither a candidate nor a reason why not. */
export function parseGenerated(body: JsonObject, choiceCount: number, requestId: string): Generation {
  if (body.error !== undefined && body.error !== null) throw bodyFault(errorDetail(body), 'upstream_error');
  const decoder = new CandidateDecoder(choiceCount, requestId);
  const events: GenerationEvent[] = [];
  decoder.pushBody(body, events);
  if (!decoder.closed()) throw garbage('the upstream sent an answer without an end');
  return collect(events);
}

function isAnswerText(part: JsonObject): boolean {
  return part.thought !== true && filledText(part.text) !== undefined;
}

/** The model produced something its own server could not use: an error, though it comes in an answer's clothes. */
const BROKEN = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
]);

function finishOf(reason: string, calledTools: boolean): FinishReason {
  if (BROKEN.has(reason)) throw new ProviderFault('in_band', 'the upstream could not use what its model wrote');
  if (reason === 'MAX_TOKENS') return 'length';
  if (reason !== 'STOP') return 'content_filter';
  return calledTools ? 'tool_calls' : 'stop';
}
