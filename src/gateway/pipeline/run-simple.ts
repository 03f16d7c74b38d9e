import type { ApiKey, KeyScope } from '../../accounts/index.ts';
import type { JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Permit } from '../../capacity/index.ts';
import { wholeAnswer } from '../answer.ts';
import type { Refusal } from '../refusal.ts';
import { countSimple, enter } from './admit.ts';
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
  /** It reads a body and works on it, so it takes a place among the requests in flight. */
  readonly takesPlace?: boolean;
  answer(key: ApiKey): Promise<Result<JsonObject | Response, Refusal>>;
}

/** One request that reaches no model: authenticated, within its key's limits, and recorded like any other. */
export async function runSimple(
  call: Call,
  draft: Draft,
  endpoint: SimpleEndpoint,
  deps: PipelineDeps,
): Promise<Response> {
  const authenticated = authenticate(call, draft, endpoint.scope, deps);
  if (!authenticated.ok) return refuseCall(call, draft, authenticated.refusal, endpoint, deps);
  const key = authenticated.value;
  const entered = letIn(call, key, endpoint, deps);
  if (!entered.ok) return refuseCall(call, draft, entered.refusal, endpoint, deps);
  try {
    const answered = await endpoint.answer(key);
    if (!answered.ok) return await refuseCall(call, draft, answered.refusal, endpoint, deps);
    return await record(call, draft, answered.value, endpoint, deps);
  } finally {
    entered.value?.release();
  }
}

/** Null where it takes no place. */
function letIn(
  call: Call,
  key: ApiKey,
  { takesPlace }: SimpleEndpoint,
  deps: PipelineDeps,
): Result<Permit | null, Refusal> {
  if (takesPlace) return enter(call, key, deps);
  const refused = countSimple(call, key, deps);
  return refused ? refuse(refused) : ok(null);
}

async function record(
  call: Call,
  draft: Draft,
  value: JsonObject | Response,
  endpoint: SimpleEndpoint,
  deps: PipelineDeps,
): Promise<Response> {
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
  if (!(value instanceof Response)) return wholeAnswer(value, { 'x-request-id': call.id });
  value.headers.set('x-request-id', call.id);
  return value;
}
