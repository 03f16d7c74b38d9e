import type { ApiKey } from '../../accounts/index.ts';
import type { LimitSubject } from '../../capacity/index.ts';
import type { LimitSet } from '../../config/config.ts';
import type { Effects } from '../../enforcement/index.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { PipelineDeps } from './deps.ts';
import type { Ask } from './job.ts';
import { redressOf } from './stopped.ts';

/** Percent of the usual rate that sanctions leave to each of whom a request counts against; 100 is all of it. */
export interface Rates {
  readonly key: number;
  readonly account: number;
  readonly app: number;
  readonly endUser: number;
  /** Of the gravest; null where nothing is taken. */
  readonly decisionId: string | null;
}

const UNTHROTTLED: Rates = { key: 100, account: 100, app: 100, endUser: 100, decisionId: null };
/** No key has this id: what is in force for it is in force for all of the account or app. */
const ANY_KEY = '';

type EffectsDeps = Pick<PipelineDeps, 'enforcement' | 'redress'>;

/** What the sanctions in force do to this request; null where they do nothing. A few look-ups in memory. */
export function effectsOn(
  key: ApiKey,
  app: string | null,
  endUser: string | null,
  { enforcement }: EffectsDeps,
): Effects | null {
  return enforcement === null ? null : enforcement.effectsOf({ id: key.id, accountId: key.accountId, app }, endUser);
}

/** Who is throttled by what: each sanction slows its own unit and nobody beside it. */
export function ratesOf(
  key: ApiKey,
  app: string | null,
  endUser: string | null,
  { enforcement, redress }: EffectsDeps,
): Rates {
  const all = effectsOn(key, app, endUser, { enforcement, redress });
  if (enforcement === null || all === null || all.ratePercent === 100) return UNTHROTTLED;
  const { accountId } = key;
  const percent = (id: string, ofApp: string | null, ofUser: string | null) =>
    enforcement.effectsOf({ id, accountId, app: ofApp }, ofUser)?.ratePercent ?? 100;
  const account = percent(ANY_KEY, null, null);
  const own = (ofUnit: number) => (ofUnit < account ? ofUnit : 100);
  return {
    account,
    key: own(percent(key.id, null, null)),
    app: app === null ? 100 : own(percent(ANY_KEY, app, null)),
    endUser: endUser === null ? 100 : own(percent(ANY_KEY, null, endUser)),
    decisionId: all.decisionId,
  };
}

/**
 * Limits at a share of what they were.
 *
 * @param usual requests a minute the share of requests is taken of: those somebody was given, and not the ceiling for all
 */
export function slowed(limits: LimitSet, percent: number, usual: number): LimitSet {
  if (percent === 100) return limits;
  const shareOf = (limit: number) => Math.max(1, Math.floor((limit * percent) / 100));
  return {
    ...limits,
    requestsPerMinute: Math.min(shareOf(usual), limits.requestsPerMinute ?? Infinity),
    ...(limits.tokensPerMinute !== undefined && { tokensPerMinute: shareOf(limits.tokensPerMinute) }),
  };
}

/** The end user a request counts against; none where nothing slows them. */
export function slowedEndUser(
  accountId: string,
  endUser: string | null,
  { endUser: percent }: Rates,
  usualRequestsPerMinute: number,
): LimitSubject[] {
  if (endUser === null || percent === 100) return [];
  return [{ kind: 'end_user', id: `${accountId} ${endUser}`, limits: slowed({}, percent, usualRequestsPerMinute) }];
}

/** A refusal for a limit that a sanction lowered names the decision. */
export function withDecision(refused: Refusal, { decisionId }: Rates, deps: EffectsDeps): Refusal {
  return decisionId === null ? refused : { ...refused, redress: redressOf(decisionId, deps) };
}

/** What of a request a sanction takes away; null where it may go on. */
export function restriction(
  ask: Ask,
  model: Model,
  effects: Effects,
  deps: EffectsDeps & Pick<PipelineDeps, 'router'>,
): Refusal | null {
  const redress = redressOf(effects.decisionId, deps);
  if (effects.withoutModels.includes(ask.model)) {
    return refusal('model_restricted', { model: ask.model }, { param: 'model', redress });
  }
  if (effects.withoutTools && ask.toolNames.length > 0)
    return refusal('tools_restricted', {}, { param: 'tools', redress });
  if (!effects.smallModelsOnly || model.config.small) return null;
  const small = [...deps.router.models.values()].filter(({ config }) => config.small).map(({ alias }) => alias);
  // Without a small model there is nothing to point to: the rate alone is what is felt.
  if (small.length === 0) return null;
  const models = small.slice(0, NAMED_MAX).join(', ');
  return refusal('small_models_only', { model: ask.model, models }, { param: 'model', redress });
}

const NAMED_MAX = 10;

/** A model without those that stand in for it: what is taken away does not come back as a fallback. */
export function withoutFallbacks(model: Model, effects: Effects | null): Model {
  const isRestricted = effects !== null && (effects.smallModelsOnly || effects.withoutModels.length > 0);
  return isRestricted && model.tiers.length > 1 ? { ...model, tiers: model.tiers.slice(0, 1) } : model;
}
