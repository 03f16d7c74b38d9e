import type { Outcome } from '../../metering/index.ts';
import { REFUSALS, type Refusal, type RefusalReason } from '../refusal.ts';
import { promptOnly } from './charge.ts';
import type { PipelineDeps } from './deps.ts';
import type { Ending } from './draft.ts';
import type { Intake, Job } from './job.ts';
import { errorAnswer } from './refuse.ts';
import { settle } from './settle.ts';

const OUTCOME_BY_REASON: Partial<Record<RefusalReason, Outcome>> = {
  cancelled: 'cancelled',
  client_gone: 'disconnected',
  reader_stalled: 'disconnected',
  access_revoked: 'cut',
  draining: 'cut',
  credit_exhausted: 'cut',
  budget_exhausted: 'cut',
  content_refused: 'refused',
  content_held: 'refused',
  content_cut: 'cut',
  review_unavailable: 'cut',
  rule_refused: 'refused',
  rule_held: 'refused',
  rule_throttled: 'refused',
};

/** How a job that did not end whole is recorded. */
export function outcomeOf(refused: Refusal): Outcome {
  return OUTCOME_BY_REASON[refused.reason] ?? 'failed';
}

function unasked({ draft }: Job): boolean {
  return draft.attempts === 0;
}

/** Ends a job of which the caller has seen nothing yet: the answer is a plain error with its own status. */
export async function failJob(
  job: Job,
  refused: Refusal,
  error: unknown,
  intake: Pick<Intake<never>, 'encodeError'>,
  deps: PipelineDeps,
): Promise<Response> {
  if (refused.reason === 'internal') deps.telemetry.fault('answer a request', error, job.call.id);
  try {
    await settle(job, endingWithoutOutput(job, refused), deps);
  } catch (fault) {
    deps.telemetry.fault('record a failed request', fault, job.call.id);
  }
  return errorAnswer(job.call, refused, job.headers, intake);
}

/** No output was seen. If an upstream may have read the prompt, the prompt is what was used. */
function endingWithoutOutput(job: Job, refused: Refusal): Ending {
  return {
    outcome: unasked(job) && refused.reason === 'review_unavailable' ? 'refused' : outcomeOf(refused),
    reason: refused.reason,
    status: REFUSALS[refused.reason].status,
    usage: job.mayHaveCost ? promptOnly(job.ask.inputTokens) : null,
    usageSource: job.mayHaveCost ? 'estimated' : 'none',
  };
}
