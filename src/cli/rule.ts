import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { EXIT } from '../app/contract.ts';
import { parseYamlFile } from '../config/document.ts';
import { systemDisk } from '../config/load.ts';
import {
  backtestView,
  checkView,
  RULE_MODES,
  type RuleDocument,
  ruleDocument,
  ruleListView,
  type RuleMode,
  ruleView,
} from '../enforcement/rules/contract.ts';
import { ask } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { type Common, print } from './options.ts';
import { formatTable, minuteOf } from './table.ts';

interface PushOptions extends Common {
  readonly note: string;
}
interface ModeOptions extends Common {
  readonly percent?: string;
  readonly note: string;
}
interface BacktestOptions extends Common {
  readonly days: string;
}

const PATH = '/control/v1/enforcement/rules';
const BACKTESTS = '/control/v1/enforcement/backtests';
const FILE_BYTES_MAX = 262_144;
const DAY_MS = 86_400_000;
const DAYS_MAX = 400;
const LOOK_EVERY_MS = 500;
const EXAMPLES = `
Examples:
  candor rule check rules/burst.yaml            what is wrong with it, and what its tests come to
  candor rule backtest rules/burst.yaml --days 30
  candor rule push rules/burst.yaml --note 'first try'
  candor rule mode burst shadow --note 'to see what it hits'
  candor rule mode burst canary --percent 10 --note 'good so far'`;

/** Adds `rule list|check|push|mode|backtest`. `common` adds the options every verb has. */
export function addRuleVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const rule = program.command('rule').description('rules on requests and sign-ups').addHelpText('after', EXAMPLES);
  common(rule.command('list'))
    .description('show the rules and how they stand')
    .action((options: Common) => list(deps, options));
  common(rule.command('check'))
    .description('say what is wrong with a rule, and run its tests; nothing is kept')
    .argument('<file>', 'YAML or JSON')
    .action((file: string, options: Common) => check(deps, file, options));
  common(rule.command('push'))
    .description('put the rule of a file in force, as its mode says; the version before stays')
    .argument('<file>', 'YAML or JSON')
    .requiredOption('--note <text>', 'why')
    .action((file: string, options: PushOptions) => push(deps, file, options));
  common(rule.command('mode'))
    .description('say how much a rule may do')
    .argument('<name>', 'such as refused-burst')
    .argument('<mode>', RULE_MODES.join(', '))
    .option('--percent <number>', 'of accounts a canary acts on, 1 to 99')
    .requiredOption('--note <text>', 'why')
    .action((name: string, mode: string, options: ModeOptions) => setMode(deps, name, mode, options));
  common(rule.command('backtest'))
    .description('replay the rule of a file over what the monitor keeps')
    .argument('<file>', 'YAML or JSON')
    .addOption(new Option('--days <number>', `so many back, 1 to ${DAYS_MAX}`).default('7'))
    .action((file: string, options: BacktestOptions) => backtest(deps, file, options));
}

async function list(deps: CliDeps, options: Common): Promise<void> {
  const { answer } = await ask(deps, options, { method: 'GET', path: PATH }, ruleListView);
  print(deps, options, answer, () => showRules(answer));
}

function showRules({ data, files }: z.output<typeof ruleListView>): string {
  const rows = data.map(({ name, version, mode, paused, document, figures, changed_at: at }) => [
    name,
    String(version),
    paused === null ? mode : `${mode} (${paused.reason})`,
    document.on,
    document.action.do,
    String(figures.hits),
    minuteOf(at),
  ]);
  const table = formatTable(['RULE', 'VERSION', 'MODE', 'ON', 'DOES', 'HITS', 'CHANGED (UTC)'], rows);
  return `${table}${files.map(({ file, problem }) => `${file}: ${problem}\n`).join('')}`;
}

async function check(deps: CliDeps, file: string, options: Common): Promise<void> {
  const body = { document: readFile(file, deps) };
  const { answer } = await ask(deps, options, { method: 'POST', path: `${PATH}/check`, body }, checkView);
  const { problems, fixtures } = answer;
  if (problems.length === 0) {
    const passed = ['it has no tests', 'its test passes'][fixtures.length] ?? `its ${fixtures.length} tests pass`;
    print(deps, options, answer, () => `The rule is good; ${passed}.\n`);
    return;
  }
  const told = problems.map(({ path, line, column, message }) => {
    const place = line === null ? '' : ` (line ${line}, column ${column})`;
    return `${file}: ${path}${place}: ${message}`;
  });
  throw new CliFailure(EXIT.refused, 'invalid_rule', told.join('\n'));
}

async function push(deps: CliDeps, file: string, { note, ...options }: PushOptions): Promise<void> {
  const document = readRule(file, deps);
  const { answer: known } = await ask(deps, options, { method: 'GET', path: PATH }, ruleListView);
  const base = known.data.find(({ name }) => name === document.name)?.version ?? 0;
  const body = { document, base_version: base, note };
  const { answer } = await ask(deps, options, { method: 'PUT', path: `${PATH}/${document.name}`, body }, ruleView);
  print(deps, options, answer, () => `Rule ${answer.name} is at version ${answer.version}, ${answer.mode}.\n`);
}

async function setMode(deps: CliDeps, name: string, mode: string, { percent, note, ...options }: ModeOptions) {
  if (!isMode(mode)) throw badArgument(`a mode is one of ${RULE_MODES.join(', ')}`);
  const share = percent === undefined ? undefined : wholeOf(percent, 99, '--percent');
  const body = { mode, note, ...(share === undefined ? {} : { canary_percent: share }) };
  const path = `${PATH}/${encodeURIComponent(name)}/mode`;
  const { answer } = await ask(deps, options, { method: 'POST', path, body }, ruleView);
  print(deps, options, answer, () => `Rule ${answer.name} is ${answer.mode} now.\n`);
}

function isMode(mode: string): mode is RuleMode {
  return (RULE_MODES as readonly string[]).includes(mode);
}

async function backtest(deps: CliDeps, file: string, { days, ...options }: BacktestOptions): Promise<void> {
  const nowMs = deps.nowMs();
  const fromMs = nowMs - wholeOf(days, DAYS_MAX, '--days') * DAY_MS;
  const body = {
    document: readRule(file, deps),
    from: new Date(fromMs).toISOString(),
    to: new Date(nowMs).toISOString(),
  };
  let { answer } = await ask(deps, options, { method: 'POST', path: BACKTESTS, body }, backtestView);
  while (answer.state === 'waiting' || answer.state === 'running') {
    await new Promise((done) => void setTimeout(done, LOOK_EVERY_MS));
    ({ answer } = await ask(deps, options, { method: 'GET', path: `${BACKTESTS}/${answer.id}` }, backtestView));
  }
  if (answer.result === null) {
    throw new CliFailure(EXIT.refused, 'backtest_failed', answer.problem ?? 'the replay was cancelled');
  }
  print(deps, options, answer, () => showBacktest(answer));
}

function showBacktest({ events, against, not_stored: missing, result }: z.output<typeof backtestView>): string {
  if (result === null) return '';
  const before =
    against === null ? '' : ` (${result.new_hits} new, ${result.lost_hits} lost against version ${against})`;
  const lines = [
    `${events} events in ${(result.took_ms / 1_000).toFixed(1)} s`,
    `${result.hits} hits${before}, ${result.unknown} unknown`,
    `${result.accounts} of ${result.accounts_total} accounts, ${result.accounts_unconfirmed} of them with nothing confirmed: ` +
      `${result.harmed_per_10000.toFixed(2)} of 10,000`,
  ];
  if (missing.length > 0) lines.push(`not stored, so unknown in every event: ${missing.join(', ')}`);
  const rows = result.cohorts.product.map(({ value, hits, accounts }) => [value, String(hits), String(accounts)]);
  return `${lines.join('\n')}\n${formatTable(['PRODUCT', 'HITS', 'ACCOUNTS'], rows)}`;
}

function readRule(file: string, deps: CliDeps): RuleDocument {
  const parsed = ruleDocument.safeParse(readFile(file, deps));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badFile(file, `${issue?.path.join('.') || 'the rule'}: ${issue?.message ?? 'is not valid'}`);
}

function readFile(file: string, deps: CliDeps): unknown {
  const bytes = (deps.disk ?? systemDisk).read(resolve(deps.cwd, file));
  if (bytes === null) throw new CliFailure(EXIT.refused, 'file_not_found', `there is no file ${file}`);
  if (bytes.length > FILE_BYTES_MAX) throw badFile(file, `is larger than ${FILE_BYTES_MAX} bytes`);
  const parsed = parseYamlFile(bytes, file);
  if (parsed.ok) return parsed.value.data;
  const [first] = parsed.refusal;
  throw badFile(file, `line ${first?.place?.line ?? 1}: ${first?.message ?? 'cannot be read'}`);
}

function wholeOf(text: string, max: number, option: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw badArgument(`${option} takes a whole number from 1 to ${max}`);
}

function badArgument(message: string): CliFailure {
  return new CliFailure(EXIT.usage, 'invalid_argument', message);
}

function badFile(file: string, what: string): CliFailure {
  return new CliFailure(EXIT.refused, 'invalid_rule', `${file}: ${what}`);
}
