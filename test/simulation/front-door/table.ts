/** A report as people read it in a terminal. */
import type { Figures, Report, SimulatedRun } from '../../../src/fraud/simulation-report/contract.ts';

const NAME_CHARS = 46;
const VALUE_CHARS = 14;

export function tableOf(report: Report): string {
  const { populations, sign_ups: signUps, settings, runs, bars } = report;
  const lines = [
    `Front door: ${signUps} sign-ups over ${populations.days} days, populations '${populations.name}'${settings.length > 0 ? `, with ${settings.join(', ')}` : ''}`,
    ...runs.flatMap(runLines),
  ];
  if (runs.length > 1) {
    lines.push('', row('over all seeds', ['mean', 'worst', 'promised']));
    for (const one of bars)
      lines.push(row(`${one.met ? ' ' : '!'} ${one.name}`, [text(one.mean), text(one.worst), promiseOf(one)]));
  }
  return `${lines.join('\n')}\n`;
}

function runLines({ seed, seconds, bars, figures, baselines }: SimulatedRun): string[] {
  const columns = [figures, ...Object.values(baselines)];
  const names = ['candor', ...Object.keys(baselines)];
  return [
    '',
    `Seed ${seed}: ${figures.sign_ups.made} accounts, ${figures.sign_ups.legitimate} of honest people, ${figures.sign_ups.farmed} farmed by ${figures.sign_ups.rings} rings; ${seconds.toFixed(1)} s`,
    '',
    row('promised', ['candor', 'bar']),
    ...bars.map((bar) => row(`${bar.met ? ' ' : '!'} ${bar.name}`, [text(bar.value), promiseOf(bar)])),
    '',
    row('figure', names),
    ...FIGURES.map(([name, of]) =>
      row(
        name,
        columns.map((one) => text(of(one))),
      ),
    ),
    '',
    row('cohort', ['first answer', 'wrong link', 'sanctioned', 'delayed', 'accounts']),
    ...Object.entries(figures.people.by_cohort).map(([name, one]) =>
      row(name, [
        text(one.first_answer_rate),
        text(one.in_wrong_link_per_10k),
        text(one.hard_sanctioned_per_10k),
        text(one.delayed_per_10k),
        String(one.accounts),
      ]),
    ),
  ];
}

const LEVELS = ['1', '2', '3', '4', 'adaptive', 'plain_names', 'unseen'];

const FIGURES: readonly (readonly [name: string, of: (figures: Figures) => number | null])[] = [
  ['link precision', ({ links }) => links.precision],
  ['wrong hard links', ({ links }) => links.wrong_links],
  ['links inside households', ({ links }) => links.household_links],
  ['soft link precision', ({ links }) => links.soft_precision],
  ['pair precision', ({ links }) => links.pair_precision],
  ['pair recall', ({ links }) => links.pair_recall],
  ['B-cubed precision', ({ links }) => links.b_cubed_precision],
  ['B-cubed recall', ({ links }) => links.b_cubed_recall],
  ['recall, all farms', ({ links }) => links.recall.all_farms],
  ['recall, levels 1 to 3', ({ links }) => links.recall.levels_1_to_3],
  ...LEVELS.map((level) => [`recall, ${level}`, ({ links }: Figures) => links.recall.by_level[level] ?? null] as const),
  ...['5_to_20', '20_to_100', '100_to_1000', 'over_1000'].map(
    (size) =>
      [
        `recall, rings of ${size.replaceAll('_', ' ')}`,
        ({ links }: Figures) => links.recall_by_size[size] ?? null,
      ] as const,
  ),
  ['account recall, all farms', ({ links }) => links.account_recall.all_farms],
  ['returns of banned people found', ({ links }) => links.evasion_recall],
  ['honest people marked as returns per 10,000', ({ links }) => links.evasion_wrong_per_10k],
  ['honest people in a wrong link per 10,000', ({ people }) => people.legitimate_in_wrong_link_per_10k],
  ['honest people hard-sanctioned per 10,000', ({ people }) => people.legitimate_hard_sanctioned_per_10k],
  ['honest people delayed per 10,000', ({ people }) => people.legitimate_delayed_per_10k],
  ['linked to their household per 10,000', ({ people }) => people.household_linked_per_10k],
  ['first answers, all', ({ people }) => people.first_answer_rate.all],
  ['extracted USD', ({ credit }) => credit.extracted_usd],
  ['extracted USD per farmed account', ({ credit }) => credit.extracted_usd_per_farmed_account['all'] ?? null],
  ...LEVELS.map(
    (level) => [`  ${level}`, ({ credit }: Figures) => credit.extracted_usd_per_farmed_account[level] ?? null] as const,
  ),
  ...['drain', 'drip', 'patient'].map(
    (name) =>
      [
        `  by those who ${name === 'patient' ? 'wait' : name}`,
        ({ credit }: Figures) => credit.extracted_usd_by_strategy[name] ?? null,
      ] as const,
  ),
  ['share of free credit that farms used', ({ credit }) => credit.extracted_share_of_free_credit],
  ['attacker cost per extracted USD', ({ credit }) => credit.attacker_cost_per_extracted_usd['all'] ?? null],
  ...LEVELS.map(
    (level) => [`  ${level}`, ({ credit }: Figures) => credit.attacker_cost_per_extracted_usd[level] ?? null] as const,
  ),
  ['extracted USD per ring, mean', ({ credit }) => credit.extracted_usd_per_ring.mean],
  ['extracted USD per ring, most', ({ credit }) => credit.extracted_usd_per_ring.most],
  ['given to an honest account, USD', ({ credit }) => credit.given_usd_per_legitimate_account],
  ['used by an honest account, USD', ({ credit }) => credit.used_usd_per_legitimate_account],
  ['shared egress, precision', (figures) => figures.shared_egress.precision],
  ['shared egress, recall', (figures) => figures.shared_egress.recall],
  ['microseconds per sign-up, p50', (figures) => figures.microseconds_per_sign_up.p50],
  ['microseconds per sign-up, p99', (figures) => figures.microseconds_per_sign_up.p99],
];

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME_CHARS) + cells.map((cell) => cell.padStart(VALUE_CHARS)).join('');
}

function text(value: number | null): string {
  if (value === null) return '-';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 4);
}

function promiseOf({
  at_least,
  at_most,
}: {
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
}): string {
  return at_least === undefined ? `<= ${at_most}` : `>= ${at_least}`;
}
