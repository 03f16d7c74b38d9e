import type { ApiKey, KeyScope } from '../../accounts/index.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Result } from '../../base/result.ts';
import { wholeAnswer } from '../answer.ts';
import type { Refusal } from '../refusal.ts';
import { countSimple } from './admit.ts';
import { authenticate } from './authenticate.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { type Draft, finishDraft, NOTHING_SETTLED } from './draft.ts';
import { explainError } from './explain.ts';
import type { Intake } from './job.ts';
import { refuseCall } from './refuse.ts';

/** An endpoint that asks no model: who may use it, and what it answers. */
export interface SimpleEndpoint {
  readonly scope: KeyScope;
  readonly encodeError: Intake<never>['encodeError'];
  answer(key: ApiKey): Promise<Result<JsonObject | Response, Refusal>>;
}

/** One request that reaches no model: authenticated, within its key's limits, and recorded like any other. */
export async function runSimple(
  call: Call,
  draft: Draft,
  endpoint: SimpleEndpoint,
  deps: PipelineDeps,
): Promise<Response> {
  const authenticated = authenticate(call, draft, endpoint.scope, deps.keys);
  if (!authenticated.ok) return refuseCall(call, draft, authenticated.refusal, endpoint, deps);
  const key = authenticated.value;
  const early = countSimple(call, key, deps);
  if (early) return refuseCall(call, draft, early, endpoint, deps);
  const answered = await endpoint.answer(key);
  if (!answered.ok) return refuseCall(call, draft, answered.refusal, endpoint, deps);
  const event = finishDraft(
    draft,
    { outcome: 'completed', reason: null, status: 200, usage: null, usageSource: 'none' },
    NOTHING_SETTLED,
    deps.clock.monoMs() - call.startMs,
  );
  try {
    await deps.books.refuse(event);
  } catch (error) {
    deps.telemetry.fault('record a request', error, call.id);
    return refuseCall(call, draft, explainError(error, ''), endpoint, deps);
  }
  deps.telemetry.requestEnded(event, call.request.headers.get('traceparent'));
  const { value } = answered;
  if (!(value instanceof Response)) return wholeAnswer(value, { 'x-request-id': call.id });
  value.headers.set('x-request-id', call.id);
  return value;
}
