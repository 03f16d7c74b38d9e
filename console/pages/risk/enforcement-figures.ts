import type { EnforcementFigures, EnforcementReport } from '../../../src/enforcement/simulation-report/contract.ts';

type Value = number | null | undefined;

/** Of a figure over all seeds; null where no seed could tell. */
function meanOf({ runs }: EnforcementReport, figure: (figures: EnforcementFigures) => Value): number | null {
  const known = runs.flatMap(({ figures }) => figure(figures) ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export interface AbuserRow {
  readonly who: string;
  readonly people: number | null;
  readonly median: number | null;
  readonly p90: number | null;
  readonly minutes: number | null;
}

export function abuserRows(report: EnforcementReport): AbuserRow[] {
  const heavy = new Set(report.runs.flatMap(({ figures }) => Object.keys(figures.heavy_by_cohort)));
  return [...heavy, 'mild'].map((who) => {
    const of = (figures: EnforcementFigures) => (who === 'mild' ? figures.mild : figures.heavy_by_cohort[who]);
    return {
      who,
      people: meanOf(report, (figures) => of(figures)?.people),
      median: meanOf(report, (figures) => of(figures)?.requests_median),
      p90: meanOf(report, (figures) => of(figures)?.requests_p90),
      minutes: meanOf(report, (figures) => of(figures)?.minutes_median),
    };
  });
}

export interface HonestRow {
  readonly who: string;
  readonly people: number | null;
  /** Per 10,000. */
  readonly throttled: number | null;
  readonly cooled_off: number | null;
  readonly suspended: number | null;
}

const HONEST = ['ordinary', 'declared_researchers', 'undeclared_researchers'] as const;

export function honestRows(report: EnforcementReport): HonestRow[] {
  return HONEST.map((who) => ({
    who,
    people: meanOf(report, (figures) => figures[who].people),
    throttled: meanOf(report, (figures) => figures[who].throttled_per_10k),
    cooled_off: meanOf(report, (figures) => figures[who].cooled_off_per_10k),
    suspended: meanOf(report, (figures) => 10_000 * figures[who].suspended_share),
  }));
}

export interface RuleRow {
  readonly way: string;
  readonly banned: number | null;
  readonly banned_declared: number | null;
  readonly heavy_median: number | null;
}

/** The service first. */
export function ruleRows(report: EnforcementReport): RuleRow[] {
  const others = new Set(report.runs.flatMap(({ figures }) => Object.keys(figures.baselines)));
  const candor = {
    way: 'candor',
    banned: meanOf(report, ({ ordinary }) => ordinary.suspended_share),
    banned_declared: meanOf(report, ({ declared_researchers: declared }) => declared.suspended_share),
    heavy_median: meanOf(report, ({ heavy }) => heavy.requests_median),
  };
  return [
    candor,
    ...[...others].map((way) => ({
      way,
      banned: meanOf(report, ({ baselines }) => baselines[way]?.ordinary_banned),
      banned_declared: meanOf(report, ({ baselines }) => baselines[way]?.declared_researchers_banned),
      heavy_median: meanOf(report, ({ baselines }) => baselines[way]?.heavy_requests_median),
    })),
  ];
}
