import type { JsonObject } from '../../base/json.ts';
import type { Verdict } from '../../moderation/index.ts';
import {
  collect,
  eventsOf,
  type Generation,
  type GenerationEvent,
  type GenerationRequest,
} from '../../providers/index.ts';
import { endedBy, findingsNotice } from '../moderation-notice.ts';
import type { Refusal } from '../refusal.ts';
import { unlessAborted } from '../streaming/live.ts';
import { createReplyGate, type ReplyGate } from '../streaming/reply-gate.ts';
import { createWholeGate } from '../streaming/whole-gate.ts';
import { refusalAs } from './answer-refused.ts';
import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';
import { readerLanguage } from './reader-language.ts';
import { isOfContent, unavailable } from './review-prompt.ts';
import { withPersonalGate } from './restore-reply.ts';

/** A reply that moderation ended. */
export interface ReplyCut {
  readonly refusal: Refusal;
  /** What is sent in place of the rest; null where the answer ends as an error: nobody could look at it. */
  readonly said: { readonly message: string; readonly notice: JsonObject } | null;
}

/**
 * Stands between the upstream and the reader; null where nobody looks at replies. Called once, when a reply begins.
 *
 * @param format of what is said, as the caller asked for it
 */
export function openGate(
  job: Job,
  format: GenerationRequest['responseFormat'],
  deps: Pick<PipelineDeps, 'moderation' | 'clock'>,
): ReplyGate | null {
  const { review } = job;
  if (review === null || deps.moderation === null) return null;
  const { reviewer } = deps.moderation;
  const isOff = review.context.policy.document.reply.mode === 'off';
  const gate = isOff ? null : createReplyGate(reviewer.reviewReply(review.context, review.asked));
  const whole = withPersonalGate(gate, review, format, deps);
  review.reply = whole && review.usual ? createWholeGate(whole) : whole;
  return review.reply;
}

export function replyCut(job: Job, verdict: Verdict): ReplyCut {
  if (job.review === null || !isOfContent(verdict)) return { refusal: unavailable(), said: null };
  const { refusal, message, notice } = endedBy(verdict, job.review.context, {
    ...job.context,
    language: readerLanguage(job),
  });
  return { refusal, said: { message, notice } };
}

/** What ends a stream that was cut: every choice that was not finished says why. */
export function eventsOfCut({ said }: ReplyCut, unfinished: readonly number[]): GenerationEvent[] {
  if (said === null) return [];
  const choices = unfinished.length === 0 ? [0] : unfinished;
  return choices.flatMap((choice): GenerationEvent[] => [
    { type: 'refusal', choice, text: said.message },
    { type: 'finish', choice, reason: 'content_filter' },
  ]);
}

/** The member `moderation` of an answer that came to its end; undefined where there is nothing to show. */
export function noticeOf({ review, call }: Job): JsonObject | undefined {
  if (review === null) return undefined;
  const verdicts = [review.prompt, review.reply?.verdict() ?? null].filter((verdict) => verdict !== null);
  return findingsNotice(verdicts, call.id) ?? undefined;
}

export interface WholeReviewed {
  readonly answer: Generation;
  readonly cut: ReplyCut | null;
}

/**
 * Looks at an answer that came in one piece. Where it is cut nothing of it is kept: none of it was sent yet, so nobody
 * is left with half of it.
 */
export async function reviewWhole(
  job: Job,
  answer: Generation,
  format: GenerationRequest['responseFormat'],
  deps: PipelineDeps,
): Promise<WholeReviewed> {
  const gate = openGate(job, format, deps);
  if (gate === null) return { answer, cut: null };
  const { signal } = job.live;
  const events = eventsOf(answer);
  const passed = await unlessAborted(gate.pass(events), signal);
  const rest = passed.cut ? passed : await unlessAborted(gate.flush(), signal);
  const { cut: verdict } = rest;
  if (verdict === null) return { answer: asPassed(answer, events, [...passed.events, ...rest.events]), cut: null };
  const cut = replyCut(job, verdict);
  return { answer: refusalAs(cut.said?.message ?? ''), cut };
}

/** The answer itself where nothing of it was changed, which is nearly always. */
function asPassed(
  answer: Generation,
  events: readonly GenerationEvent[],
  passed: readonly GenerationEvent[],
): Generation {
  const whole = new Set(events);
  const isSame = passed.length === events.length && passed.every((event) => whole.has(event));
  return isSame ? answer : collect(passed);
}
