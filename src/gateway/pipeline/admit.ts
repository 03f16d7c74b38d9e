import type { ApiKey } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { LimitSubject, Permit } from '../../capacity/index.ts';
import type { LimitSet } from '../../config/config.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import { explainLimit, RETRY_SOON_MS } from './explain.ts';
import type { Ask } from './job.ts';

/** Turns away what would be refused anyway, before its body is read. */
export function admitEarly(call: Call, key: ApiKey, deps: PipelineDeps): Refusal | null {
  const early = openToNew(deps);
  if (early) return early;
  const refused = deps.limits.refusal([keySubject(key, deps), accountSubject(key, deps)], 0);
  return refused ? explainLimit(refused, 0, call.language) : null;
}

/**
 * The same for what asks no model. It takes no place, so a lack of places does not refuse it: whoever has as much in
 * flight as is allowed must still be able to cancel some of it.
 */
export function admitSimple(call: Call, key: ApiKey, deps: PipelineDeps): Refusal | null {
  if (deps.draining()) return openToNew(deps);
  const subjects = [keySubject(key, deps), accountSubject(key, deps)].map(withoutPlaces);
  const refused = deps.limits.refusal(subjects, 0);
  return refused ? explainLimit(refused, 0, call.language) : null;
}

function withoutPlaces(subject: LimitSubject): LimitSubject {
  const { concurrency: _, ...rates } = subject.limits;
  return { ...subject, limits: rates };
}

/** Whether anything new is taken at all. */
function openToNew(deps: PipelineDeps): Refusal | null {
  const seconds = RETRY_SOON_MS / 1_000;
  if (deps.draining()) return refusal('draining', { seconds }, { retryAfterMs: RETRY_SOON_MS });
  if (deps.live.count() < deps.config.server.inFlightMax) return null;
  return refusal('overloaded', { seconds }, { retryAfterMs: RETRY_SOON_MS });
}

/** Counts the request and its tokens against key, app, account and model: all of them or none. */
export function admit(
  call: Call,
  key: ApiKey,
  app: string | null,
  model: Model,
  tokens: number,
  deps: PipelineDeps,
): Result<Permit, Refusal> {
  // Bodies take time to arrive: what was true before may not be now.
  const closed = openToNew(deps);
  if (closed) return refuse(closed);
  const subjects = [keySubject(key, deps), accountSubject(key, deps)];
  if (app !== null) subjects.push({ kind: 'app', id: `${key.accountId}/${app}`, limits: deps.config.limits.app });
  subjects.push({ kind: 'model', id: model.alias, limits: model.config.limits });
  const admitted = deps.limits.admit(subjects, tokens);
  return admitted.ok ? ok(admitted.value) : refuse(explainLimit(admitted.refusal, tokens, call.language));
}

/** Tokens of output to reserve: what such answers tend to take, never more than is allowed. */
export function reserveOutput(key: ApiKey, ask: Ask, model: Model, deps: PipelineDeps): number {
  if (!ask.output) return 0;
  const most = Math.min(ask.output.maxTokens ?? model.config.maxOutputTokens, model.config.maxOutputTokens);
  return ask.output.choices * deps.forecast.forecast(key.id, model.alias, most);
}

const keyLimits = new WeakMap<ApiKey, LimitSet>();

function keySubject(key: ApiKey, deps: PipelineDeps): LimitSubject {
  const known = keyLimits.get(key);
  if (known) return { kind: 'key', id: key.id, limits: known };
  const limits: LimitSet = { ...deps.config.limits.key, ...key.limits };
  keyLimits.set(key, limits);
  return { kind: 'key', id: key.id, limits };
}

function accountSubject(key: ApiKey, deps: PipelineDeps): LimitSubject {
  return { kind: 'account', id: key.accountId, limits: deps.config.limits.account };
}
