import type { LimitSet } from './config.ts';
import type { Finding } from './problem.ts';
import type { PlanEntry } from './schema/plans.ts';
import { nanoOf } from './schema/usd.ts';

/** One plan, complete. Money in nano-dollars. */
export interface PlanConfig {
  /** `free`, `plus`, `business`, `enterprise`, or the operator's own. */
  readonly name: string;
  /** Fee for one seat; null when the plan cannot be had at that interval. A free plan costs 0. */
  readonly price: { readonly month: bigint | null; readonly year: bigint | null };
  /** Credit for each seat and month, which ends with the month. */
  readonly includedCredit: bigint;
  /** Credit given once at the start of the first plan of an account, in these tranches; empty: none. */
  readonly signupTranches: readonly bigint[];
  readonly seats: { readonly min: number; readonly max: number };
  readonly trialDays: number;
  /** On top of list prices, in basis points. */
  readonly marginBp: number;
  /** What becomes of the account once it has ended and no other began. */
  readonly whenOver: 'fall_back' | 'stop';
  /** Of the account, before the defaults of `limits.account`. */
  readonly limits: LimitSet;
}

/** The plan of accounts that have no other. */
export const DEFAULT_PLAN = 'free';

const NEW_PLAN: PlanConfig = {
  name: '',
  price: { month: null, year: null },
  includedCredit: 0n,
  signupTranches: [],
  seats: { min: 1, max: 1 },
  trialDays: 0,
  marginBp: 0,
  whenOver: 'fall_back',
  limits: {},
};

/** What stands where the file says nothing; fees in US dollars. */
const BUILT_IN: readonly PlanConfig[] = [
  {
    ...NEW_PLAN,
    name: 'free',
    price: price(0, null),
    signupTranches: [1, 2, 4, 6, 7].map(nanoOf),
  },
  { ...NEW_PLAN, name: 'plus', price: price(20, 204), includedCredit: nanoOf(5), trialDays: 7 },
  {
    ...NEW_PLAN,
    name: 'business',
    price: price(30, 300),
    includedCredit: nanoOf(10),
    seats: { min: 2, max: 500 },
    trialDays: 14,
  },
  {
    ...NEW_PLAN,
    name: 'enterprise',
    price: price(null, 720),
    includedCredit: nanoOf(20),
    seats: { min: 20, max: 100_000 },
  },
];

function price(month: number | null, year: number | null): PlanConfig['price'] {
  return { month: month === null ? null : nanoOf(month), year: year === null ? null : nanoOf(year) };
}

/** Every plan: those built in as the file changes them, and the file's own. `found` collects what does not fit together. */
export function assemblePlans(
  entries: Readonly<Record<string, PlanEntry>>,
  found: Finding[],
): Readonly<Record<string, PlanConfig>> {
  const plans = Object.create(null) as Record<string, PlanConfig>;
  for (const plan of BUILT_IN) plans[plan.name] = plan;
  for (const [name, entry] of Object.entries(entries)) {
    const plan = overlay(entry, plans[name] ?? { ...NEW_PLAN, name });
    plans[name] = plan;
    found.push(...checkPlan(plan));
  }
  return plans;
}

function overlay(entry: PlanEntry, base: PlanConfig): PlanConfig {
  return {
    name: base.name,
    price: {
      month: overlayUsd(entry.price_usd?.month, base.price.month),
      year: overlayUsd(entry.price_usd?.year, base.price.year),
    },
    includedCredit: entry.included_credit_usd === undefined ? base.includedCredit : nanoOf(entry.included_credit_usd),
    signupTranches: entry.signup_tranches_usd?.map(nanoOf) ?? base.signupTranches,
    seats: { min: entry.seats?.min ?? base.seats.min, max: entry.seats?.max ?? base.seats.max },
    trialDays: entry.trial_days ?? base.trialDays,
    marginBp: entry.margin_bp ?? base.marginBp,
    whenOver: entry.when_over ?? base.whenOver,
    limits: overlayLimits(entry.limits ?? {}, base.limits),
  };
}

function overlayUsd(written: string | number | null | undefined, base: bigint | null): bigint | null {
  if (written === undefined) return base;
  return written === null ? null : nanoOf(written);
}

function overlayLimits(entry: NonNullable<PlanEntry['limits']>, base: LimitSet): LimitSet {
  const pick = (written: number | null | undefined, standing: number | undefined) =>
    written === undefined ? standing : (written ?? undefined);
  const requestsPerMinute = pick(entry.requests_per_minute, base.requestsPerMinute);
  const tokensPerMinute = pick(entry.tokens_per_minute, base.tokensPerMinute);
  const concurrency = pick(entry.concurrency, base.concurrency);
  return {
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

function checkPlan(plan: PlanConfig): Finding[] {
  const found: Finding[] = [];
  const tell = (key: string, message: string, fix: string) =>
    found.push({ path: ['plans', plan.name, key], at: 'value', message, fix });
  const { month, year } = plan.price;
  if (month === null && year === null) {
    tell('price_usd', 'names no fee, so nobody can have this plan', 'Add `price_usd: { month: 20 }`, or 0 for free.');
  }
  if (plan.name === DEFAULT_PLAN && month !== 0n) {
    tell('price_usd', 'must be 0 by the month, because accounts without a plan are on it', 'Write `month: 0`.');
  }
  if (plan.seats.min > plan.seats.max) {
    tell('seats', `has a min of ${plan.seats.min} above its max of ${plan.seats.max}`, 'Raise max or lower min.');
  }
  if (plan.signupTranches.some((tranche) => tranche === 0n)) {
    tell('signup_tranches_usd', 'holds a part of 0', 'Remove it; an empty list gives nothing.');
  }
  return found;
}
