import type { Command } from 'commander';
import { findConfigFile, findDataDir, loadConfig, type LoadOptions } from '../config/load.ts';
import { type ConfigProblem, formatProblems } from '../config/problem.ts';
import { recordHeadView, recordVerificationView } from '../enforcement/decisions/contract.ts';
import { ask, dataDirOf, type PlaceOptions, withQuery } from './control.ts';
import { EXIT } from '../app/contract.ts';
import { type AuditReport, CliFailure, type CliDeps } from './deps.ts';
import { type Common, print, readCount } from './options.ts';
import { formatTable } from './table.ts';

interface ServeOptions {
  readonly config?: string;
  readonly dev?: boolean;
  readonly json?: boolean;
}

/** Adds `serve`, `config check`, `openapi` and `audit`. `exit` takes the code the process should end with. */
export function addServiceVerbs(
  program: Command,
  deps: CliDeps,
  common: (command: Command) => Command,
  exit: (code: number) => void,
): void {
  program
    .command('serve')
    .description('serve until stopped; without a configuration the demo answers')
    .option('--config <file>', 'the configuration (default: candor.yaml if there is one)')
    .option(
      '--dev',
      'readable logs, and the demo beside what the file configures; without a file, people can sign up, too',
    )
    .option('--json', 'print the greeting as one JSON object')
    .action(async (options: ServeOptions) => exit(await serve(deps, options)));

  program
    .command('config')
    .description('the configuration file')
    .command('check')
    .description('name the line and the fix of everything wrong with it; starts nothing')
    .argument('[file]', 'the configuration (default: candor.yaml if there is one)')
    .option('--config <file>', 'the same as naming the file')
    .option('--json', 'print one JSON object')
    .action((file: string | undefined, options: { config?: string; json?: boolean }) =>
      exit(checkConfig(deps, onlyFile(file, options.config), options.json === true)),
    );

  program
    .command('openapi')
    .description('print the document of the control API (OpenAPI 3.1)')
    .action(() => deps.stdout(deps.openApi()));

  const audits = common(program.command('audit'))
    .description(
      'prove that every request has its one usage record, that the books add up, and that no decision was changed',
    )
    .action(async (options: PlaceOptions & { json?: boolean }) => exit(await audit(deps, options)));
  common(audits.command('head'))
    .description('print the signed head of the record of decisions; kept elsewhere, it shows if the end is cut off')
    .action((options: Common) => recordHead(deps, options));
  common(audits.command('record'))
    .description('check the record of decisions, and whether a head that was kept elsewhere is in it')
    .option('--seq <number>', 'of the head', readCount)
    .option('--hash <hash>', 'of the head')
    .action(async (options: Common & { seq?: number; hash?: string }) => exit(await checkRecord(deps, options)));
}

/** Throws `CliFailure` where the file is named twice, because one of the two would not be looked at. */
function onlyFile(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument !== undefined && option !== undefined) {
    throw new CliFailure(EXIT.usage, 'usage', 'name the file once, with --config or without');
  }
  return argument ?? option;
}

async function serve(deps: CliDeps, options: ServeOptions): Promise<number> {
  const dev = options.dev === true;
  const source: LoadOptions = { ...sourceOf(deps, options.config), withDemo: dev };
  const loaded = loadConfig(source);
  if (!loaded.ok) return tellProblems(deps, loaded.refusal, options.json === true);
  const configFile = findConfigFile(source);
  const usualDataDir = findDataDir({ ...sourceOf(deps, undefined), env: {} });
  return deps.serve({ config: loaded.value, configFile, usualDataDir, dev, json: options.json === true });
}

function checkConfig(deps: CliDeps, file: string | undefined, json: boolean): number {
  const source = sourceOf(deps, file);
  const loaded = loadConfig(source);
  if (!loaded.ok) return tellProblems(deps, loaded.refusal, json);
  const found = findConfigFile(source);
  const { providers, models } = loaded.value;
  if (json) {
    const report = { ok: true, file: found, providers: Object.keys(providers), models: Object.keys(models) };
    deps.stdout(`${JSON.stringify(report)}\n`);
  } else {
    const what = found === null ? 'There is no configuration file; the defaults' : found;
    deps.stdout(`${what}: good. Models: ${Object.keys(models).join(', ')}.\n`);
  }
  return EXIT.ok;
}

function sourceOf(deps: CliDeps, configFile: string | undefined): LoadOptions {
  const disk = deps.disk === undefined ? {} : { disk: deps.disk };
  return { configFile, env: deps.env, cwd: deps.cwd, ...disk };
}

function tellProblems(deps: CliDeps, problems: readonly ConfigProblem[], json: boolean): number {
  if (json) deps.stdout(`${JSON.stringify({ ok: false, problems })}\n`);
  else deps.stderr(`${formatProblems(problems)}${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n`);
  return EXIT.config;
}

async function audit(deps: CliDeps, options: PlaceOptions & { json?: boolean }): Promise<number> {
  const report = await deps.audit(dataDirOf(deps, options));
  deps.stdout(options.json === true ? `${JSON.stringify(report)}\n` : showAudit(report));
  return report.clean ? EXIT.ok : EXIT.refused;
}

async function recordHead(deps: CliDeps, options: Common): Promise<void> {
  const path = '/control/v1/enforcement/record/head';
  const { answer } = await ask(deps, options, { method: 'GET', path }, recordHeadView);
  const { seq, hash, at, key, signature } = answer;
  print(deps, options, answer, () =>
    [
      `entry      ${seq}`,
      `hash       ${hash}`,
      `at         ${at}`,
      `key        ${key}`,
      `signature  ${signature}`,
      '',
    ].join('\n'),
  );
}

async function checkRecord(deps: CliDeps, options: Common & { seq?: number; hash?: string }): Promise<number> {
  const path = withQuery('/control/v1/enforcement/record/verification', { seq: options.seq, hash: options.hash });
  const { answer } = await ask(deps, options, { method: 'GET', path }, recordVerificationView);
  const { whole, entries, broken } = answer;
  print(deps, options, answer, () =>
    whole
      ? `All ${entries} entries are as they were written.\n`
      : `Entry ${broken?.seq ?? 0} is not as it should be: ${broken?.problem ?? ''}.\n`,
  );
  return whole ? EXIT.ok : EXIT.refused;
}

function showAudit(report: AuditReport): string {
  const counts = Object.entries(report.checked).map(([what, count]) => `${count} ${wordsOf(what, count)}`);
  const looked = `Checked ${counts.join(', ')}.\n`;
  if (report.clean) return `${looked}The books are clean.\n`;
  const rows = report.findings.map((one) => [one.promise, one.rule, String(one.count), one.examples.join(' ')]);
  return `${looked}The books are NOT clean.\n\n${formatTable(['PROMISE', 'BROKEN RULE', 'TIMES', 'SUCH AS'], rows)}`;
}

/** `openRequests` as `open requests`, or as `open request` when there is one. */
function wordsOf(name: string, count: number): string {
  const words = name === 'epochs' ? 'boots' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return count === 1 ? words.replace(/s$/, '') : words;
}
