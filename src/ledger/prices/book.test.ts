import { afterEach, describe, expect, test } from 'bun:test';
import type { PricingConfig } from '../../config/pricing.ts';
import type { Usage } from '../../providers/index.ts';
import type { NewPrice, PriceBook, PriceSubject, Quote, QuotedTarget, Rates } from '../price.ts';
import { readRatesById } from './book.ts';
import { chargeOf } from './charge.ts';
import { createBooks } from './proving/open-book.ts';
import { plainRates } from './rates.ts';

const { clock, open, close, closeAll } = createBooks();
afterEach(closeAll);

const ESTIMATE: Partial<PricingConfig> = { unpriced: 'estimate', estimate: { input: 7_000_000n, output: 9_000_000n } };

const LARGE = { name: 'large/0', provider: 'openai', upstreamModel: 'gpt' };
const OTHER = { name: 'large/1', provider: 'azure', upstreamModel: 'gpt' };
const SMALL = { name: 'small/0', provider: 'openai', upstreamModel: 'mini' };
const OURS = { name: 'demo/0', provider: 'house', upstreamModel: 'demo' };
const THOUSAND: Usage = {
  inputTokens: 1000,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

const list = (model: string, target: string | null = null): PriceSubject => ({ kind: 'list', model, target });
const cost = (upstreamModel: string, provider: string | null = null): PriceSubject => ({
  kind: 'cost',
  provider,
  upstreamModel,
});

/** `input` in nano-dollars for a thousand tokens. */
function entry(subject: PriceSubject, input: number, more: Partial<NewPrice & { rates: Rates }> = {}): NewPrice {
  const rates = plainRates(BigInt(input) * 1000n, BigInt(input) * 1000n);
  return { subject, rates, free: false, effectiveAtMs: clock.now, source: 'manual', note: null, ...more };
}

async function add(book: PriceBook, ...prices: NewPrice[]) {
  const added = await book.add(prices);
  if (!added.ok) throw new Error(added.refusal.message);
  return added.value;
}

function quote(book: PriceBook, targets: readonly QuotedTarget[] = [LARGE], marginBp = 0): Quote {
  const quoted = book.quote({ model: 'large', targets, marginBp });
  if (!quoted.ok) throw new Error(`${quoted.refusal.reason} ${quoted.refusal.model}`);
  return quoted.value;
}

const priceAt = (quoted: Quote, target: QuotedTarget = LARGE) => quoted.charge(THOUSAND, 0, target).price;

describe('a quote', () => {
  test('is by the list price of the target before that of the model', async () => {
    const { book } = await open();
    const [model, target] = await add(book, entry(list('large'), 100), entry(list('large', 'large/1'), 300));
    const quoted = quote(book, [LARGE, OTHER]);
    expect([priceAt(quoted), priceAt(quoted, OTHER)]).toEqual([100n, 300n]);
    expect([quoted.priceIdAt(LARGE), quoted.priceIdAt(OTHER)]).toEqual([model?.id ?? '', target?.id ?? '']);
    expect(quoted.priceId).toBe(target?.id ?? '');
    expect(quoted.bound({ input: 1000, output: 0 }, 0)).toBe(300n);
    expect(quoted.output(1000)).toBe(300n);
    expect(quoted.estimated).toBe(false);
  });

  test('adds the margin of the plan', async () => {
    const { book } = await open();
    await add(book, entry(list('large'), 100));
    expect(priceAt(quote(book, [LARGE], 1000))).toBe(110n);
    expect(priceAt(quote(book, [LARGE], -1000))).toBe(90n);
    expect(quote(book, [LARGE], 1000).marginBp).toBe(1000);
  });

  test('is by the cost and the default margin where there is no list price', async () => {
    const { book } = await open({ defaultMarginBp: 2000 });
    const [anyone, azure] = await add(book, entry(cost('gpt'), 100), entry(cost('gpt', 'azure'), 200));
    const quoted = quote(book, [LARGE, OTHER], 1000);
    expect(quoted.charge(THOUSAND, 0, LARGE)).toEqual({ price: 132n, rounding: 0n, cost: 100n });
    expect(quoted.charge(THOUSAND, 0, OTHER)).toEqual({ price: 264n, rounding: 0n, cost: 200n });
    expect(quoted.priceIdAt(LARGE)).toBe(`${anyone?.id}+2000`);
    expect(quoted.priceIdAt(OTHER)).toBe(`${azure?.id}+2000`);
  });

  test('is kept until the book changes', async () => {
    const { book } = await open();
    await add(book, entry(list('large'), 100));
    const kept = quote(book);
    expect(quote(book)).toBe(kept);
    expect(quote(book, [{ ...LARGE }])).toBe(kept);
    expect(quote(book, [LARGE], 1)).not.toBe(kept);
    expect(quote(book, [OTHER])).not.toBe(kept);
    clock.now += 1000;
    await add(book, entry(list('large'), 500));
    expect(priceAt(quote(book))).toBe(500n);
    // A call that was let in before pays what it was told.
    expect(priceAt(kept)).toBe(100n);
  });

  test('of a target that a fallback has is by the price of the fallback', async () => {
    const { book, alarms } = await open();
    await add(book, entry(list('large'), 100));
    const refused = book.quote({ model: 'large', targets: [LARGE, SMALL], marginBp: 0 });
    expect(refused).toEqual({ ok: false, refusal: { reason: 'model_unpriced', model: 'small' } });
    expect(alarms).toEqual([['small', false]]);
    await add(book, entry(list('small'), 5));
    const quoted = quote(book, [LARGE, SMALL]);
    expect([priceAt(quoted), priceAt(quoted, SMALL)]).toEqual([100n, 5n]);
    expect(quoted.bound({ input: 1000, output: 0 }, 0)).toBe(100n);
  });

  test('an entry with a date takes over at that time, by the clock, and the other way round', async () => {
    const { book } = await open();
    await add(book, entry(list('large'), 100), entry(list('large'), 200, { effectiveAtMs: clock.now + 5000 }));
    expect(priceAt(quote(book))).toBe(100n);
    clock.now += 4999;
    expect(priceAt(quote(book))).toBe(100n);
    clock.now += 1;
    expect(priceAt(quote(book))).toBe(200n);
    clock.now -= 2000;
    expect(priceAt(quote(book))).toBe(100n);
    expect(book.list(clock.now)).toHaveLength(1);
    expect(book.list(null)).toHaveLength(2);
  });
});

describe('a model without a price', () => {
  test('is refused, with an alarm at most once a minute', async () => {
    const { book, alarms } = await open();
    for (let time = 0; time < 3; time++) {
      const quoted = book.quote({ model: 'large', targets: [LARGE], marginBp: 0 });
      expect(quoted).toEqual({ ok: false, refusal: { reason: 'model_unpriced', model: 'large' } });
    }
    expect(alarms).toEqual([['large', false]]);
    clock.now += 60_000;
    book.quote({ model: 'large', targets: [LARGE], marginBp: 0 });
    expect(alarms).toHaveLength(2);
  });

  test('is estimated by policy, marked and with an alarm', async () => {
    const { book, alarms } = await open(ESTIMATE);
    const quoted = quote(book);
    expect(quoted.estimated).toBe(true);
    expect(priceAt(quoted)).toBe(7000n);
    expect(quoted.priceId).toBe('estimate:7000000:9000000');
    expect(alarms).toEqual([['large', true]]);
    expect(quoted.charge(THOUSAND, 0, LARGE).cost).toBeNull();
  });

  test('is not priced by a cost of nothing', async () => {
    const { book } = await open({ defaultMarginBp: 5000 });
    await add(book, entry(cost('gpt'), 0, { free: true }));
    expect(book.quote({ model: 'large', targets: [LARGE], marginBp: 0 }).ok).toBe(false);
    await add(book, entry(list('large'), 0, { free: true }));
    expect(priceAt(quote(book))).toBe(0n);
  });

  test('is not priced because our own machine serves it, whose cost is known to be nothing', async () => {
    const { book } = await open();
    expect(book.quote({ model: 'demo', targets: [OURS], marginBp: 0 }).ok).toBe(false);
    expect(book.costOf(THOUSAND, 0, OURS)).toBe(0n);
    expect(book.costOf(THOUSAND, 0, LARGE)).toBeNull();
    await add(book, entry(cost('demo', 'house'), 3));
    expect(book.costOf(THOUSAND, 0, OURS)).toBe(3n);
  });
});

test('every price id of a quote names its rates for good', async () => {
  const first = await open({ ...ESTIMATE, defaultMarginBp: 333 });
  await add(first.book, entry(cost('gpt'), 101), entry(list('small'), 7));
  const targets = [LARGE, SMALL, OURS];
  const quoted = quote(first.book, targets);
  const marginBp = 1700;
  const dearer = quote(first.book, targets, marginBp);
  await close(first.storage);
  const { book, storage } = await open({ defaultMarginBp: 9999 }, first.folder);
  const read = await readRatesById(storage.reader);
  for (const target of targets) {
    const rates = book.ratesOf(quoted.priceIdAt(target));
    expect(read(quoted.priceIdAt(target))).toEqual(rates);
    if (rates === null) throw new Error('the rates are known');
    const again = chargeOf({ usage: THOUSAND, images: 0, rates, marginBp, cost: null });
    expect(again.price).toBe(priceAt(dearer, target));
  }
  expect([book.ratesOf('price_unknown'), book.ratesOf('estimate'), book.ratesOf('estimate:1')]).toEqual([
    null,
    null,
    null,
  ]);
  expect(book.find('price_unknown')).toBeNull();
});

/** Rates as the database has them. */
const WRITTEN = {
  input: '1',
  output: '1',
  cacheRead: null,
  cacheWrite: null,
  reasoning: null,
  audioInput: null,
  audioOutput: null,
  image: '0',
  request: '0',
};

describe('entries', () => {
  test('survive a restart exactly, beyond what a floating-point number holds', async () => {
    const first = await open();
    const rates = { ...plainRates(999_999_999_999_999n, 3n), cacheRead: 1n, audioOutput: 0n, image: 999_999_999_999n };
    const [made] = await add(first.book, entry(list('large', 'large/0'), 1, { rates, note: 'by hand' }));
    await close(first.storage);
    const { book } = await open({}, first.folder);
    expect(book.list(null)).toEqual(made === undefined ? [] : [made]);
    expect(book.find(made?.id ?? '')?.rates).toEqual(rates);
  });

  test('that say what holds already add nothing', async () => {
    const { book } = await open();
    expect(await add(book, entry(list('large'), 1), entry(cost('gpt'), 2))).toHaveLength(2);
    clock.now += 1000;
    expect(
      await add(book, entry(list('large'), 1), entry(cost('gpt'), 2), entry(cost('gpt', 'azure'), 2)),
    ).toHaveLength(1);
    expect(await add(book, entry(list('large'), 5), entry(list('large'), 5))).toHaveLength(1);
    expect(book.list(null)).toHaveLength(4);
  });

  test.each([
    ['negative', plainRates(-1n, 1n), false, 'large: input is negative'],
    [
      'absurd',
      plainRates(1n, 1_000_000_000_000_001n),
      false,
      'large: output is more than $1000000.00 per million tokens',
    ],
    ['absurd fee', { ...plainRates(1n, 1n), image: 10n ** 13n }, false, 'large: image is more than $1000.00 per image'],
    ['all zero', plainRates(0n, 0n), false, 'large: is zero throughout'],
    ['free with a rate', plainRates(1n, 0n), true, 'large: is said to be free'],
  ])('of %s rates are refused, and none of the list is added', async (_, rates, free, words) => {
    const { book } = await open();
    const refused = await book.add([entry(list('small'), 1), entry(list('large'), 1, { rates, free })]);
    expect(refused).toMatchObject({ ok: false, refusal: { reason: 'invalid_price', index: 1 } });
    expect(refused.ok ? '' : refused.refusal.message).toStartWith(words);
    expect(book.list(null)).toEqual([]);
  });

  test('of the same start with other rates conflict, also when they are entered at once', async () => {
    const { book } = await open();
    await add(book, entry(list('large'), 1));
    const refused = await book.add([entry(list('small'), 1), entry(list('large'), 2)]);
    expect(refused).toMatchObject({ ok: false, refusal: { reason: 'price_conflict', index: 1 } });
    expect(book.list(null)).toHaveLength(1);
    const both = await Promise.all([book.add([entry(list('small'), 1)]), book.add([entry(list('small'), 2)])]);
    expect(both.map((one) => one.ok)).toEqual([true, false]);
    expect(both[1]).toMatchObject({ refusal: { reason: 'price_conflict', index: 0 } });
  });

  test.each([
    ['negative', { input: '-5' }, 'input is negative'],
    ['zero', { input: '0', output: '0' }, 'is zero throughout'],
    ['absurd', { output: '1000000000000001' }, 'output is more than'],
    ['no number', { input: 'NaN' }, 'input is absent or no whole number'],
    ['a floating-point number', { input: 2.5 }, 'input is absent or no whole number'],
    ['incomplete', { request: null }, 'request is absent or no whole number'],
    ['not JSON', null, 'its rates are no JSON object'],
  ])('that were made %s in the database keep the book from opening', async (_, rates, words) => {
    const { book, storage, folder } = await open();
    const [made] = await add(book, entry(list('large'), 1));
    const text = rates === null ? '{' : JSON.stringify({ ...WRITTEN, ...rates });
    await storage.writer.write([{ sql: 'update ledger_price set rates = ?', parameters: [text] }]);
    await close(storage);
    const failure = await open({}, folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toContain(`the price ${made?.id} of large cannot be charged by`);
    expect(String(failure)).toContain(words);
  });
});
