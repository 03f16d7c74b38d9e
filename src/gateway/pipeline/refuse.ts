import type { Outcome } from '../../metering/index.ts';
import { type AnswerHeaders, refusalAnswer } from '../answer.ts';
import { REFUSALS, type Refusal } from '../refusal.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { type Draft, finishDraft, NOTHING_SETTLED } from './draft.ts';
import { explainError } from './explain.ts';
import type { Intake } from './job.ts';

/** Ends a request that was not let in, or broke before it could be answered: one durable event, then the reason. */
export async function refuseCall(
  call: Call,
  draft: Draft,
  refused: Refusal,
  intake: Pick<Intake<never>, 'encodeError'>,
  deps: PipelineDeps,
): Promise<Response> {
  const event = finishDraft(
    draft,
    {
      outcome: outcomeOf(refused.reason),
      reason: refused.reason,
      status: REFUSALS[refused.reason].status,
      usage: null,
      usageSource: 'none',
    },
    NOTHING_SETTLED,
    deps.clock.monoMs() - call.startMs,
  );
  let said = refused;
  try {
    await deps.books.refuse(event);
  } catch (error) {
    deps.telemetry.fault('record a refusal', error, call.id);
    said = explainError(error, draft.modelRequested ?? '');
  }
  deps.telemetry.requestEnded(event, call.request.headers.get('traceparent'));
  return errorAnswer(call, said, {}, intake);
}

function outcomeOf(reason: Refusal['reason']): Outcome {
  if (reason === 'client_gone') return 'disconnected';
  return reason === 'internal' ? 'failed' : 'refused';
}

export function errorAnswer(
  call: Call,
  refused: Refusal,
  headers: AnswerHeaders,
  intake: Pick<Intake<never>, 'encodeError'>,
): Response {
  headers['x-request-id'] = call.id;
  return refusalAnswer(intake.encodeError(refused, { requestId: call.id, language: call.language }), refused, headers);
}
