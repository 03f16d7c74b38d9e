/** From what became of everybody to the figures of the report. */
import type { EnforcementFigures } from '../../../../src/enforcement/simulation-report/contract.ts';
import type { Counts } from '../engine/bench.ts';
import type { ReturningFigures } from '../runs/returning.ts';
import type { RingFigures } from '../runs/ring.ts';
import type { SharedFigures } from '../runs/shared-account.ts';
import { atLeast, emptyTally, quantileOf, type SoloFigures, type Tally } from '../runs/solo-cohort.ts';

export interface Outcomes {
  readonly solo: readonly SoloFigures[];
  readonly shared: readonly SharedFigures[];
  readonly rings: readonly RingFigures[];
  readonly returning: ReturningFigures | null;
}

type UntilBlocked = EnforcementFigures['mild'];
type Standing = EnforcementFigures['ordinary'];

export function figuresOf({ solo, shared, rings, returning }: Outcomes): EnforcementFigures {
  const of = (role: SoloFigures['role']): SoloFigures[] => solo.filter((one) => one.role === role);
  return {
    heavy: untilBlocked(of('heavy')),
    heavy_by_cohort: Object.fromEntries(of('heavy').map((one) => [one.name, untilBlocked([one])])),
    mild: untilBlocked(of('mild')),
    ordinary: standing(of('ordinary')),
    declared_researchers: standing(of('declared')),
    undeclared_researchers: standing(of('undeclared')),
    shared_accounts: shared.map(({ name, accounts, end_users, ...one }) => ({
      name,
      accounts,
      end_users,
      accounts_stopped: one.accounts_stopped,
      honest_end_users_stopped_per_10k: one.honest_end_users_stopped_per_10k,
      bad_end_user_requests_median: quantileOf(one.bad_end_user_requests_until_blocked, 0.5),
    })),
    rings: [...rings],
    returning,
    harm: harmOf(of('ordinary')),
    review: reviewOf(solo),
    certificates: certificatesOf(of('ordinary')),
    baselines: {
      three_flags: baselineOf(of, 'three_flags'),
      one_stage_cusum: baselineOf(of, 'one_stage_cusum'),
    },
  };
}

function untilBlocked(cohorts: readonly SoloFigures[]): UntilBlocked {
  const requests = cohorts.flatMap((one) => one.requests_until_blocked);
  const never = requests.filter((one) => one === null).length;
  return {
    people: requests.length,
    requests_median: quantileOf(requests, 0.5),
    requests_p90: quantileOf(requests, 0.9),
    minutes_median: quantileOf(
      cohorts.flatMap((one) => one.minutes_until_blocked),
      0.5,
    ),
    never: requests.length === 0 ? null : never / requests.length,
  };
}

function merged(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const one of tallies) {
    all.people += one.people;
    all.requests += one.requests;
    all.harm += one.harm;
    all.blocked_hours += one.blocked_hours;
    for (const step of Object.keys(all.highest) as (keyof Tally['highest'])[]) all.highest[step] += one.highest[step];
  }
  return all;
}

function standing(cohorts: readonly SoloFigures[]): Standing {
  const all = merged(cohorts.map((one) => one.all));
  const suspended = atLeast(all, 'suspend');
  return {
    people: all.people,
    requests: all.requests,
    highest: all.highest,
    throttled_per_10k: per10k(atLeast(all, 'throttle'), all.people),
    cooled_off_per_10k: per10k(atLeast(all, 'cool_off'), all.people),
    suspended,
    suspended_share: all.people === 0 ? 0 : suspended / all.people,
  };
}

function harmOf(cohorts: readonly SoloFigures[]): EnforcementFigures['harm'] {
  const groups = [...new Set(cohorts.flatMap(({ by }) => Object.keys(by)))].sort();
  const byGroup = Object.fromEntries(
    groups.map((group) => [group, harmIn(merged(cohorts.flatMap(({ by }) => by[group] ?? [])))]),
  );
  const [worst] = Object.entries(byGroup).toSorted(([, a], [, b]) => b.per_10k - a.per_10k);
  return {
    all: harmIn(merged(cohorts.map((one) => one.all))),
    worst_group: worst?.[0] ?? null,
    worst_per_10k: worst?.[1].per_10k ?? null,
    by_group: byGroup,
  };
}

function harmIn({ people, harm, blocked_hours: hours }: Tally): EnforcementFigures['harm']['all'] {
  return { people, per_10k: per10k(harm, people), blocked_hours_per_10k: per10k(hours, people) };
}

function reviewOf(solo: readonly SoloFigures[]): EnforcementFigures['review'] {
  const sum = (name: keyof Counts): number => solo.reduce((all, { counts }) => all + counts[name], 0);
  return {
    signals: sum('signals'),
    second_readings: sum('second_readings'),
    cases: sum('cases'),
    decided_by_people: solo.reduce((all, one) => all + one.by_people, 0),
    appeals: sum('appeals'),
    overturned: sum('overturned'),
    overturned_wrongly: sum('overturned_wrongly'),
    upheld_wrongly: sum('upheld_wrongly'),
  };
}

function certificatesOf(cohorts: readonly SoloFigures[]): EnforcementFigures['certificates'] {
  const certified = cohorts.reduce((sum, one) => sum + one.certified.people, 0);
  const people = cohorts.reduce((sum, { all }) => sum + all.people, 0);
  return {
    ordinary_certified: certified,
    ordinary_people: people,
    observed: people === 0 ? 0 : certified / people,
    bound: certified === 0 ? null : Math.max(...cohorts.map((one) => one.certified.bound)),
  };
}

function baselineOf(
  of: (role: SoloFigures['role']) => readonly SoloFigures[],
  name: keyof SoloFigures['baselines'],
): EnforcementFigures['baselines'][string] {
  const banned = (role: SoloFigures['role']): number | null => {
    const cohorts = of(role);
    const people = cohorts.reduce((sum, { all }) => sum + all.people, 0);
    const all = cohorts.reduce((sum, one) => sum + (one.baselines[name].banned ?? 0) * one.all.people, 0);
    return people === 0 ? null : all / people;
  };
  const median = (role: SoloFigures['role']): number | null =>
    quantileOf(
      of(role).map((one) => one.baselines[name].requests_median),
      0.5,
    );
  return {
    ordinary_banned: banned('ordinary'),
    declared_researchers_banned: banned('declared'),
    undeclared_researchers_banned: banned('undeclared'),
    mild_requests_median: median('mild'),
    heavy_requests_median: median('heavy'),
  };
}

function per10k(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 10_000;
}
