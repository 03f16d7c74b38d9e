import { assert } from '../../base/assert.ts';
import { type AnswerHeaders, streamAnswer } from '../answer.ts';
import { streamEnds } from '../../runtime/listener.ts';
import { streamBody } from '../streaming/body.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { type Draft, finishDraft, NOTHING_SETTLED } from './draft.ts';
import { explainError } from './explain.ts';
import type { Intake } from './job.ts';
import type { Repeated } from './prepare.ts';
import { refuseCall } from './refuse.ts';

/**
 * Gives the answer of the request that first carried this `Idempotency-Key`. It costs nothing, and leaves a record of its
 * own like any other request.
 */
export async function repeat(
  call: Call,
  draft: Draft,
  repeated: Repeated['repeated'],
  intake: Pick<Intake<never>, 'encodeError'>,
  deps: PipelineDeps,
): Promise<Response> {
  const headers: AnswerHeaders = {
    'x-request-id': call.id,
    'idempotency-replayed': 'true',
    'idempotency-original-request': repeated.requestId,
  };
  const ending = { outcome: 'completed', reason: null, status: 200, usage: null, usageSource: 'none' } as const;
  const draftOfRepeat: Draft = { ...draft, endpoint: 'generations.repeat' };
  const event = finishDraft(draftOfRepeat, ending, NOTHING_SETTLED, deps.clock.monoMs() - call.startMs);
  try {
    await deps.books.refuse(event);
  } catch (error) {
    deps.telemetry.fault('record a request', error, call.id);
    return refuseCall(call, draftOfRepeat, explainError(error, ''), intake, deps);
  }
  deps.telemetry.requestEnded(event, call.request.headers.get('traceparent'));
  if (repeated.kind === 'attach') {
    const leave = () => undefined;
    const onEnd = () => streamEnds(call.request);
    const { feed } = repeated;
    const { key } = draft;
    assert(key, 'whoever repeats was authenticated');
    const endUser = deps.live.find(repeated.requestId)?.endUser ?? null;
    const identity = { id: call.id, keyId: key.id, accountId: key.accountId, app: draft.app, endUser };
    const live = deps.live.reader(identity);
    return streamAnswer(streamBody({ live, feed, stalls: deps.stalls, onStall: leave, onGone: leave, onEnd }), headers);
  }
  headers['content-type'] = repeated.contentType;
  return new Response(repeated.body, { headers });
}
