/** How much of what hurts somebody has looked at today, and whether it is enough. In memory; days by the policy's offset. */
import type { Conduct } from '../conduct.ts';
import type { ReviewPolicy } from './policy.ts';
import type { Reviewer } from './routing.ts';

export interface Budget {
  readonly usedMs: number;
  readonly maxMs: number;
  readonly severeUsed: number;
  readonly severeMax: number;
  readonly streak: number;
  readonly streakMax: number;
  readonly streakConduct: Conduct | null;
  readonly resetsAtMs: number;
}

export interface Exposure {
  /** Somebody looked at what was written for so long. */
  looked(reviewerId: string, ms: number, atMs: number): void;
  /** A severe case was given to somebody; the same one counts once a day. */
  givenSevere(reviewerId: string, caseId: string, atMs: number): void;
  decided(reviewerId: string, conduct: Conduct, atMs: number): void;
  budgetOf(reviewer: Reviewer, nowMs: number): Budget;
  /** Forgets days that are over. */
  forget(nowMs: number): void;
}

interface Today {
  day: number;
  ms: number;
  severe: Set<string>;
  streak: number;
  streakConduct: Conduct | null;
  lastDecidedMs: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A pause of this length ends a streak. */
const BREAK_MS = 60 * MINUTE_MS;

export function createExposure(policy: ReviewPolicy): Exposure {
  const people = new Map<string, Today>();
  const offsetMs = policy.utcOffsetMinutes * MINUTE_MS;

  function todayOf(id: string, atMs: number): Today {
    const day = dayOf(atMs, policy);
    const known = people.get(id);
    if (known !== undefined && known.day >= day) return known;
    const fresh: Today = { day, ms: 0, severe: new Set(), streak: 0, streakConduct: null, lastDecidedMs: 0 };
    people.set(id, fresh);
    return fresh;
  }

  return {
    looked(id, ms, atMs) {
      todayOf(id, atMs).ms += ms;
    },
    givenSevere(id, caseId, atMs) {
      todayOf(id, atMs).severe.add(caseId);
    },
    decided(id, conduct, atMs) {
      const today = todayOf(id, atMs);
      const goesOn = today.streakConduct === conduct && atMs - today.lastDecidedMs < BREAK_MS;
      today.streak = goesOn ? today.streak + 1 : 1;
      today.streakConduct = conduct;
      today.lastDecidedMs = atMs;
    },
    budgetOf(reviewer, nowMs) {
      const day = dayOf(nowMs, policy);
      const known = people.get(reviewer.id);
      const today = known?.day === day ? known : null;
      const isStreak = today !== null && nowMs - today.lastDecidedMs < BREAK_MS;
      return {
        usedMs: today?.ms ?? 0,
        maxMs: (reviewer.minutesPerDay ?? policy.exposureMinutesPerDay) * MINUTE_MS,
        severeUsed: today?.severe.size ?? 0,
        severeMax: reviewer.severePerDay ?? policy.severePerDay,
        streak: isStreak ? today.streak : 0,
        streakMax: policy.rotateAfter,
        streakConduct: isStreak ? today.streakConduct : null,
        resetsAtMs: (day + 1) * DAY_MS - offsetMs,
      };
    },
    forget(nowMs) {
      const day = dayOf(nowMs, policy);
      for (const [id, today] of people) if (today.day < day) people.delete(id);
    },
  };
}

/** Days since 1970 where the people who review live. */
export function dayOf(atMs: number, policy: Pick<ReviewPolicy, 'utcOffsetMinutes'>): number {
  return Math.floor((atMs + policy.utcOffsetMinutes * MINUTE_MS) / DAY_MS);
}

/** Nothing severe is given to whoever has used up either. */
export function isUsedUp(budget: Budget): boolean {
  return budget.severeUsed >= budget.severeMax || budget.usedMs >= budget.maxMs;
}
