import { short } from './checks.ts';
import type { Finding } from './problem.ts';
import { suggestion } from './suggest.ts';
import type { VestingEntry } from './schema/vesting.ts';
import { nanoOf } from './schema/usd.ts';

/** What somebody has shown of themselves; a prepaid card costs little and shows little. */
export type ProofKind = 'mail' | 'proof_of_work' | 'passkey' | 'phone' | 'card_prepaid' | 'organisation' | 'card';

/** On what conditions sign-up credit is released. Amounts in nano-dollars. */
export interface VestingConfig {
  /** Clean days of use before each tranche begins; later tranches need as many as the last. */
  readonly cleanDays: readonly number[];
  /** Most that one clean day releases of a tranche after the first. */
  readonly part: bigint;
  /** Free credit burned without paying after which a part is half as large; null: parts stay as they are. */
  readonly halving: bigint | null;
  /** What a doubtful sign-up gets of the first tranche, and each further account of one operator of the shared credit. */
  readonly entry: bigint;
  /** Most an operator is given in all, by the best of what they have shown. */
  readonly ceilings: Readonly<Record<ProofKind, bigint>>;
  /** Model aliases it may be spent on; null: all. */
  readonly models: readonly string[] | null;
  /** How far a dollar that was spent of credit somebody bought lifts the ceiling. */
  readonly perPaidDollar: bigint;
  /** Clean days that showing something counts for. */
  readonly proofDays: Readonly<Partial<Record<ProofKind, number>>>;
  /** Most that all accounts that show the same thing are given together above the ceiling of mail. */
  readonly shared: Readonly<Partial<Record<ProofKind, bigint>>>;
  /** Sign-ups of one cohort (a mail domain, a network) in a day that get the whole first tranche. */
  readonly cohortEntriesPerDay: number;
  readonly cleanDay: {
    readonly requests: number;
    /** In different hours of the day. */
    readonly hours: number;
    /** Share of requests that moderation may have flagged, in basis points. */
    readonly flaggedBp: number;
    /** Share of what was there at the start of the day that may be burned, in basis points. */
    readonly spentBp: number;
  };
  readonly pace: { readonly most: bigint; readonly windowMs: number };
  readonly breaker: {
    /** The least that is forecast for an hour. */
    readonly floor: bigint;
    /** Burn of an hour over its forecast, in basis points. */
    readonly openBp: number;
    readonly closeBp: number;
    /** How long burn must stay below before it closes. */
    readonly closeAfterMs: number;
  };
}

export function assembleVesting(entry: VestingEntry, models: readonly string[], found: Finding[]): VestingConfig {
  const { ceilings_usd: ceilings, shared_usd: shared, proof_days: days, clean_day: day, breaker } = entry;
  if (nanoOf(entry.part_usd) === 0n) {
    found.push({
      path: ['vesting', 'part_usd'],
      at: 'value',
      message: 'is 0, so nothing but the first tranche would ever be released',
      fix: 'Write an amount such as 1; to give no more than one tranche, set `plans.free.signup_tranches_usd`.',
    });
  }
  for (const [at, name] of (entry.models ?? []).entries()) {
    if (models.includes(name)) continue;
    const fix = suggestion(name, models, 'Models');
    found.push({ path: ['vesting', 'models', at], at: 'value', message: `no model is called '${short(name)}'`, fix });
  }
  if (breaker.close_ratio > breaker.open_ratio) {
    found.push({
      path: ['vesting', 'breaker', 'close_ratio'],
      at: 'value',
      message: 'is above open_ratio, so the breaker would open and close in turns',
      fix: 'Write a smaller number.',
    });
  }
  return {
    cleanDays: entry.clean_days,
    part: nanoOf(entry.part_usd),
    halving: entry.halving_usd === null ? null : nanoOf(entry.halving_usd),
    entry: nanoOf(entry.entry_usd),
    ceilings: {
      mail: nanoOf(ceilings.mail),
      proof_of_work: nanoOf(ceilings.proof_of_work),
      passkey: nanoOf(ceilings.passkey),
      phone: nanoOf(ceilings.phone),
      card_prepaid: nanoOf(ceilings.card_prepaid),
      organisation: nanoOf(ceilings.organisation),
      card: nanoOf(ceilings.card),
    },
    models: entry.models,
    perPaidDollar: nanoOf(entry.per_paid_dollar_usd),
    proofDays: { phone: days.phone, card_prepaid: days.card_prepaid, organisation: days.organisation, card: days.card },
    shared: {
      phone: nanoOf(shared.phone),
      card_prepaid: nanoOf(shared.card),
      organisation: nanoOf(shared.organisation),
      card: nanoOf(shared.card),
    },
    cohortEntriesPerDay: entry.cohort_entries_per_day,
    cleanDay: {
      requests: day.requests,
      hours: day.hours,
      flaggedBp: basisPoints(day.flagged_share),
      spentBp: basisPoints(day.spent_share),
    },
    pace: { most: nanoOf(entry.pace.usd), windowMs: entry.pace.window_ms },
    breaker: {
      floor: nanoOf(breaker.floor_usd_per_hour),
      openBp: basisPoints(breaker.open_ratio),
      closeBp: basisPoints(breaker.close_ratio),
      closeAfterMs: breaker.close_after_ms,
    },
  };
}

function basisPoints(ratio: number): number {
  return Math.round(ratio * 10_000);
}
