/** Load and wellbeing of the people who review, for whoever looks after them; nobody is ranked by it. */
import type { StaffPerson } from './deps.ts';
import type { Desk } from './desk.ts';
import { type Budget, dayOf } from './exposure.ts';
import type { Reviewer } from './routing.ts';
import { readReveals, readReviews, type Reveal, type Review } from './store.ts';
import { holdsOf } from './working.ts';

export type Care = 'minutes_used_up' | 'severe_used_up' | 'streak' | 'late_hours' | 'severe_days' | 'overdue';

export interface DayOfWork {
  /** Days since 1970. */
  readonly day: number;
  readonly decided: number;
  readonly severe: number;
  readonly exposedMs: number;
}

export interface Wellbeing {
  readonly person: StaffPerson;
  readonly reviewer: Reviewer;
  readonly budget: Budget;
  readonly holds: number;
  readonly overdue: number;
  /** Seven, the oldest first. */
  readonly days: readonly DayOfWork[];
  /** Decisions of these days in the evening or at night. */
  readonly lateDecided: number;
  /** Days in a row with severe cases. */
  readonly severeDays: number;
  readonly care: readonly Care[];
}

const DAYS = 7;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The hours in which work is not late, where the people who review live. */
const FROM_HOUR = 7;
const TO_HOUR = 20;
const SEVERE_DAYS_MAX = 4;
const LATE_MAX = 10;

/** Everybody of the staff who may review or has reviewed lately. */
export async function wellbeingOf(desk: Desk): Promise<readonly Wellbeing[]> {
  const { storage, clock, policy } = desk.deps;
  const nowMs = clock.wallMs();
  const today = dayOf(nowMs, policy);
  const sinceMs = (today - DAYS + 1) * DAY_MS - policy.utcOffsetMinutes * 60_000;
  const reviews = Map.groupBy(await readReviews(storage.reader, sinceMs), ({ reviewer }) => reviewer);
  const reveals = Map.groupBy(await readReveals(storage.reader, sinceMs), ({ askedBy }) => askedBy);
  const people = [...desk.people().values()].filter(
    ({ id, mayReview, active }) => (mayReview && active) || reviews.has(id) || reveals.has(id),
  );
  return people.map((person) => {
    const reviewer = desk.reviewer(person.id);
    const budget = desk.exposure.budgetOf(reviewer, nowMs);
    const held = holdsOf(desk, person.id);
    const overdue = held.filter(({ dueMs }) => dueMs <= nowMs).length;
    const theirs = reviews.get(person.id) ?? [];
    const days = daysOf(theirs, reveals.get(person.id) ?? [], today, policy);
    const lateDecided = theirs.filter(({ atMs }) => isLate(atMs, policy.utcOffsetMinutes)).length;
    const severeDays = severeInARow(days);
    const figures = { person, reviewer, budget, holds: held.length, overdue, days, lateDecided, severeDays };
    return { ...figures, care: careFor(figures) };
  });
}

function daysOf(
  reviews: readonly Review[],
  reveals: readonly Reveal[],
  today: number,
  policy: { readonly utcOffsetMinutes: number },
): DayOfWork[] {
  return Array.from({ length: DAYS }, (_, at) => {
    const day = today - DAYS + 1 + at;
    const decided = reviews.filter(({ atMs }) => dayOf(atMs, policy) === day);
    const opened = reveals.filter(({ openedAtMs }) => openedAtMs !== null && dayOf(openedAtMs, policy) === day);
    return {
      day,
      decided: decided.length,
      severe: decided.filter(({ severe }) => severe).length,
      exposedMs: opened.reduce((sum, { lookedMs }) => sum + lookedMs, 0),
    };
  });
}

function isLate(atMs: number, utcOffsetMinutes: number): boolean {
  const hour = Math.floor(((((atMs + utcOffsetMinutes * 60_000) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
  return hour < FROM_HOUR || hour >= TO_HOUR;
}

/** Up to today; a day that has not brought any yet does not end it. */
function severeInARow(days: readonly DayOfWork[]): number {
  const past = days.at(-1)?.severe === 0 ? days.slice(0, -1) : days;
  const lastWithout = past.findLastIndex(({ severe }) => severe === 0);
  return past.length - 1 - lastWithout;
}

function careFor({ budget, lateDecided, severeDays, overdue }: Omit<Wellbeing, 'care'>): Care[] {
  const care: Care[] = [];
  if (budget.usedMs >= budget.maxMs) care.push('minutes_used_up');
  if (budget.severeUsed >= budget.severeMax) care.push('severe_used_up');
  if (budget.streak >= budget.streakMax) care.push('streak');
  if (lateDecided >= LATE_MAX) care.push('late_hours');
  if (severeDays >= SEVERE_DAYS_MAX) care.push('severe_days');
  if (overdue > 0) care.push('overdue');
  return care;
}
