/** What became of people who mean it. */
import type { RefusedTry, SimulatedAccount } from '../account.ts';
import { type Groups, ownerOf, ratio } from './links.ts';

export interface CohortFigures {
  readonly accounts: number;
  /** Together with somebody else's account in one operator, per 10,000; households are no somebody else. */
  readonly in_wrong_link_per_10k: number;
  readonly hard_sanctioned_per_10k: number;
  /** Had a try that got nothing before the first tranche was used, per 10,000. */
  readonly delayed_per_10k: number;
  /** Got an answer to their first question within their patience. */
  readonly first_answer_rate: number | null;
  /** Those who did not, by why. */
  readonly first_try_failed: Readonly<Record<string, number>>;
}

export interface PeopleFigures {
  readonly legitimate_in_wrong_link_per_10k: number;
  readonly legitimate_hard_sanctioned: number;
  readonly legitimate_hard_sanctioned_per_10k: number;
  readonly legitimate_delayed_per_10k: number;
  /** Linked to the account of another of their household, per 10,000. */
  readonly household_linked_per_10k: number;
  readonly first_answer_rate: {
    readonly all: number | null;
    readonly worst_cohort: number | null;
    readonly worst: string | null;
  };
  readonly by_cohort: Readonly<Record<string, CohortFigures>>;
}

export function peopleFigures(
  accounts: readonly SimulatedAccount[],
  refused: readonly RefusedTry[],
  groups: Groups,
): PeopleFigures {
  const honest = accounts.filter(({ truth }) => truth.intent === 'legitimate');
  const wrong = wronglyLinked(honest, groups);
  const turnedAway = refused.filter(({ truth }) => truth.intent === 'legitimate');
  const cohorts = Map.groupBy(honest, ({ truth }) => truth.cohort);
  const names = new Set([...cohorts.keys(), ...turnedAway.map(({ truth }) => truth.cohort)]);
  const figures = [...names].map((name) => {
    const away = turnedAway.filter(({ truth }) => truth.cohort === name).length;
    return [name, cohortFigures(cohorts.get(name) ?? [], away, wrong)] as const;
  });
  const rated = figures.filter(([, { first_answer_rate: rate }]) => rate !== null);
  const [worst] = rated.toSorted(([, a], [, b]) => (a.first_answer_rate ?? 1) - (b.first_answer_rate ?? 1));
  const all = cohortFigures(honest, turnedAway.length, wrong);
  return {
    legitimate_in_wrong_link_per_10k: all.in_wrong_link_per_10k,
    legitimate_hard_sanctioned: honest.filter(({ sanctionedAtMs }) => sanctionedAtMs !== null).length,
    legitimate_hard_sanctioned_per_10k: all.hard_sanctioned_per_10k,
    legitimate_delayed_per_10k: all.delayed_per_10k,
    household_linked_per_10k: per10k(honest.filter((one) => isWithHousehold(one, groups)).length, honest.length),
    first_answer_rate: {
      all: all.first_answer_rate,
      worst_cohort: worst?.[1].first_answer_rate ?? null,
      worst: worst?.[0] ?? null,
    },
    by_cohort: Object.fromEntries(figures),
  };
}

function cohortFigures(accounts: readonly SimulatedAccount[], away: number, wrong: ReadonlySet<string>): CohortFigures {
  const tried = accounts.filter(({ firstTry }) => firstTry !== null);
  const failed: Record<string, number> = away > 0 ? { turned_away: away } : {};
  for (const { firstTry } of tried)
    if (firstTry !== null && firstTry !== 'answered') failed[firstTry] = (failed[firstTry] ?? 0) + 1;
  const answered = tried.filter(({ firstTry }) => firstTry === 'answered').length;
  return {
    accounts: accounts.length,
    in_wrong_link_per_10k: per10k(accounts.filter(({ id }) => wrong.has(id)).length, accounts.length),
    hard_sanctioned_per_10k: per10k(
      accounts.filter(({ sanctionedAtMs }) => sanctionedAtMs !== null).length,
      accounts.length,
    ),
    delayed_per_10k: per10k(accounts.filter(({ emptyTries }) => emptyTries > 0).length, accounts.length),
    first_answer_rate: ratio(answered, tried.length + away),
    first_try_failed: failed,
  };
}

function wronglyLinked(honest: readonly SimulatedAccount[], { operatorOf, groups }: Groups): Set<string> {
  const mixed = new Map<string, boolean>();
  for (const [operator, group] of groups) mixed.set(operator, new Set(group.map(ownerOf)).size > 1);
  return new Set(honest.filter(({ id }) => mixed.get(operatorOf.get(id) ?? id) === true).map(({ id }) => id));
}

function isWithHousehold(account: SimulatedAccount, { operatorOf, groups }: Groups): boolean {
  const { household, operator } = account.truth;
  if (household === null) return false;
  const group = groups.get(operatorOf.get(account.id) ?? account.id) ?? [];
  return group.some(({ truth }) => truth.household === household && truth.operator !== operator);
}

function per10k(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 10_000;
}
