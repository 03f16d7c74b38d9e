/** What the front door promises, held against the figures of a run. */
import type { Bar, Figures, Report, SimulatedRun } from '../../../src/fraud/simulation-report/contract.ts';

interface Promised {
  readonly name: string;
  readonly value: (figures: Figures) => number | null;
  readonly at_least?: number;
  readonly at_most?: number;
}

/** Free credit that a farm may get out of an account, US dollars, at every level. */
const EXTRACTED_MOST_USD = 1.6;

const PROMISED: readonly Promised[] = [
  { name: 'link_precision', value: ({ links }) => links.precision, at_least: 0.995 },
  { name: 'link_recall_all_farms', value: ({ links }) => links.recall.all_farms, at_least: 0.7 },
  { name: 'link_recall_levels_1_to_3', value: ({ links }) => links.recall.levels_1_to_3, at_least: 0.95 },
  {
    name: 'legitimate_in_wrong_link_per_10k',
    value: ({ people }) => people.legitimate_in_wrong_link_per_10k,
    at_most: 5,
  },
  { name: 'legitimate_hard_sanctioned', value: ({ people }) => people.legitimate_hard_sanctioned, at_most: 0 },
  ...['1', '2', '3', '4', 'adaptive', 'plain_names'].map((level) => ({
    name: `extracted_usd_per_farmed_account_level_${level}`,
    value: ({ credit }: Figures) => credit.extracted_usd_per_farmed_account[level] ?? null,
    at_most: EXTRACTED_MOST_USD,
  })),
  {
    name: 'first_answer_rate_worst_cohort',
    value: ({ people }) => people.first_answer_rate.worst_cohort,
    at_least: 0.99,
  },
];

export function barsOf(figures: Figures): Bar[] {
  return PROMISED.map((promised) => {
    const { value: of, ...bar } = promised;
    const value = of(figures);
    return { ...bar, value, met: meets(value, promised) };
  });
}

export function overall(runs: readonly SimulatedRun[]): Report['bars'] {
  return PROMISED.map((promised) => {
    const { value: of, ...bar } = promised;
    const values = runs.flatMap(({ figures }) => of(figures) ?? []);
    const worst =
      values.length === 0 ? null : promised.at_most === undefined ? Math.min(...values) : Math.max(...values);
    const mean = values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
    return { ...bar, mean, worst, met: meets(worst, promised) };
  });
}

/** What does not occur in the populations breaks no promise. */
function meets(
  value: number | null,
  { at_least = Number.NEGATIVE_INFINITY, at_most = Number.POSITIVE_INFINITY }: Promised,
): boolean {
  return value === null || (value >= at_least && value <= at_most);
}
