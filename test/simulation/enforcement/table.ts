/** The report as somebody reads it at a terminal. */
import type { EnforcementReport } from '../../../src/enforcement/simulation-report/contract.ts';

type Run = EnforcementReport['runs'][number];

export function tableOf(report: EnforcementReport): string {
  const lines = [
    `Enforcement, simulated: ${report.populations.name}, scale ${report.scale}, seeds ${report.runs.map(({ seed }) => seed).join(', ')}`,
    '',
    ...report.bars.map(({ name, mean, worst, at_least: least, at_most: most, met }) => {
      const limit = least === undefined ? `at most ${most}` : `at least ${least}`;
      return `${met ? 'met   ' : 'MISSED'}  ${name.padEnd(44)} ${limit.padEnd(16)} worst ${shown(worst)}, mean ${shown(mean)}`;
    }),
    ...report.runs.flatMap(linesOf),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf({ seed, seconds, figures }: Run): string[] {
  const { ordinary, harm, returning, review, certificates } = figures;
  const heavy = Object.entries(figures.heavy_by_cohort);
  return [
    '',
    `Seed ${seed}, ${seconds.toFixed(0)} s`,
    'Requests until stopped             people   median      p90   minutes  never',
    ...[...heavy, ['mild', figures.mild] as const].map(
      ([name, one]) =>
        `  ${name.padEnd(32)} ${String(one.people).padStart(6)} ${shown(one.requests_median).padStart(8)} ${shown(one.requests_p90).padStart(8)} ${shown(one.minutes_median).padStart(9)}  ${shown(one.never)}`,
    ),
    'People by the highest step',
    ...(['ordinary', 'declared_researchers', 'undeclared_researchers'] as const).map((name) => {
      const { people, highest } = figures[name];
      return `  ${name.padEnd(24)} ${people}: ${Object.entries(highest)
        .filter(([, count]) => count > 0)
        .map(([step, count]) => `${step} ${count}`)
        .join(', ')}`;
    }),
    `  ordinary per 10,000: throttled or beyond ${shown(ordinary.throttled_per_10k)}, cooled off or beyond ${shown(ordinary.cooled_off_per_10k)}, suspended ${ordinary.suspended}`,
    `Harm per 10,000 ordinary people ${shown(harm.all.per_10k)}, worst ${harm.worst_group ?? '-'} ${shown(harm.worst_per_10k)}; hours blocked ${shown(harm.all.blocked_hours_per_10k)}`,
    ...Object.entries(harm.by_group).map(([group, one]) => `  ${group.padEnd(24)} ${shown(one.per_10k)}`),
    ...figures.shared_accounts.map(
      (one) =>
        `Shared ${one.name}: ${one.accounts} accounts, ${one.end_users} end users; accounts stopped ${one.accounts_stopped}, honest end users stopped per 10,000 ${shown(one.honest_end_users_stopped_per_10k)}, the bad one after ${shown(one.bad_end_user_requests_median)} requests`,
    ),
    ...figures.rings.map(
      (one) =>
        `Ring level ${one.level}: ${one.accounts} accounts, served ${shown(one.served_share)} of ${one.planned_requests}; by operator ${one.stopped_by['operator']}, by account ${one.stopped_by['account']}, never ${one.stopped_by['never']}; first operator sanction after ${shown(one.requests_until_operator)} requests, ${shown(one.minutes_until_operator)} minutes; honest stopped ${one.honest_stopped}`,
    ),
    ...(returning === null
      ? []
      : [
          `Returns ${returning.returns}, matched ${JSON.stringify(returning.matched)}, likely ${JSON.stringify(returning.matched_likely)}`,
          `  honest newcomers matched per 10,000: likely ${shown(returning.honest_matched_per_10k.likely)}, possible ${shown(returning.honest_matched_per_10k.possible)}; of ${returning.housemates} housemates: likely ${returning.housemates_matched.likely}, possible ${returning.housemates_matched.possible}`,
        ]),
    `Signals ${review.signals}, second readings ${review.second_readings}, cases ${review.cases}, appeals ${review.appeals}, overturned ${review.overturned} (wrongly ${review.overturned_wrongly}), upheld wrongly ${review.upheld_wrongly}`,
    `Certificates: ${certificates.ordinary_certified} of ${certificates.ordinary_people} ordinary people stopped with one (${shown(certificates.observed)}), bound ${shown(certificates.bound)}`,
    ...Object.entries(figures.baselines).map(
      ([name, one]) =>
        `Baseline ${name}: ordinary banned ${shown(one.ordinary_banned)}, declared ${shown(one.declared_researchers_banned)}, undeclared ${shown(one.undeclared_researchers_banned)}; mild after ${shown(one.mild_requests_median)}, heavy after ${shown(one.heavy_requests_median)}`,
    ),
  ];
}

function shown(value: number | null): string {
  if (value === null) return 'never';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
