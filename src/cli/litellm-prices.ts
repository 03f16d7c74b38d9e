/**
 * Reads LiteLLM's `model_prices_and_context_window.json`: dollars for one token, by model.
 * Format: https://docs.litellm.ai/docs/proxy/model_cost_map
 */
import { parseJson } from '../base/safe-json.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { scaleUp } from './decimal.ts';

/** Fields that are rates of ours, and the power of ten from dollars for one to our unit. */
const RATES = {
  input_nano: { field: 'input_cost_per_token', power: 15 },
  output_nano: { field: 'output_cost_per_token', power: 15 },
  cache_read_nano: { field: 'cache_read_input_token_cost', power: 15 },
  cache_write_nano: { field: 'cache_creation_input_token_cost', power: 15 },
  reasoning_nano: { field: 'output_cost_per_reasoning_token', power: 15 },
  audio_input_nano: { field: 'input_cost_per_audio_token', power: 15 },
  audio_output_nano: { field: 'output_cost_per_audio_token', power: 15 },
  image_nano: { field: 'input_cost_per_image', power: 9 },
  request_nano: { field: 'input_cost_per_request', power: 9 },
} as const;

export type RateField = keyof typeof RATES;
const RATE_FIELDS = Object.keys(RATES) as RateField[];
const RATE_BY_FIELD = new Map<string, RateField>(RATE_FIELDS.map((rate) => [RATES[rate].field, rate]));

/** Rates that were found, nano-dollars as text; the contract gives the rest their defaults. */
export type FoundRates = { readonly input_nano: string; readonly output_nano: string } & {
  readonly [rate in RateField]?: string;
};

/** Only what Candor serves is priced by the token. */
const MODES: ReadonlySet<string> = new Set(['chat', 'completion', 'responses', 'embedding']);
/** Keys of the file that are no models. */
const NOT_MODELS: ReadonlySet<string> = new Set(['sample_spec', 'fallback_generalizations']);

/** Which rate of a model counts where the file has several, for long prompts or for caches that last: see `docs/prices.md`. */
export type Tiers = 'highest' | 'base';

export interface FoundPrice {
  /** The model's key in the file. */
  readonly name: string;
  readonly provider: string;
  readonly rates: FoundRates;
  /** Fields of higher tiers: they count with `highest`, and else do not. */
  readonly tiers: readonly string[];
  /** Other fields of prices, which do not count. */
  readonly ignored: readonly string[];
}

export interface PriceProblem {
  readonly name: string;
  readonly message: string;
}

export interface LiteLlmPrices {
  readonly prices: readonly FoundPrice[];
  readonly problems: readonly PriceProblem[];
  /** Entries for what Candor does not serve, by mode. */
  readonly passedOver: Readonly<Record<string, number>>;
}

/** A member of the file: numbers as they are written there, everything else as JSON has it. */
type Member = WrittenNumber | string | boolean | null | object | undefined;

class WrittenNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * The prices of a file, of those models that `wants` takes. Rates are exact, and rounded up where they are finer than a
 * nano-dollar per million tokens; `marginBp` is put on top of each. Refused when the text is no such file.
 */
export function readLiteLlmPrices(
  text: string,
  options: {
    readonly wants: (name: string, provider: string) => boolean;
    readonly tiers: Tiers;
    readonly marginBp: number;
  },
): Result<LiteLlmPrices, string> {
  const file = parseNumbersAsText(text);
  if (!file.ok) return file;
  const prices: FoundPrice[] = [];
  const problems: PriceProblem[] = [];
  const passedOver: Record<string, number> = {};
  for (const [name, entry] of Object.entries(file.value)) {
    if (NOT_MODELS.has(name)) continue;
    const fields = isEntry(entry) ? entry : {};
    const provider = textOf(fields['litellm_provider']) ?? '';
    if (!options.wants(name, provider)) continue;
    if (fields !== entry) {
      problems.push({ name, message: 'is no object with the fields of a model' });
      continue;
    }
    const mode = textOf(fields['mode']) ?? 'chat';
    if (!MODES.has(mode)) {
      passedOver[mode] = (passedOver[mode] ?? 0) + 1;
      continue;
    }
    const read = readEntry(fields, mode, options);
    if (read.ok) prices.push({ name, provider, ...read.value });
    else problems.push({ name, message: read.refusal });
  }
  return ok({ prices, problems, passedOver });
}

function parseNumbersAsText(text: string): Result<Readonly<Record<string, Member>>, string> {
  const checked = parseJson(text);
  if (!checked.ok) return refuse(`is not JSON that can be used: ${checked.refusal.detail}`);
  const file: unknown = JSON.parse(text, function keepNumbers(this: unknown, _key, value: unknown, ...rest: unknown[]) {
    if (typeof value !== 'number') return value;
    // The third argument says how the value is written; older type definitions do not know it.
    const { source } = (rest[0] ?? {}) as { source?: string };
    return new WrittenNumber(source ?? 'NaN');
  });
  return isEntry(file) ? ok(file) : refuse("holds no models; LiteLLM's file is one object with a model for each key");
}

function isEntry(value: unknown): value is Readonly<Record<string, Member>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);
}

type Entry = Readonly<Record<string, Member>>;

function textOf(value: Member): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readEntry(
  entry: Entry,
  mode: string,
  options: { readonly tiers: Tiers; readonly marginBp: number },
): Result<Omit<FoundPrice, 'name' | 'provider'>, string> {
  const { tiers, ignored } = sortFields(entry);
  const counted = options.tiers === 'highest' ? tiers : [];
  const rates: { [rate in RateField]?: bigint } = {};
  for (const field of [...RATE_BY_FIELD.keys(), ...counted]) {
    const value = entry[field];
    if (value === undefined || value === null) continue;
    const rate = rateOfField(field);
    const read = readRate(field, value, RATES[rate].power, options.marginBp);
    if (!read.ok) return read;
    if (rates[rate] === undefined || read.value > rates[rate]) rates[rate] = read.value;
  }
  // What is embedded has no output, and some entries leave it out.
  if (mode === 'embedding') rates.output_nano ??= 0n;
  const { input_nano: input, output_nano: output } = rates;
  if (input === undefined) return refuse(`has no ${RATES.input_nano.field}${hintOf(entry)}`);
  if (output === undefined) return refuse(`has no ${RATES.output_nano.field}${hintOf(entry)}`);
  if (Object.values(rates).every((rate) => rate === 0n)) {
    return refuse('is zero throughout; if it is free, say so: candor price set ... --free');
  }
  const others = Object.fromEntries(Object.entries(rates).map(([rate, amount]) => [rate, String(amount)]));
  return ok({ rates: { ...others, input_nano: String(input), output_nano: String(output) }, tiers, ignored });
}

function hintOf(entry: Entry): string {
  return entry['tiered_pricing'] === undefined ? '' : '; its tiered_pricing is not read';
}

/** Fields of prices beside the plain ones: tiers of them, and those that do not count. */
function sortFields(entry: Entry): { readonly tiers: readonly string[]; readonly ignored: readonly string[] } {
  const tiers: string[] = [];
  const ignored: string[] = [];
  for (const [field, value] of Object.entries(entry)) {
    if (RATE_BY_FIELD.has(field) || !/cost|pricing/.test(field) || isNothing(value)) continue;
    if (isTier(field)) tiers.push(field);
    else ignored.push(field);
  }
  return { tiers, ignored };
}

/** A price of nothing that does not count is not worth a word. */
function isNothing(value: Member): boolean {
  return value === null || (value instanceof WrittenNumber && Number(value.text) === 0);
}

/** `input_cost_per_token_above_200k_tokens`; rates of service tiers (`_priority`, `_flex`) are another matter. */
function isTier(field: string): boolean {
  return /_above_/.test(field) && !/_(?:priority|flex|batches)$/.test(field) && RATE_BY_FIELD.has(baseOf(field));
}

function baseOf(field: string): string {
  return field.replace(/_above_.*$/, '');
}

function rateOfField(field: string): RateField {
  return RATE_BY_FIELD.get(baseOf(field)) ?? 'input_nano';
}

function readRate(field: string, value: Member, power: number, marginBp: number): Result<bigint, string> {
  if (!(value instanceof WrittenNumber)) return refuse(`${field} is no number`);
  if (value.text.startsWith('-')) return refuse(`${field} is negative`);
  const rate = scaleUp(value.text, power, { numerator: 10_000n + BigInt(marginBp), denominator: 10_000n });
  if (rate === null) return refuse(`${field} is no number that a price can be`);
  return rate > MOST[power === 9 ? 'fee' : 'token'] ? refuse(`${field} is more than any price is`) : ok(rate);
}

/** A dollar for each token; a thousand for each image or request. */
const MOST = { token: 10n ** 15n, fee: 10n ** 12n } as const;
