import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../app/contract.ts';
import { parseTime, toIso } from '../base/calendar.ts';
import { addedPricesView, addPricesBody, type PriceBody, priceListView } from '../ledger/prices/contract.ts';
import { ask, withQuery } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { readUsdOrZero } from './money.ts';
import { type Common, print } from './options.ts';
import { addImportVerb } from './price-import.ts';
import { showPrices, showSet } from './price-text.ts';

interface ListOptions extends Common {
  readonly model?: string;
  readonly all?: boolean;
}

interface SetOptions extends Common {
  readonly input?: string;
  readonly output?: string;
  readonly cacheRead?: string;
  readonly cacheWrite?: string;
  readonly reasoning?: string;
  readonly audioInput?: string;
  readonly audioOutput?: string;
  readonly image?: string;
  readonly request?: string;
  readonly target?: string;
  readonly cost?: boolean;
  readonly provider?: string;
  readonly from?: string;
  readonly free?: boolean;
  readonly note?: string;
}

const SET_EXAMPLES = `
All but --image and --request are US dollars for a million tokens. A class of tokens without a rate of its own is charged
as what it is part of: cache and audio input as input, reasoning and audio output as output.

Examples:
  candor price set large --input 2.50 --output 10 --cache-read 0.25
  candor price set large --target large/1 --input 3 --output 12
  candor price set large --input 3 --output 12 --from 2030-01-01T00:00:00Z
  candor price set gpt-5.2 --cost --provider openai --input 1.75 --output 14
  candor price set demo --free`;

const LIST_EXAMPLES = `
Examples:
  candor price list
  candor price list --model large --all --json`;

/** Adds `price list|set|import`. */
export function addPriceVerbs(program: Command, deps: CliDeps, common: (command: Command) => Command): void {
  const price = program.command('price').description('what models cost callers, and what upstreams charge for them');
  common(price.command('list'))
    .description('show where each model gets its price from, and the prices in force')
    .option('--model <name>', 'only what concerns this model')
    .option('--all', 'also prices that were replaced and those that begin later')
    .addHelpText('after', LIST_EXAMPLES)
    .action((options: ListOptions) => list(deps, options));
  common(price.command('set'))
    .description('enter a price from now on, or from a time to come; calls in flight keep theirs')
    .argument('<model>', "the model callers name; with --cost, the upstream's own name of it")
    .option('--input <usd>', 'input tokens', readUsdOrZero)
    .option('--output <usd>', 'output tokens', readUsdOrZero)
    .option('--cache-read <usd>', 'input tokens read from the cache', readUsdOrZero)
    .option('--cache-write <usd>', 'input tokens written to the cache', readUsdOrZero)
    .option('--reasoning <usd>', 'output tokens of thinking', readUsdOrZero)
    .option('--audio-input <usd>', 'input tokens of sound', readUsdOrZero)
    .option('--audio-output <usd>', 'output tokens of sound', readUsdOrZero)
    .option('--image <usd>', 'each image of the prompt, besides its tokens', readUsdOrZero)
    .option('--request <usd>', 'each request', readUsdOrZero)
    .option('--target <name>', 'only where this target answers, such as large/0')
    .option('--cost', 'what the upstream charges, not what callers pay')
    .option('--provider <name>', 'only at this provider; with --cost')
    .option('--from <time>', 'when it begins, such as 2030-01-31 or 2030-01-31T12:00:00Z (default: now)', readStart)
    .option('--free', 'it costs nothing, and that is meant')
    .option('--note <text>', 'a note for people')
    .addHelpText('after', SET_EXAMPLES)
    .action((model: string, options: SetOptions) => set(model, deps, options));
  addImportVerb(price, deps, common);
}

async function list(deps: CliDeps, options: ListOptions): Promise<void> {
  const all = options.all === true ? '1' : undefined;
  const path = withQuery('/control/v1/prices', { model: options.model, all });
  const { answer } = await ask(deps, options, { method: 'GET', path }, priceListView);
  print(deps, options, answer, () => showPrices(answer, options.all === true));
}

async function set(model: string, deps: CliDeps, options: SetOptions): Promise<void> {
  const body = { prices: [bodyOf(model, options)] };
  const checked = addPricesBody.safeParse(body);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const field = (issue?.path ?? []).slice(2).join('.');
    throw usage(`${optionOf(field)}: ${issue?.message ?? 'is not allowed'}`);
  }
  const { answer } = await ask(
    deps,
    options,
    { method: 'POST', path: '/control/v1/prices', body },
    addedPricesView,
  ).catch((error: unknown) => {
    throw error instanceof CliFailure ? inOurWords(error) : error;
  });
  const [added] = answer.added;
  print(deps, options, { unchanged: added === undefined, price: added ?? null }, () => showSet(model, added));
}

function bodyOf(model: string, options: SetOptions): PriceBody {
  const { input, output, free } = options;
  if (free !== true && (input === undefined || output === undefined)) {
    const missing = input === undefined ? '--input' : '--output';
    throw usage(
      `${missing}: must be given, 0 where only that costs nothing; what costs nothing at all is set with --free`,
    );
  }
  if (options.cost !== true && options.provider !== undefined) throw usage('--provider: goes with --cost');
  if (options.cost === true && options.target !== undefined)
    throw usage('--target: does not go with --cost; use --provider');
  const common = {
    rates: {
      input_nano: input ?? '0',
      output_nano: output ?? '0',
      ...(options.cacheRead !== undefined && { cache_read_nano: options.cacheRead }),
      ...(options.cacheWrite !== undefined && { cache_write_nano: options.cacheWrite }),
      ...(options.reasoning !== undefined && { reasoning_nano: options.reasoning }),
      ...(options.audioInput !== undefined && { audio_input_nano: options.audioInput }),
      ...(options.audioOutput !== undefined && { audio_output_nano: options.audioOutput }),
      ...(options.image !== undefined && { image_nano: options.image }),
      ...(options.request !== undefined && { request_nano: options.request }),
    },
    free: free === true,
    ...(options.from !== undefined && { effective_at: options.from }),
    ...(options.note !== undefined && { note: options.note }),
  };
  return options.cost === true
    ? { kind: 'cost', provider: options.provider ?? null, upstream_model: model, ...common }
    : { kind: 'list', model, target: options.target ?? null, ...common };
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  model: '<model>',
  upstream_model: '<model>',
  effective_at: '--from',
};

/** A moment as the service takes it; a day is its first moment in UTC. */
function readStart(text: string): string {
  const parsed = parseTime(text);
  if (!parsed.ok) throw new InvalidArgumentError(`It ${parsed.refusal}.`);
  return toIso(parsed.value);
}

function optionOf(field: string): string {
  return (
    OPTION_NAMES[field] ??
    `--${field
      .replace(/^rates\./, '')
      .replace(/_nano$/, '')
      .replaceAll('_', '-')}`
  );
}

/** The service names the field of its request; whoever typed knows the option. */
function inOurWords(failure: CliFailure): CliFailure {
  const message = failure.message.replace(/^prices\.0\.([a-z_.]+):/, (_, field: string) => `${optionOf(field)}:`);
  const { exitCode, reason } = failure;
  return new CliFailure(exitCode, reason, message.replace('say that it is free', 'add --free'), { cause: failure });
}

function usage(message: string): CliFailure {
  return new CliFailure(EXIT.usage, 'invalid_option', message);
}
