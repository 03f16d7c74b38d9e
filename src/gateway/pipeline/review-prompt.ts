import { ok, refuse, type Result } from '../../base/result.ts';
import { ENDS, type PromptText, type Verdict, withPersonal } from '../../moderation/index.ts';
import type { GenerationRequest } from '../../providers/index.ts';
import { type Ended, endedBy, findingsNotice, MODERATION_HEADER, noticeHeader } from '../moderation-notice.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { unlessAborted } from '../streaming/live.ts';
import { explainError, RETRY_SOON_MS } from './explain.ts';
import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';
import { readerLanguage } from './reader-language.ts';
import type { Review } from './review.ts';

/** A prompt that goes on; `preamble` is the instruction the policy wants before it. */
export interface Cleared {
  readonly preamble: string | null;
}

/** Why a prompt goes no further: it is answered here, or nobody could look at it. */
export type Stopped =
  | { readonly kind: 'answered'; readonly ended: Ended }
  | { readonly kind: 'failed'; readonly refusal: Refusal; readonly error: unknown };

const CLEARED: Result<Cleared, Stopped> = ok({ preamble: null });

/**
 * Has the prompt looked at, between the hold and the upstream, and acts on what comes of it. Nothing goes on that the
 * policy does not let go on: a reviewer that throws counts as a stage that is down.
 */
export async function reviewPrompt(
  job: Job,
  gather: (withSystem: boolean) => PromptText,
  deps: Pick<PipelineDeps, 'moderation' | 'telemetry'>,
): Promise<Result<Cleared, Stopped>> {
  const { review } = job;
  if (review === null || deps.moderation === null) return CLEARED;
  const { reviewer } = deps.moderation;
  const { policy } = review.context;
  try {
    const prompt = gather(policy.document.prompt.system_text !== false);
    review.asked = prompt.parts.at(-1)?.text ?? '';
    review.opening = prompt.parts.find(({ by }) => by === 'person')?.text ?? '';
    const verdict = await unlessAborted(reviewer.reviewPrompt(prompt, review.context), job.live.signal);
    review.prompt = withPersonal(verdict, 'prompt', policy, review.personal?.outcome ?? null);
  } catch (error) {
    if (job.live.signal.aborted) return stop(explainError(job.live.signal.reason, job.model.alias), error);
    deps.telemetry.fault('review a prompt', error, job.call.id);
    return stop(unavailable(), error);
  }
  return act(job, review.prompt, review);
}

function act(job: Job, verdict: Verdict, { context }: Review): Result<Cleared, Stopped> {
  const { action } = verdict;
  if (verdict.dryRun) return CLEARED;
  if (ENDS.has(action)) {
    if (!isOfContent(verdict)) return stop(unavailable(), null);
    const ended = endedBy(verdict, context, { ...job.context, language: readerLanguage(job) });
    return refuse({ kind: 'answered', ended });
  }
  const notice = findingsNotice([verdict], job.call.id);
  if (notice) job.headers[MODERATION_HEADER] = noticeHeader(notice);
  return action === 'preamble' ? ok({ preamble: context.policy.document.preamble }) : CLEARED;
}

function stop(refused: Refusal, error: unknown): Result<Cleared, Stopped> {
  return refuse({ kind: 'failed', refusal: refused, error });
}

/** Whether something that was found asks for the action, and not only a stage that is down. */
export function isOfContent({ flagged, action }: Verdict): boolean {
  return flagged.some((flag) => flag.action === action);
}

export function unavailable(): Refusal {
  return refusal('review_unavailable', { seconds: RETRY_SOON_MS / 1_000 }, { retryAfterMs: RETRY_SOON_MS });
}

/** The request with the policy's instruction before everything else. */
export function withPreamble(request: GenerationRequest, { preamble }: Cleared): GenerationRequest {
  if (preamble === null) return request;
  const instruction = { role: 'system', content: [{ type: 'text', text: preamble }] } as const;
  return { ...request, messages: [instruction, ...request.messages] };
}
