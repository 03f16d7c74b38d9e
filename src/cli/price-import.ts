import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../app/contract.ts';
import { systemDisk } from '../config/load.ts';
import { addedPricesView, type PriceBody, PRICES_PER_CALL_MAX } from '../ledger/prices/contract.ts';
import { resolve } from 'node:path';
import { ask } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import {
  type FoundPrice,
  type LiteLlmPrices,
  type PriceProblem,
  readLiteLlmPrices,
  type Tiers,
} from './litellm-prices.ts';
import { type Common, print, splitList } from './options.ts';

interface ImportOptions extends Common {
  readonly format: 'litellm';
  readonly as: 'cost' | 'list';
  readonly models?: string[];
  readonly providers?: string[];
  readonly margin?: number;
  readonly tiers: Tiers;
  readonly dryRun?: boolean;
  readonly skipBad?: boolean;
}

const EXAMPLES = `
Examples:
  candor price import model_prices.json --providers openai,google=gemini --dry-run
  candor price import model_prices.json --models gpt-5.2,gemini/gemini-2.5-flash --skip-bad
  candor price import model_prices.json --as list --models large=gpt-5.2 --margin 20%`;

/** LiteLLM's own file is below 2 MiB. */
const FILE_BYTES_MAX = 32 * 1_048_576;

/** Adds `price import`. */
export function addImportVerb(price: Command, deps: CliDeps, common: (command: Command) => Command): void {
  common(price.command('import'))
    .description('enter the prices of a file, all of them or none; importing it again adds nothing')
    .argument('<file>', "LiteLLM's model_prices_and_context_window.json")
    .option('--format <name>', 'the format of the file: litellm', readOneOf('litellm'), 'litellm')
    .option('--as <kind>', 'cost: what upstreams charge; list: what callers pay', readOneOf('cost', 'list'), 'cost')
    .option('--models <list>', 'only these, by their names in the file; with --as list: large=gpt-5.2,...', splitList)
    .option(
      '--providers <list>',
      'only these providers; where the file has another name: openai,google=gemini',
      splitList,
    )
    .option('--margin <percent>', 'put on top of each rate, with --as list: 10%, 7.5%', readMargin)
    .option('--tiers <which>', 'rates for long prompts: highest, or base', readOneOf('highest', 'base'), 'highest')
    .option('--dry-run', 'say what would be entered, and enter nothing')
    .option('--skip-bad', 'enter the good ones although others cannot be used')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: ImportOptions) => runImport(file, options, deps));
}

async function runImport(file: string, options: ImportOptions, deps: CliDeps): Promise<void> {
  const choice = chooseModels(options);
  const text = readText(file, deps);
  const read = readLiteLlmPrices(text, { wants: choice.wants, tiers: options.tiers, marginBp: options.margin ?? 0 });
  if (!read.ok) throw new CliFailure(EXIT.refused, 'invalid_file', `${file} ${read.refusal}`);
  const { prices, problems } = toBodies(read.value, choice);
  const report = { ...reportOf(read.value, options), problems, dry_run: options.dryRun === true };
  if (problems.length > 0 && options.skipBad !== true) throw refuseAll(problems);
  if (options.dryRun === true) {
    print(deps, options, { ...report, would_enter: prices }, () =>
      showReport(report, `Would enter ${count(prices.length, 'price')}.\n`),
    );
    return;
  }
  const entered = await enter(prices, deps, options);
  print(deps, options, { ...report, ...entered }, () =>
    showReport(report, `Entered ${count(entered.added, 'price')}; ${entered.unchanged} were in force already.\n`),
  );
}

function readText(file: string, deps: CliDeps): string {
  const bytes = (deps.disk ?? systemDisk).read(resolve(deps.cwd, file));
  if (bytes === null) throw new CliFailure(EXIT.refused, 'file_not_found', `there is no file ${file}`);
  if (bytes.length > FILE_BYTES_MAX)
    throw new CliFailure(EXIT.refused, 'invalid_file', `${file} is larger than 32 MiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CliFailure(EXIT.refused, 'invalid_file', `${file} is not UTF-8 text`, { cause: error });
  }
}

/** Which entries of the file are wanted, and what they become. */
interface Choice {
  wants(name: string, provider: string): boolean;
  /** What one entry becomes: a list price of each alias, or a cost. */
  bodiesOf(price: FoundPrice): PriceBody[];
  /** Names that were asked for by hand. */
  readonly named: readonly string[];
}

function chooseModels(options: ImportOptions): Choice {
  if (options.as === 'list') {
    if (options.providers !== undefined) throw wrong('--providers', 'goes with --as cost; list prices are for all');
    if (options.models === undefined) throw wrong('--models', 'must say which models: large=gpt-5.2,small=...');
    return chooseLists(pairsOf(options.models, '--models'));
  }
  if (options.margin !== undefined) throw wrong('--margin', 'goes with --as list; a cost is what the upstream charges');
  const providers = options.providers === undefined ? null : pairsOf(options.providers, '--providers');
  return chooseCosts(options.models ?? null, providers);
}

function chooseLists(pairs: readonly (readonly [ours: string, theirs: string])[]): Choice {
  const named = [...new Set(pairs.map(([, theirs]) => theirs))];
  return {
    named,
    wants: (name) => named.includes(name),
    bodiesOf: ({ name, rates }) =>
      pairs.filter(([, theirs]) => theirs === name).map(([model]) => ({ kind: 'list', model, rates })),
  };
}

function chooseCosts(
  models: readonly string[] | null,
  providers: readonly (readonly [ours: string, theirs: string])[] | null,
): Choice {
  const wantsProvider = (name: string) => providers === null || providers.some(([, theirs]) => theirs === name);
  return {
    named: models ?? [],
    wants: (name, provider) => (models === null || models.includes(name)) && wantsProvider(provider),
    bodiesOf({ name, provider, rates }) {
      if (providers === null) return [{ kind: 'cost', provider: null, upstream_model: name, rates }];
      // The file puts the provider before many names; the upstream itself does not know that part.
      const prefix = `${provider}/`;
      const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return providers
        .filter(([, theirs]) => theirs === provider)
        .map(([ours]) => ({ kind: 'cost', provider: ours, upstream_model: bare, rates }));
    },
  };
}

/** `a=b` and `a`, which is `a=a`. */
function pairsOf(list: readonly string[], option: string): (readonly [string, string])[] {
  return list.map((part) => {
    const [, left, right] = /^([^=]+)(?:=([^=]+))?$/.exec(part) ?? [];
    if (left === undefined) throw wrong(option, `${part} is no name and no pair such as large=gpt-5.2`);
    return [left, right ?? left];
  });
}

/** The prices to enter; entries of one name and different rates are a problem, as are names the file does not have. */
function toBodies(
  read: LiteLlmPrices,
  choice: Choice,
): { readonly prices: readonly PriceBody[]; readonly problems: readonly PriceProblem[] } {
  const problems = [...read.problems];
  const found = new Set([...read.prices, ...read.problems].map((one) => one.name));
  for (const name of choice.named) {
    if (!found.has(name)) problems.push({ name, message: 'is not in the file, or is nothing that Candor serves' });
  }
  const bySubject = new Map<string, { readonly name: string; readonly body: PriceBody }>();
  for (const price of read.prices) {
    for (const body of choice.bodiesOf(price)) {
      const key = JSON.stringify({ ...body, rates: null });
      const other = bySubject.get(key);
      if (other === undefined) bySubject.set(key, { name: price.name, body });
      else if (JSON.stringify(other.body.rates) !== JSON.stringify(body.rates)) {
        problems.push({ name: price.name, message: `is the same model as ${other.name}, with other rates` });
      }
    }
  }
  return { prices: [...bySubject.values()].map((one) => one.body), problems };
}

const SOURCE = 'litellm';

/** Enters them in calls small enough for the control API. All were checked, so that one that is refused is a rare thing. */
async function enter(
  prices: readonly PriceBody[],
  deps: CliDeps,
  options: ImportOptions,
): Promise<{ readonly added: number; readonly unchanged: number }> {
  let added = 0;
  let unchanged = 0;
  for (let from = 0; from < prices.length; from += PRICES_PER_CALL_MAX) {
    const body = { prices: prices.slice(from, from + PRICES_PER_CALL_MAX), source: SOURCE };
    const asked = ask(deps, options, { method: 'POST', path: '/control/v1/prices', body }, addedPricesView);
    const { answer } = await asked.catch((error: unknown) => {
      throw error instanceof CliFailure ? inOurWords(error, body.prices) : error;
    });
    added += answer.added.length;
    unchanged += answer.unchanged;
  }
  return { added, unchanged };
}

const OPTION_OF: Readonly<Record<string, string>> = { model: '--models', provider: '--providers' };

/** The service names the field of its request; whoever typed knows the option, or else the model. */
function inOurWords(failure: CliFailure, prices: readonly PriceBody[]): CliFailure {
  const message = failure.message.replace(/^prices\.(\d+)\.([a-z_.]+)/, (_, index: string, field: string) => {
    const price = prices[Number(index)];
    const name = price?.kind === 'cost' ? price.upstream_model : price?.model;
    return OPTION_OF[field] ?? `${name}: ${field}`;
  });
  return new CliFailure(failure.exitCode, failure.reason, message, { cause: failure });
}

interface Report {
  readonly problems: readonly PriceProblem[];
  /** Models with higher rates, for long prompts for one. */
  readonly tiered: readonly string[];
  readonly tiers: Tiers;
  /** Fields of prices that do not count, and how many models have each. */
  readonly ignored_fields: Readonly<Record<string, number>>;
  /** Entries for what Candor does not serve, by mode. */
  readonly passed_over: Readonly<Record<string, number>>;
}

function reportOf(read: LiteLlmPrices, options: ImportOptions): Omit<Report, 'problems'> {
  const ignored: Record<string, number> = {};
  for (const price of read.prices) {
    for (const field of price.ignored) ignored[field] = (ignored[field] ?? 0) + 1;
  }
  const tiered = read.prices.filter((price) => price.tiers.length > 0).map((price) => price.name);
  return { tiered, tiers: options.tiers, ignored_fields: ignored, passed_over: read.passedOver };
}

const SHOWN_MAX = 20;
const PROBLEMS_SHOWN_MAX = 100;

function showReport(report: Report, done: string): string {
  const { problems, tiered, tiers, ignored_fields: ignored, passed_over: passed } = report;
  const lines = [done];
  const passedCount = Object.values(passed).reduce((sum, one) => sum + one, 0);
  if (passedCount > 0) lines.push(`Passed over ${passedCount} for what is not served: ${listCounts(passed)}.\n`);
  if (tiered.length > 0) {
    const which =
      tiers === 'highest'
        ? 'at the highest of them (--tiers base takes the base rates)'
        : 'at the base rate, which is less than long prompts cost';
    lines.push(
      `Warning: ${count(tiered.length, 'model')} with rates by length ${tiered.length === 1 ? 'was' : 'were'} taken ${which}: ${listNames(tiered)}.\n`,
    );
  }
  if (Object.keys(ignored).length > 0) lines.push(`Warning: these fields do not count: ${listCounts(ignored)}.\n`);
  if (problems.length > 0) lines.push(`Left out ${problems.length}:\n${showProblems(problems)}`);
  return lines.join('');
}

function showProblems(problems: readonly PriceProblem[]): string {
  const lines = problems.slice(0, PROBLEMS_SHOWN_MAX).map(({ name, message }) => `  ${name}: ${message}\n`);
  const more = problems.length - PROBLEMS_SHOWN_MAX;
  return lines.join('') + (more > 0 ? `  and ${more} more\n` : '');
}

function refuseAll(problems: readonly PriceProblem[]): CliFailure {
  const told = `${count(problems.length, 'entry', 'entries')} cannot be used, so nothing was entered:\n${showProblems(problems)}`;
  return new CliFailure(
    EXIT.refused,
    'invalid_price',
    `${told}Mend the file, name what you need with --models, or add --skip-bad.`,
  );
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  return listNames(Object.entries(counts).map(([name, times]) => `${name} (${times})`));
}

function listNames(names: readonly string[]): string {
  const more = names.length - SHOWN_MAX;
  return names.slice(0, SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function wrong(option: string, message: string): CliFailure {
  return new CliFailure(EXIT.usage, 'invalid_option', `${option}: ${message}`);
}

function readOneOf(...allowed: readonly string[]) {
  return function read(text: string): string {
    if (!allowed.includes(text)) throw new InvalidArgumentError(`Write ${allowed.join(' or ')}.`);
    return text;
  };
}

/** Basis points of `10%` or `7.5%`. */
function readMargin(text: string): number {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,4})(?:\.(\d{1,2}))?%$/.exec(text) ?? [];
  const size = Number(`${whole}${fraction.padEnd(2, '0')}`);
  const bp = sign === '-' ? -size : size;
  if (whole === undefined || bp <= -10_000) throw new InvalidArgumentError('Write per cent, such as 10% or 7.5%.');
  return bp;
}
