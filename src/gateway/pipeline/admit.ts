import type { ApiKey } from '../../accounts/index.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { LimitSubject, Permit } from '../../capacity/index.ts';
import type { LimitSet } from '../../config/config.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { type Rates, ratesOf, slowed, slowedEndUser, withDecision } from './effects.ts';
import { explainLimit, RETRY_SOON_MS } from './explain.ts';
import type { Ask } from './job.ts';
import { OPEN_OUTPUT_TOKENS } from './set-aside.ts';

/**
 * Takes a place for the key and its account before the body is read: bodies take time and room, so those that arrive
 * count as in flight. Whoever is refused later gives the place back; the request stays counted.
 */
export function enter(call: Call, key: ApiKey, deps: PipelineDeps): Result<Permit, Refusal> {
  const closed = openToNew(deps);
  if (closed) return refuse(closed);
  const rates = ratesOf(key, null, null, deps);
  const entered = deps.limits.admit(ownersOf(key, rates, deps), 0);
  if (entered.ok) return entered;
  return refuse(withDecision(explainLimit(entered.refusal, 0, call.language), rates, deps));
}

/**
 * Counts a request that asks no model. It takes no place, so a lack of places does not refuse it: whoever has as much in
 * flight as is allowed must still be able to cancel some of it, and so must everybody while the process drains.
 */
export function countSimple(call: Call, key: ApiKey, deps: PipelineDeps): Refusal | null {
  const rates = ratesOf(key, null, null, deps);
  const refused = deps.limits.count(ownersOf(key, rates, deps));
  return refused ? withDecision(explainLimit(refused, 0, call.language), rates, deps) : null;
}

/** Whether anything new is taken at all. */
function openToNew(deps: PipelineDeps): Refusal | null {
  const seconds = RETRY_SOON_MS / 1_000;
  if (deps.draining()) return refusal('draining', { seconds }, { retryAfterMs: RETRY_SOON_MS });
  if (deps.live.count() < deps.config.server.inFlightMax) return null;
  return refusal('overloaded', { seconds }, { retryAfterMs: RETRY_SOON_MS });
}

interface Admitted {
  readonly key: ApiKey;
  readonly app: string | null;
  readonly endUser: string | null;
  readonly model: Model;
  readonly tokens: number;
}

/** Counts the request against its app, its model and an end user who is throttled too, and its tokens against all of them: all of it or nothing. */
export function admit(
  call: Call,
  permit: Permit,
  { key, app, endUser, model, tokens }: Admitted,
  deps: PipelineDeps,
): Refusal | null {
  // Bodies take time to arrive: what was true before may not be now.
  const closed = openToNew(deps);
  if (closed) return closed;
  const { usualRequestsPerMinute } = deps.config.enforcement;
  const rates = ratesOf(key, app, endUser, deps);
  const subjects: LimitSubject[] = [
    { kind: 'model', id: model.alias, limits: model.config.limits },
    ...slowedEndUser(key.accountId, endUser, rates, usualRequestsPerMinute),
  ];
  if (app !== null) {
    const { app: given } = deps.config.limits;
    const limits = slowed(given, rates.app, given.requestsPerMinute ?? usualRequestsPerMinute);
    subjects.push({ kind: 'app', id: `${key.accountId}/${app}`, limits });
  }
  const refused = permit.join(subjects, tokens);
  return refused ? withDecision(explainLimit(refused, tokens, call.language), rates, deps) : null;
}

/** Tokens of output to reserve: what such answers tend to take, never more than is allowed. */
export function reserveOutput(key: ApiKey, ask: Ask, model: Model, deps: PipelineDeps): number {
  if (!ask.output) return 0;
  const most = model.config.maxOutputTokens ?? OPEN_OUTPUT_TOKENS;
  const wanted = Math.min(ask.output.maxTokens ?? most, most);
  return ask.output.choices * deps.forecast.forecast(key.id, model.alias, wanted);
}

const ownLimits = new WeakMap<ApiKey, LimitSet>();
/** By the limits of a plan: those with the defaults for what it leaves open. */
const accountLimits = new WeakMap<LimitSet, LimitSet>();

function ownersOf(key: ApiKey, rates: Rates, deps: PipelineDeps): LimitSubject[] {
  const { usualRequestsPerMinute: usual } = deps.config.enforcement;
  const ofKey = key.limits?.requestsPerMinute ?? usual;
  const ofPlan = deps.terms.termsOf(key.accountId).limits.requestsPerMinute ?? usual;
  return [
    { kind: 'key', id: key.id, limits: slowed(limitsOf(key, deps), rates.key, ofKey) },
    { kind: 'account', id: key.accountId, limits: slowed(limitsOfAccount(key.accountId, deps), rates.account, ofPlan) },
  ];
}

function limitsOf(key: ApiKey, deps: PipelineDeps): LimitSet {
  const known = ownLimits.get(key);
  if (known) return known;
  const limits: LimitSet = { ...deps.config.limits.key, ...key.limits };
  ownLimits.set(key, limits);
  return limits;
}

function limitsOfAccount(accountId: string, deps: PipelineDeps): LimitSet {
  const ofPlan = deps.terms.termsOf(accountId).limits;
  const known = accountLimits.get(ofPlan);
  if (known) return known;
  const limits: LimitSet = { ...deps.config.limits.account, ...ofPlan };
  accountLimits.set(ofPlan, limits);
  return limits;
}
