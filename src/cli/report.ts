import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../app/contract.ts';
import { type Month, parseMonth, parseTime } from '../base/calendar.ts';
import type { Result } from '../base/result.ts';
import {
  type ExportName,
  EXPORTS,
  type Reports,
  type SaveSubject,
  USAGE_GROUPS,
  type UsageGroup,
} from '../ledger/reports/contract.ts';
import { dataDirOf } from './control.ts';
import { CliFailure, type CliDeps } from './deps.ts';
import { type Common, print } from './options.ts';
import { showRevenue, showStatement, showTrialBalance, showUsage } from './report-text.ts';

interface FileOptions extends Common {
  readonly csv?: string;
  readonly parquet?: string;
  readonly force?: boolean;
}

type MonthOptions = FileOptions & { readonly month: Month };

/** Adds `report revenue|usage|trial-balance`, `statement` and `export`. `common` adds the options every verb has. */
export function addReportVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const verbs = createReportVerbs(deps);
  const report = program
    .command('report')
    .description('reports made anew from the journal, each number with its formula');
  withFile(withMonth(common(report.command('revenue'))))
    .description('recurring and usage revenue, deferred revenue, cost and margin of a month')
    .action(verbs.revenue);
  withFile(withMonth(common(report.command('usage'))))
    .description('requests, tokens, prices and costs of a month')
    .addOption(new Option('--by <what>', 'one line for each').choices([...USAGE_GROUPS]).default('model'))
    .action(verbs.usage);
  common(report.command('trial-balance'))
    .description('the balance of every ledger account, which sum to zero')
    .option('--at <time>', 'as of this moment, such as 2026-12-01 (default: now)', readTime)
    .option('--each', 'list every grant instead of their sums')
    .action(verbs.trialBalance);
  withFile(withMonth(common(program.command('statement'))))
    .description('what an account was given, used and has left in a month')
    .requiredOption('--account <id>', 'the account')
    .action(verbs.statement);
  withFile(common(program.command('export')))
    .description(`write ${EXPORTS.join(', ')} to a file`)
    .argument('<what>', EXPORTS.join(', '), readExport)
    .option('--from <time>', 'from this moment on (default: the beginning)', readTime)
    .option('--to <time>', 'up to and without this moment (default: now)', readTime)
    .action(verbs.save);
}

function withMonth(command: Command): Command {
  return command.requiredOption('--month <month>', 'a month of UTC, such as 2026-11', readMonth);
}

function withFile(command: Command): Command {
  return command
    .option('--csv <file>', 'write it to this file as CSV, money in nano-dollars')
    .option('--parquet <file>', 'write it to this file as Parquet, money in nano-dollars')
    .option('--force', 'replace the file if it is there');
}

function createReportVerbs(deps: CliDeps) {
  const withReports = <Answer>(options: Common, use: (reports: Reports) => Promise<Answer>) =>
    deps.reports(dataDirOf(deps, options), use);

  /** Prints what `make` gives, or writes `subject` to the file that is named. */
  async function give<View>(
    options: FileOptions,
    subject: SaveSubject,
    make: (reports: Reports) => Promise<Result<View, string>>,
    show: (view: View) => string,
  ): Promise<void> {
    if (fileOf(options) !== null) return save(options, subject);
    const view = accept(await withReports(options, make));
    print(deps, options, view, () => show(view));
  }

  async function save(options: FileOptions, subject: SaveSubject): Promise<void> {
    const file = fileOf(options);
    if (file === null) throw new CliFailure(EXIT.usage, 'usage', 'name a file with --csv or --parquet');
    const path = resolve(deps.cwd, file.path);
    const onProgress = (rows: number) => deps.stderr(`${rows} rows\n`);
    const order = { path, format: file.format, force: options.force === true, onProgress };
    const rows = accept(await withReports(options, (reports) => reports.save(subject, order)));
    print(deps, options, { file: path, rows }, () => `${rows} rows are in ${path}.\n`);
  }

  return {
    revenue: (options: MonthOptions) =>
      give(
        options,
        { report: 'revenue', month: options.month },
        async (reports) => ({ ok: true, value: await reports.revenue(options.month) }),
        showRevenue,
      ),
    usage: (options: MonthOptions & { readonly by: UsageGroup }) =>
      give(
        options,
        { report: 'usage', month: options.month, by: options.by },
        (reports) => reports.usage(options.month, options.by),
        showUsage,
      ),
    statement: (options: MonthOptions & { readonly account: string }) =>
      give(
        options,
        { report: 'statement', month: options.month, accountId: options.account },
        (reports) => reports.statement(options.account, options.month),
        showStatement,
      ),
    async trialBalance(options: Common & { at?: number; each?: boolean }) {
      const at = options.at ?? deps.nowMs();
      const view = await withReports(options, (reports) => reports.trialBalance(at, options.each === true));
      print(deps, options, view, () => showTrialBalance(view));
    },
    save: (what: ExportName, options: FileOptions & { readonly from?: number; readonly to?: number }) =>
      save(options, { report: what, span: { fromMs: options.from ?? 0, toMs: options.to ?? deps.nowMs() } }),
  };
}

function fileOf(options: FileOptions): { readonly path: string; readonly format: 'csv' | 'parquet' } | null {
  const { csv, parquet } = options;
  if (csv !== undefined && parquet !== undefined) {
    throw new CliFailure(EXIT.usage, 'usage', 'name one file, with --csv or with --parquet');
  }
  if (csv !== undefined) return { path: csv, format: 'csv' };
  return parquet === undefined ? null : { path: parquet, format: 'parquet' };
}

function accept<Value>(result: Result<Value, string>): Value {
  if (result.ok) return result.value;
  throw new CliFailure(EXIT.refused, 'refused', result.refusal);
}

function readMonth(text: string): Month {
  return read(parseMonth(text));
}

function readTime(text: string): number {
  return read(parseTime(text));
}

function readExport(text: string): ExportName {
  const found = EXPORTS.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${EXPORTS.join(', ')}.`);
  return found;
}

function read<Value>(result: Result<Value, string>): Value {
  if (result.ok) return result.value;
  throw new InvalidArgumentError(`It ${result.refusal}.`);
}
