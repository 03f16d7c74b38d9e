import { type Command, Option } from 'commander';
import { CSV_LINE_END, csvCell, disarmed } from '../base/csv.ts';
import {
  DSA_FIELDS,
  type DsaStatementView,
  statementsView,
  type TransparencyView,
  transparencyView,
} from '../enforcement/decisions/contract.ts';
import { ask, withQuery } from './control.ts';
import type { CliDeps } from './deps.ts';
import { type Common, readTime } from './options.ts';

interface SpanOptions extends Common {
  readonly from: number;
  readonly to: number;
}

const PAGE = 500;

/** Adds `enforcement report` and `enforcement statements`. */
export function addPublishingVerbs(enforcement: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const span = (command: Command) =>
    common(command)
      .requiredOption('--from <time>', 'a day or a moment, such as 2026-11-01', readTime)
      .requiredOption('--to <time>', 'the same; not counted itself', readTime);
  span(enforcement.command('report'))
    .description('make the transparency report: counts that point at nobody, signed')
    .addOption(new Option('--format <format>', 'md to publish, json to check').choices(['md', 'json']).default('md'))
    .action((options: SpanOptions & { format: 'md' | 'json' }) => report(deps, options));
  span(enforcement.command('statements'))
    .description('print statements of reasons in the fields of the DSA Transparency Database')
    .addOption(new Option('--format <format>', 'of the answer').choices(['csv', 'json']).default('csv'))
    .action((options: SpanOptions & { format: 'csv' | 'json' }) => statements(deps, options));
}

async function report(deps: CliDeps, options: SpanOptions & { format: 'md' | 'json' }): Promise<void> {
  const path = withQuery('/control/v1/enforcement/transparency', spanOf(options));
  const { answer } = await ask(deps, options, { method: 'GET', path }, transparencyView);
  const isJson = options.json === true || options.format === 'json';
  deps.stdout(isJson ? `${JSON.stringify(answer)}\n` : markdownOf(answer));
}

async function statements(deps: CliDeps, options: SpanOptions & { format: 'csv' | 'json' }): Promise<void> {
  const all: DsaStatementView[] = [];
  for (let after: string | undefined; ; ) {
    const query = { ...spanOf(options), limit: PAGE, after };
    const path = withQuery('/control/v1/enforcement/statements', query);
    const { answer } = await ask(deps, options, { method: 'GET', path }, statementsView);
    all.push(...answer.data);
    if (answer.next === null) break;
    after = answer.next;
  }
  const isJson = options.json === true || options.format === 'json';
  deps.stdout(isJson ? `${JSON.stringify({ statements: all })}\n` : csvOf(all));
}

function spanOf({ from, to }: SpanOptions): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function csvOf(all: readonly DsaStatementView[]): string {
  const rows = all.map((one) => DSA_FIELDS.map((field) => cellOf(one[field])));
  return [[...DSA_FIELDS], ...rows]
    .map((cells) => cells.map((cell) => csvCell(disarmed(cell))).join(',') + CSV_LINE_END)
    .join('');
}

function cellOf(value: DsaStatementView[keyof DsaStatementView]): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function markdownOf({ report: made, signature, key }: TransparencyView): string {
  const { decisions, appeals, signals, record } = made;
  return [
    `# Transparency report, ${made.from.slice(0, 10)} to ${made.to.slice(0, 10)}`,
    'Counts below five are not told one by one: they stand together as “other”, or as “fewer than 5”.',
    table('Decisions', 'conduct', decisions.total, decisions.by_conduct),
    table('By step', 'step', decisions.total, decisions.by_step),
    table('By automation', 'decided automatically', decisions.total, decisions.by_automation),
    table('By whom they are about', 'unit', decisions.total, decisions.by_unit),
    [
      '## Time and correction\n',
      `- Median time from the first request to the decision: ${hoursOf(decisions.median_ms_to_decision)}`,
      `- With a bound on the chance of a false ban: ${told(decisions.certified)}`,
      `- Taken back as wrong: ${told(made.reversed)}`,
      `- Ended early: ${told(made.lifted)}`,
    ].join('\n'),
    appeals === null
      ? '## Appeals\n\nNot recorded by this service.'
      : table('Appeals', 'outcome', appeals.total, appeals.by_outcome),
    signals === null
      ? '## Signals\n\nNot recorded by this service.'
      : table('Signals', 'source', signals.total, signals.by_source),
    [
      '## Signature\n',
      `- Made at ${made.made_at} from a record of ${record.seq} entries with the head \`${record.hash}\``,
      `- Ed25519 over the report as canonical JSON: \`${signature}\``,
      `- Public key: \`${key}\``,
    ].join('\n'),
    '',
  ].join('\n\n');
}

function table(
  title: string,
  of: string,
  total: number | null,
  rows: readonly { readonly name: string; readonly count: number }[],
): string {
  const lines = rows.map(({ name, count }) => `| ${name} | ${count} |`);
  return [`## ${title}\n`, `| ${of} | count |`, '| --- | ---: |', ...lines, `| **all** | ${told(total)} |`].join('\n');
}

function told(count: number | null): string {
  return count === null ? 'fewer than 5' : String(count);
}

function hoursOf(ms: number | null): string {
  return ms === null ? 'too few to tell' : `${(ms / 3_600_000).toFixed(1)} hours`;
}
