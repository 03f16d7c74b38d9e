/** What enforcement promises, held against the figures of a run. */
import type { EnforcementFigures, EnforcementReport } from '../../../src/enforcement/simulation-report/contract.ts';
import type { Bar } from '../../../src/fraud/simulation-report/contract.ts';

interface Promised {
  readonly name: string;
  readonly value: (figures: EnforcementFigures) => number | null;
  readonly at_least?: number;
  readonly at_most?: number;
  /** What never came is no promise kept. */
  readonly mustCome?: true;
}

const PROMISED: readonly Promised[] = [
  { name: 'heavy_abusers_requests_median', value: ({ heavy }) => heavy.requests_median, at_most: 9, mustCome: true },
  { name: 'heavy_abusers_requests_p90', value: ({ heavy }) => heavy.requests_p90, at_most: 20, mustCome: true },
  { name: 'ordinary_people_suspended', value: ({ ordinary }) => ordinary.suspended, at_most: 0 },
  {
    name: 'declared_researchers_suspended',
    value: ({ declared_researchers: researchers }) => researchers.suspended_share,
    at_most: 0.002,
  },
  {
    name: 'returns_matched_levels_1_to_3',
    value: ({ returning }) => returning?.matched['1_to_3'] ?? null,
    at_least: 0.95,
  },
  { name: 'ring_level_3_served', value: ({ rings }) => ringAt('3', rings)?.served_share ?? null, at_most: 0.03 },
  {
    name: 'ring_level_3_stopped_as_operator',
    value: ({ rings }) => ringAt('3', rings)?.operator_sanctions ?? null,
    at_least: 1,
  },
  {
    name: 'shared_accounts_stopped_for_one_end_user',
    value: ({ shared_accounts: shared }) => shared.reduce((sum, one) => sum + one.accounts_stopped, 0),
    at_most: 0,
  },
];

function ringAt(level: string, rings: EnforcementFigures['rings']): EnforcementFigures['rings'][number] | undefined {
  return rings.find((ring) => ring.level === level);
}

export function barsOf(figures: EnforcementFigures): Bar[] {
  return PROMISED.map((promised) => {
    const { value: of, mustCome: _, ...bar } = promised;
    const value = of(figures);
    return { ...bar, value, met: meets(value, promised) };
  });
}

export function overall(runs: EnforcementReport['runs']): EnforcementReport['bars'] {
  return PROMISED.map((promised) => {
    const { value: of, mustCome: _, ...bar } = promised;
    const values = runs.map(({ figures }) => of(figures));
    const known = values.flatMap((value) => value ?? []);
    const worst = known.length === 0 ? null : promised.at_most === undefined ? Math.min(...known) : Math.max(...known);
    const mean = known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
    return { ...bar, mean, worst, met: values.every((value) => meets(value, promised)) };
  });
}

function meets(
  value: number | null,
  { at_least = Number.NEGATIVE_INFINITY, at_most = Number.POSITIVE_INFINITY, mustCome }: Promised,
): boolean {
  return value === null ? mustCome !== true : value >= at_least && value <= at_most;
}
