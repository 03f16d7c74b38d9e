import { afterEach, expect, test } from 'bun:test';
import type { Config, TargetConfig } from '../../config/config.ts';
import { PRICES_PER_CALL_MAX, type PriceListView } from './contract.ts';
import { createBooks, type OpenedBook } from './proving/open-book.ts';
import { priceRoutes } from './routes.ts';

const { clock, open, closeAll } = createBooks();
afterEach(closeAll);

const target = (provider: string, upstreamModel: string): TargetConfig => ({
  provider,
  upstreamModel,
  weight: 1,
  passFields: [],
  timeouts: { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 },
  concurrencyMax: 1,
});
const model = (...targets: TargetConfig[]) => ({
  targets,
  fallbacks: [],
  limits: {},
  ownedBy: 'us',
  contextTokens: null,
  maxOutputTokens: null,
  small: false,
});
const CONFIG: Pick<Config, 'models' | 'providers'> = {
  providers: { house: { kind: 'demo', tokensPerSecond: 1 } },
  models: { large: model(target('house', 'big'), target('house', 'bigger')), small: model(target('house', 'mini')) },
};
const RATES = { input_nano: '2500000000', output_nano: '10000000000' };
const LIST = { kind: 'list', model: 'large', rates: RATES };

function asking({ book }: OpenedBook, config: typeof CONFIG | null = CONFIG) {
  const routes = priceRoutes(book, clock, config);
  return {
    async add(body: unknown) {
      const answer = await routes.request('/control/v1/prices', { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    async list(query = '') {
      const answer = await routes.request(`/control/v1/prices${query}`);
      return { status: answer.status, ...((await answer.json()) as PriceListView) };
    },
  };
}

test('a price is entered and shown, with rates as text and where each model gets its price from', async () => {
  const opened = await open({ defaultMarginBp: 1000 });
  const api = asking(opened);
  const cost = { kind: 'cost', upstream_model: 'mini', rates: { ...RATES, cache_read_nano: '9', image_nano: '7' } };
  const added = await api.add({ prices: [LIST, cost, LIST], source: 'a-file' });
  expect(added.status).toBe(201);
  expect(added.body).toMatchObject({ unchanged: 1 });
  const { data, models } = await api.list();
  expect(data).toMatchObject([
    { kind: 'list', model: 'large', target: null, provider: null, state: 'in_force', source: 'a-file', free: false },
    { kind: 'cost', model: null, provider: null, upstream_model: 'mini', note: null },
  ]);
  expect(data[0]?.rates).toEqual({
    ...RATES,
    cache_read_nano: null,
    cache_write_nano: null,
    reasoning_nano: null,
    audio_input_nano: null,
    audio_output_nano: null,
    image_nano: '0',
    request_nano: '0',
  });
  expect(models).toMatchObject([
    {
      model: 'large',
      targets: [
        { target: 'large/0', upstream_model: 'big', from: 'list', price_id: data[0]?.id ?? '', cost_known: true },
        { target: 'large/1', upstream_model: 'bigger', from: 'list' },
      ],
    },
    {
      model: 'small',
      targets: [{ target: 'small/0', from: 'cost', price_id: `${data[1]?.id}+1000`, rates: { image_nano: '8' } }],
    },
  ]);
});

test('a list shows what is in force, of one model if asked, and everything if asked', async () => {
  const api = asking(await open());
  const later = new Date(clock.now + 5000).toISOString();
  await api.add({ prices: [LIST, { ...LIST, rates: { ...RATES, input_nano: '1' }, effective_at: later }] });
  await api.add({
    prices: [
      { ...LIST, model: 'small' },
      { kind: 'cost', upstream_model: 'big', rates: RATES },
    ],
  });
  expect((await api.list()).data.map((price) => price.model)).toEqual(['large', 'small', null]);
  expect((await api.list('?model=large')).data.map((price) => price.upstream_model)).toEqual([null, 'big']);
  const all = await api.list('?model=large&all=1');
  expect(all.data.map((price) => price.state)).toEqual(['in_force', 'planned', 'in_force']);
  expect(all.models?.map((one) => one.model)).toEqual(['large']);
  clock.now += 5000;
  expect((await api.list('?model=large&all=1')).data.map((price) => price.state)).toEqual([
    'replaced',
    'in_force',
    'in_force',
  ]);
  expect((await api.list('?model=larg')).status).toBe(404);
});

test('an unpriced model is shown as such, and a free one is not', async () => {
  const api = asking(await open());
  const free = { kind: 'list', model: 'small', rates: { input_nano: '0', output_nano: '0' }, free: true };
  expect((await api.add({ prices: [free] })).status).toBe(201);
  const { models } = await api.list();
  expect(models?.map((one) => one.targets[0]?.from)).toEqual(['none', 'list']);
  expect(models?.[0]?.targets[0]).toMatchObject({ price_id: null, rates: null });
});

test.each([
  [{ ...LIST, model: 'larg' }, 'prices.0.model: there is no model larg here, but large, small'],
  [{ ...LIST, target: 'large/2' }, 'prices.0.target: there is no target large/2 of large here, but large/0, large/1'],
  [{ ...LIST, target: 'small/0' }, 'prices.0.target: there is no target small/0 of large here'],
  [{ kind: 'cost', provider: 'hause', upstream_model: 'x', rates: RATES }, 'prices.0.provider: there is no provider'],
  [{ ...LIST, rates: { ...RATES, input_nano: '-1' } }, 'prices.0.rates.input_nano: must be nano-dollars'],
  [{ ...LIST, rates: { ...RATES, output_nano: 'NaN' } }, 'prices.0.rates.output_nano: must be nano-dollars'],
  [{ ...LIST, rates: { ...RATES, input_nano: 2.5 } }, 'prices.0.rates.input_nano: must be nano-dollars'],
  [{ ...LIST, rates: { input_nano: '1' } }, 'prices.0.rates.output_nano: must be nano-dollars'],
  [{ ...LIST, rates: { ...RATES, input_nano: '1000000000000001' } }, 'large: input is more than $1000000.00'],
  [{ ...LIST, rates: { input_nano: '0', output_nano: '0' } }, 'large: is zero throughout; say that it is free'],
  [{ ...LIST, effective_at: '2020-01-01T00:00:00Z' }, 'prices.0.effective_at: lies in the past'],
  [{ ...LIST, effective_at: 'tomorrow' }, 'prices.0.effective_at: must be a time such as'],
  [{ ...LIST, note: 'x\ny' }, 'prices.0.note: must be 1 to 200 printable characters'],
  [{ ...LIST, provider: 'house' }, 'provider: is not a field of this request'],
])('%j is refused and changes nothing', async (price, words) => {
  const opened = await open();
  const api = asking(opened);
  const refused = await api.add({ prices: [{ ...LIST, model: 'small' }, price].reverse() });
  expect(refused.status).toBe(400);
  expect((refused.body['error'] as { message: string }).message).toStartWith(words);
  expect(opened.book.list(null)).toEqual([]);
});

test('lists beyond their length, and no list at all, are refused', async () => {
  const api = asking(await open());
  for (const body of [{}, { prices: [] }, { prices: Array.from({ length: PRICES_PER_CALL_MAX + 1 }, () => LIST) }]) {
    expect((await api.add(body)).status).toBe(400);
  }
});

test('another price of the same start is a conflict', async () => {
  const api = asking(await open());
  const effective_at = new Date(clock.now + 1000).toISOString();
  expect((await api.add({ prices: [{ ...LIST, effective_at }] })).status).toBe(201);
  const again = await api.add({ prices: [{ ...LIST, effective_at, rates: { ...RATES, input_nano: '1' } }] });
  expect(again).toMatchObject({ status: 409, body: { error: { reason: 'price_conflict', index: 0 } } });
});

test('without a configuration any model may be priced, and nothing is said of models', async () => {
  const api = asking(await open(), null);
  expect((await api.add({ prices: [{ ...LIST, model: 'later' }] })).status).toBe(201);
  expect((await api.list('?model=later')).data).toHaveLength(1);
  expect((await api.list()).models).toBeNull();
});
