/** Prices as a person reads them: dollars for a million tokens. */
import type { PricedTargetView, PriceListView, PriceView, RatesView } from '../ledger/prices/contract.ts';
import { showUsd } from './money.ts';
import { formatTable, minuteOf } from './table.ts';

/** Where each model gets its price from, then the entries; costs that no model has are left out unless `all`. */
export function showPrices({ data, models }: PriceListView, all: boolean): string {
  const targets = models?.flatMap((model) => model.targets) ?? null;
  const shown = data.filter((price) => all || targets === null || isUsed(price, targets));
  const hidden = data.length - shown.length;
  return [
    targets === null ? 'No service runs, so nothing is said of its models.\n\n' : showTargets(targets),
    shown.length === 0
      ? 'There are no prices. Set one: candor price set MODEL --input 2.50 --output 10\n'
      : showEntries(shown, all),
    hidden === 0 ? '' : `\n${hidden} more are costs of models that are not served here; --all shows them.\n`,
    '\nDollars for a million tokens; before the margins of plans.\n',
  ].join('');
}

function isUsed(price: PriceView, targets: readonly PricedTargetView[]): boolean {
  return price.kind === 'list' || targets.some((target) => target.upstream_model === price.upstream_model);
}

const RATE_HEAD = ['INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'OTHER'];
const FROM = { list: 'list price', cost: 'cost + margin', estimate: 'ESTIMATE', none: 'UNPRICED' } as const;

function showTargets(targets: readonly PricedTargetView[]): string {
  const table = formatTable(
    ['TARGET', 'PRICED BY', ...RATE_HEAD, 'COST', 'PRICE'],
    targets.map((target) => [
      target.target,
      FROM[target.from],
      ...(target.rates === null ? RATE_HEAD.map(() => '-') : rateCells(target.rates)),
      target.cost_known ? 'known' : 'unknown',
      target.price_id ?? '-',
    ]),
  );
  const unpriced = [...new Set(targets.filter((one) => one.from === 'none').map((one) => modelOf(one.target)))];
  if (unpriced.length === 0) return `${table}\n`;
  return `${table}\nUnpriced, so refused to paying accounts: ${unpriced.join(', ')}. Set a price: candor price set ${unpriced[0]} --input USD --output USD\n\n`;
}

function modelOf(target: string): string {
  return target.slice(0, target.lastIndexOf('/'));
}

function showEntries(prices: readonly PriceView[], all: boolean): string {
  return formatTable(
    ['PRICE OF', 'KIND', ...RATE_HEAD, 'SINCE (UTC)', ...(all ? ['STATE'] : []), 'SOURCE', 'NOTE', 'ID'],
    prices.map((price) => [
      subjectOf(price),
      price.kind,
      ...rateCells(price.rates),
      minuteOf(price.effective_at),
      ...(all ? [price.state.replace('_', ' ')] : []),
      price.source,
      price.note ?? '-',
      price.id,
    ]),
  );
}

function subjectOf(price: PriceView): string {
  if (price.kind === 'list') return price.target ?? price.model ?? '';
  return `${price.upstream_model}${price.provider === null ? '' : ` at ${price.provider}`}`;
}

function rateCells(rates: RatesView): string[] {
  const others = [
    ['reasoning', rates.reasoning_nano],
    ['audio in', rates.audio_input_nano],
    ['audio out', rates.audio_output_nano],
    ['each image', rates.image_nano === '0' ? null : rates.image_nano],
    ['each request', rates.request_nano === '0' ? null : rates.request_nano],
  ].flatMap(([name, rate]) => (rate === null || rate === undefined ? [] : [`${name} ${showUsd(rate)}`]));
  return [
    showUsd(rates.input_nano),
    showUsd(rates.output_nano),
    rates.cache_read_nano === null ? '-' : showUsd(rates.cache_read_nano),
    rates.cache_write_nano === null ? '-' : showUsd(rates.cache_write_nano),
    others.join(', ') || '-',
  ];
}

/** What became of `price set`. */
export function showSet(model: string, added: PriceView | undefined): string {
  if (added === undefined) return `That is the price of ${model} already; nothing was entered.\n`;
  const { rates, id } = added;
  const when = added.state === 'planned' ? `from ${added.effective_at}` : 'from now on';
  const costs = added.kind === 'cost' ? 'costs us' : 'costs';
  const amounts = added.free ? 'is free' : `${costs} ${ratesText(rates)}`;
  return `${subjectOf(added)} ${amounts}, ${when} (${id}). Calls in flight keep their price.\n`;
}

/** Every rate that was set: `$2.50 a million input tokens, $10.00 a million output tokens and $0.01 each image`. */
function ratesText(rates: RatesView): string {
  const parts = [
    [rates.input_nano, 'a million input tokens'],
    [rates.output_nano, 'a million output tokens'],
    [rates.cache_read_nano, 'a million cache read tokens'],
    [rates.cache_write_nano, 'a million cache write tokens'],
    [rates.reasoning_nano, 'a million reasoning tokens'],
    [rates.audio_input_nano, 'a million audio input tokens'],
    [rates.audio_output_nano, 'a million audio output tokens'],
    [rates.image_nano === '0' ? null : rates.image_nano, 'each image'],
    [rates.request_nano === '0' ? null : rates.request_nano, 'each request'],
  ].flatMap(([rate, unit]) => (rate === null || rate === undefined ? [] : [`${showUsd(rate)} ${unit}`]));
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
