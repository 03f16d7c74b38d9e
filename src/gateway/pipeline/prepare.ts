import type { ApiKey } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Permit } from '../../capacity/index.ts';
import type { AppSource } from '../../metering/index.ts';
import { failPoint } from '../../runtime/fail-point.ts';
import { addLimitHeaders, type AnswerHeaders } from '../answer.ts';
import type { Claim, Claimed } from '../idempotency/claims.ts';
import type { Bill } from '../money/bill.ts';
import type { Refusal } from '../refusal.ts';
import { admit, enter, reserveOutput } from './admit.ts';
import { authenticate } from './authenticate.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { type Draft, endUserOf, nameOf, openingOf } from './draft.ts';
import { effectsOn, restriction, withoutFallbacks } from './effects.ts';
import { contentKept } from './evidence.ts';
import { explainError } from './explain.ts';
import type { Ask, Intake, Job } from './job.ts';
import { type Body, readBody } from './read-body.ts';
import { resolve } from './resolve.ts';
import { beginReview } from './review.ts';
import { type Asked, giveBack, setAside } from './set-aside.ts';
import { refuseEndUser, refuseSince } from './stopped.ts';
import { createTranscript } from './transcript.ts';

/** It was asked before under the same `Idempotency-Key`. */
export interface Repeated {
  readonly repeated: Exclude<Claimed, { readonly kind: 'first' }>;
}

export interface Prepared<Parsed> {
  readonly job: Job;
  readonly parsed: Parsed;
}

/**
 * The way in, cheapest check first: who asks, whether they may ask now, what they ask, of what model, how much of it, for what credit.
 * Ends with the request durably recorded as open and its credit set aside; nothing has been sent upstream yet.
 */
export async function prepare<Parsed>(
  call: Call,
  draft: Draft,
  intake: Intake<Parsed>,
  deps: PipelineDeps,
): Promise<Result<Prepared<Parsed> | Repeated, Refusal>> {
  const authenticated = authenticate(call, draft, intake.scope, deps);
  if (!authenticated.ok) return authenticated;
  const entered = enter(call, authenticated.value, deps);
  if (!entered.ok) return entered;
  let prepared: Result<Prepared<Parsed> | Repeated, Refusal> | null = null;
  try {
    prepared = await letIn(call, draft, authenticated.value, entered.value, intake, deps);
    return prepared;
  } finally {
    if (!prepared?.ok || 'repeated' in prepared.value) entered.value.release();
  }
}

/** From a place to a job, or to the answer of an earlier one. */
async function letIn<Parsed>(
  call: Call,
  draft: Draft,
  key: ApiKey,
  permit: Permit,
  intake: Intake<Parsed>,
  deps: PipelineDeps,
): Promise<Result<Prepared<Parsed> | Repeated, Refusal>> {
  const body = await readBody(call.request, deps.config.server, deps.bodies);
  if (!body.ok) return body;
  const claimed = await claimFor(call, key, body.value.text, deps);
  if (!claimed.ok) return claimed;
  if (claimed.value && claimed.value.kind !== 'first') return ok({ repeated: claimed.value });
  const claim = claimed.value?.claim ?? null;
  let begun: Result<Prepared<Parsed>, Refusal> | null = null;
  try {
    begun = await begin(call, draft, { key, permit, claim, body: body.value }, intake, deps);
    return begun;
  } finally {
    if (!begun?.ok) claim?.end();
  }
}

/** Null when the request carries no `Idempotency-Key`. */
async function claimFor(
  call: Call,
  key: ApiKey,
  body: string,
  deps: PipelineDeps,
): Promise<Result<Claimed | null, Refusal>> {
  const name = call.request.headers.get('idempotency-key');
  if (name === null) return ok(null);
  const { id: requestId, endpoint } = call;
  // A key that was rotated in between repeats what the one before it asked, and is not charged again.
  return deps.claims.claim({ requestId, keyId: key.originId, name, endpoint, body, signal: call.request.signal });
}

interface Let {
  readonly key: ApiKey;
  readonly permit: Permit;
  readonly claim: Claim | null;
  readonly body: Body;
}

async function begin<Parsed>(
  call: Call,
  draft: Draft,
  { key, permit, claim, body }: Let,
  intake: Intake<Parsed>,
  deps: PipelineDeps,
): Promise<Result<Prepared<Parsed>, Refusal>> {
  const parsed = await intake.parse(body.json, key);
  if (!parsed.ok) return parsed;

  const ask = intake.ask(parsed.value);
  draft.modelRequested = nameOf(ask.model);
  draft.streamed = ask.streamed;
  draft.endUser = endUserOf(ask.endUser);
  const stopped = refuseEndUser(key.accountId, draft.endUser, deps);
  if (stopped) return refuse(stopped);
  if (key.app === null) Object.assign(draft, discoverApp(ask, key, deps));
  const resolved = resolve(ask, deps.allowedModels(key), deps.router);
  if (!resolved.ok) return resolved;
  const effects = effectsOn(key, draft.app, draft.endUser, deps);
  const restricted = effects && restriction(ask, resolved.value, effects, deps);
  if (restricted) return refuse(restricted);
  const model = withoutFallbacks(resolved.value, effects);
  const reservedOutput = reserveOutput(key, ask, model, deps);
  const tokens = ask.inputTokens + reservedOutput;
  const over = admit(call, permit, { key, app: draft.app, endUser: draft.endUser, model, tokens }, deps);
  if (over) return refuse(over);
  failPoint('after_admit');

  const live = deps.live.start({
    id: call.id,
    keyId: key.id,
    accountId: key.accountId,
    app: draft.app,
    endUser: draft.endUser,
  });
  const review = beginReview(deps.moderation?.policyFor(key) ?? null, effects);
  const asked = { key, app: draft.app, ask, model, reservedOutput };
  const bill = await openBill(call, draft, asked, review !== null, deps);
  if (!bill.ok) {
    permit.settle(0);
    deps.live.end(call.id);
    return bill;
  }
  const headers: AnswerHeaders = { 'x-request-id': call.id };
  addLimitHeaders(headers, permit.state());
  const context = contextOf(call, ask);
  const kept = contentKept(key, review, deps);
  const job = {
    call,
    draft,
    key,
    ask,
    model,
    permit,
    live,
    claim,
    review,
    transcript: kept && createTranscript(body.text, kept.bytesMax),
    mayHaveCost: false,
    asked: null,
    lost: [],
    bill: bill.value,
    reservedOutput,
    headers,
    context,
  };
  return ok({ job, parsed: parsed.value });
}

/**
 * Sets the request's credit aside and writes down that it is open, in one unit, unless its key or end user has fallen while its body
 * arrived or its credit was waited for; from here on `live` hears of that.
 */
async function openBill(
  call: Call,
  draft: Draft,
  asked: Asked,
  moderated: boolean,
  deps: PipelineDeps,
): Promise<Result<Bill, Refusal>> {
  const { key, ask } = asked;
  const fallen = refuseSince(key, draft.endUser, deps);
  if (fallen) return refuse(fallen);
  try {
    const bill = await setAside(call, asked, deps);
    if (!bill.ok) return bill;
    const fallenSince = refuseSince(key, draft.endUser, deps);
    if (fallenSince) {
      giveBack(bill.value);
      return refuse(fallenSince);
    }
    draft.bill = bill.value;
    await deps.books.open(openingOf(draft, key, ask.inputTokens, moderated), bill.value);
    return bill;
  } catch (error) {
    deps.telemetry.fault('record a request', error, draft.id);
    return refuse(explainError(error, ask.model));
  }
}

/** Nobody is kept waiting or turned away because their app cannot be told. */
function discoverApp(ask: Ask, key: ApiKey, deps: PipelineDeps): { app: string | null; appSource: AppSource } {
  try {
    const app = deps.discover(key.id, ask.systemText, ask.toolNames);
    return { app, appSource: app === null ? 'none' : 'discovered' };
  } catch (error) {
    deps.telemetry.fault('tell an app', error);
    return { app: null, appSource: 'none' };
  }
}

function contextOf(call: Call, ask: Ask): Job['context'] {
  return {
    requestId: call.id,
    model: ask.model,
    createdSec: Math.floor(call.atMs / 1_000),
    language: call.language,
  };
}
