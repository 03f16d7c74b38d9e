import type { Figures, Report } from '../../../src/fraud/simulation-report/contract.ts';

type Value = number | null | undefined;

/** Of a figure over all seeds; null where no seed could tell. */
function meanOf(runs: Report['runs'], figure: (figures: Figures) => Value): number | null {
  return mean(runs.map(({ figures }) => figure(figures)));
}

function mean(values: readonly Value[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export interface LevelRow {
  readonly level: string;
  readonly recall: number | null;
  /** US dollars. */
  readonly extracted: number | null;
  readonly cost: number | null;
}

export function levelRows({ runs }: Report): LevelRow[] {
  const levels = new Set(runs.flatMap(({ figures }) => Object.keys(figures.links.recall.by_level)));
  return [...levels].map((level) => ({
    level,
    recall: meanOf(runs, ({ links }) => links.recall.by_level[level]),
    extracted: meanOf(runs, ({ credit }) => credit.extracted_usd_per_farmed_account[level]),
    cost: meanOf(runs, ({ credit }) => credit.attacker_cost_per_extracted_usd[level]),
  }));
}

export interface CohortRow {
  readonly cohort: string;
  readonly accounts: number | null;
  readonly first_answer: number | null;
  readonly wrong_link: number | null;
  readonly sanctioned: number | null;
  readonly delayed: number | null;
}

export function cohortRows({ runs }: Report): CohortRow[] {
  const cohorts = new Set(runs.flatMap(({ figures }) => Object.keys(figures.people.by_cohort)));
  return [...cohorts].map((cohort) => ({
    cohort,
    accounts: meanOf(runs, ({ people }) => people.by_cohort[cohort]?.accounts),
    first_answer: meanOf(runs, ({ people }) => people.by_cohort[cohort]?.first_answer_rate),
    wrong_link: meanOf(runs, ({ people }) => people.by_cohort[cohort]?.in_wrong_link_per_10k),
    sanctioned: meanOf(runs, ({ people }) => people.by_cohort[cohort]?.hard_sanctioned_per_10k),
    delayed: meanOf(runs, ({ people }) => people.by_cohort[cohort]?.delayed_per_10k),
  }));
}

export interface EgressFigures {
  readonly wrong: number | null;
  readonly missed: number | null;
  readonly networks: number | null;
  readonly shared: number | null;
}

/** How often shared networks are told wrongly: the other sides of precision and recall. */
export function egressFigures({ runs }: Report): EgressFigures {
  const precision = meanOf(runs, ({ shared_egress }) => shared_egress.precision);
  const recall = meanOf(runs, ({ shared_egress }) => shared_egress.recall);
  return {
    wrong: precision === null ? null : 1 - precision,
    missed: recall === null ? null : 1 - recall,
    networks: meanOf(runs, ({ shared_egress }) => shared_egress.prefixes),
    shared: meanOf(runs, ({ shared_egress }) => shared_egress.shared_prefixes),
  };
}

const COMPARED = {
  precision: ({ links }) => links.pair_precision,
  recall: ({ links }) => links.recall.all_farms,
  wrong: ({ people }) => people.legitimate_in_wrong_link_per_10k,
  first: ({ people }) => people.first_answer_rate.all,
  extracted: ({ credit }) => credit.extracted_usd_per_farmed_account['all'],
} as const satisfies Readonly<Record<string, (figures: Figures) => Value>>;

export interface WayRow {
  readonly figure: keyof typeof COMPARED;
  readonly candor: number | null;
  readonly per_address_cap: number | null;
  readonly shared_values: number | null;
}

/** The service beside simpler ways; none where they were left out. */
export function wayRows({ runs }: Report): WayRow[] {
  if (runs.every(({ baselines }) => Object.keys(baselines).length === 0)) return [];
  return (Object.keys(COMPARED) as (keyof typeof COMPARED)[]).map((figure) => {
    const of = (name: string) =>
      mean(
        runs.map(({ baselines }) => {
          const figures = baselines[name];
          return figures === undefined ? null : COMPARED[figure](figures);
        }),
      );
    return {
      figure,
      candor: meanOf(runs, COMPARED[figure]),
      per_address_cap: of('per_address_cap'),
      shared_values: of('shared_values'),
    };
  });
}
