import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { portalReceiptView, portalRequestsAnswer, portalUsageAnswer } from '../../src/portal/usage/contract.ts';
import { openOwnPortal, type OwnPortal, type Told } from './own-portal.ts';

let portal: OwnPortal;
let ann: string;
let bob: string;
let team: string;
let dev: { id: string; member: string; key: string };
let lead: { id: string; member: string; key: string };

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;
const span = () => ({
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
});
const chat = (model: string) => ({ model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 20 });

async function keyOf(person: string, account: string, body: object): Promise<string> {
  const told = await portal.ask(person, 'POST', at(account, 'keys'), body);
  expect(told.status).toBe(201);
  return String(told.json['key']);
}

beforeAll(async () => {
  portal = await openOwnPortal();
  ann = await portal.person('Ann');
  bob = await portal.person('Bob');
  team = await portal.workspace('Team');
  for (const account of [ann, bob, team]) await portal.credit(account, 5);
  await portal.serving.money.prices.add(
    ['small', 'large'].map((model) => ({
      subject: {
        kind: 'list',
        model,
        target: null,
      },
      rates: {
        input: 2000000000n,
        output: 10000000000n,
        cacheRead: null,
        cacheWrite: null,
        reasoning: null,
        audioInput: null,
        audioOutput: null,
        image: 0n,
        request: 0n,
      },
      free: false,
      effectiveAtMs: Date.now() - 1e3,
      source: 'manual',
      note: null,
    })),
  );
  const member = async (name: string, role: 'developer' | 'owner', app: string) => {
    const id = await portal.person(name);
    const slug = portal.join(team, id, role);
    return { id, member: slug, key: await keyOf(id, team, { app, name: `key of ${name}` }) };
  };
  dev = await member('Dev', 'developer', 'bot');
  lead = await member('Lead', 'owner', 'site');
  const owned = await keyOf(lead.id, team, { app: 'site', member: lead.member });
  const annKey = await keyOf(ann, ann, { app: 'mine', name: 'the key', models: ['small'] });
  const bobKey = await keyOf(bob, bob, { app: 'his' });
  for (const key of [dev.key, owned, annKey, bobKey]) {
    const answer = await portal.call(key, '/v1/chat/completions', chat('small'));
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
  }
  expect((await portal.call(annKey, '/v1/chat/completions', chat('large'))).status).toBe(403);
  await portal.carry();
});
afterAll(() => portal.close());

async function requestsOf(person: string, account: string, body: object = {}) {
  const told = await portal.ask(person, 'POST', at(account, 'requests/query'), { ...span(), ...body });
  expect(told).toMatchObject({ status: 200 });
  return portalRequestsAnswer.parse(told.json);
}

describe('questions', () => {
  const ask = (person: string, account: string, body: object): Promise<Told> =>
    portal.ask(person, 'POST', at(account, 'usage/query'), { ...span(), measures: ['requests'], ...body });

  test('an account sees its own usage alone, whatever conditions are sent', async () => {
    const mine = portalUsageAnswer.parse(
      (await ask(ann, ann, { by: ['app', 'key'], measures: ['requests', 'price_nano'] })).json,
    );
    expect(mine.totals.requests).toBe(2);
    expect(mine.rows.map(({ group }) => group.app)).toEqual(['mine']);
    expect(Object.values(mine.names?.key ?? {})).toEqual(['the key']);
    expect(BigInt(mine.totals.price_nano ?? 0)).toBeGreaterThan(0n);
    const theirs = await ask(ann, ann, { where: [{ dimension: 'app', values: ['his'] }] });
    expect(theirs.json).toMatchObject({ totals: { requests: 0 } });
    expect((await ask(ann, ann, { where: [{ dimension: 'account', values: [bob] }] })).status).toBe(400);
    expect((await ask(ann, ann, { by: ['account'] })).status).toBe(400);
    expect((await ask(ann, bob, {})).status).toBe(404);
  });

  test.each(['cost_nano', 'margin_nano', 'unknown_cost', 'accounts'])('%s is not told', async (measure) => {
    expect((await ask(ann, ann, { measures: [measure] })).status).toBe(400);
  });

  test('a developer sees what their own keys did, those who look after the workspace all of it', async () => {
    const own = portalUsageAnswer.parse((await ask(dev.id, team, { by: ['member'] })).json);
    expect(own).toMatchObject({ own_only: true, totals: { requests: 1 } });
    const all = portalUsageAnswer.parse((await ask(lead.id, team, { by: ['member'] })).json);
    expect(all).toMatchObject({ own_only: false, totals: { requests: 2 } });
    expect(all.names?.member?.[dev.member]).toBe(`Name of ${dev.id}`);
  });

  test('the answer comes as a file', async () => {
    const told = await portal.ask(ann, 'POST', at(ann, 'usage/export'), {
      ...span(),
      by: ['model'],
      measures: ['requests', 'tokens'],
      interval: 'day',
    });
    expect(told.text.split('\r\n')[0]).toBe('model,at,requests,tokens');
    expect(told.text).toContain('small,');
  });

  test('too many at the same time are told to wait', async () => {
    const asked = Array.from({ length: 12 }, () => ask(bob, bob, {}));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
  });
});

describe('requests', () => {
  test('those that were refused are there with their reason, and nothing tells of the upstream', async () => {
    const { data } = await requestsOf(ann, ann);
    expect(data.map(({ model, outcome, reason }) => [model, outcome, reason])).toEqual([
      ['large', 'refused', 'model_not_allowed'],
      ['small', 'completed', null],
    ]);
    expect(JSON.stringify(data)).not.toMatch(/provider|target|cost_nano|model_served/);
  });

  test('a receipt says what the price is made of and which credit paid', async () => {
    const done = (await requestsOf(ann, ann)).data.find(({ outcome }) => outcome === 'completed');
    const told = await portal.ask(ann, 'GET', at(ann, `requests/${done?.id}`));
    const receipt = portalReceiptView.parse(told.json);
    expect(receipt.lines.map(({ what }) => what)).toEqual(['input', 'output']);
    expect(receipt.paid_by.reduce((sum, { amount_nano: amount }) => sum + BigInt(amount), 0n)).toBe(
      BigInt(receipt.price_nano),
    );
    for (const [person, account] of [
      [bob, bob],
      [ann, bob],
      [bob, ann],
    ] as const) {
      expect((await portal.ask(person, 'GET', at(account, `requests/${done?.id}`))).status).toBe(404);
    }
  });

  test('a developer reads the receipts of their own requests alone', async () => {
    const all = (await requestsOf(lead.id, team)).data;
    const statuses = await Promise.all(
      all.map(
        async ({ id, member }) =>
          [member, (await portal.ask(dev.id, 'GET', at(team, `requests/${id}`))).status] as const,
      ),
    );
    expect(Object.fromEntries(statuses)).toEqual({ [dev.member]: 200, [lead.member]: 404 });
  });

  test('pages follow each other, and a file has all of them', async () => {
    const first = await requestsOf(ann, ann, { limit: 1 });
    const second = await requestsOf(ann, ann, { limit: 1, after: first.next });
    expect([first.data.length, second.data.length, second.next]).toEqual([1, 1, null]);
    expect((await portal.ask(ann, 'POST', at(ann, 'requests/query'), { ...span(), after: 'nonsense' })).status).toBe(
      400,
    );
    const file = await portal.ask(ann, 'POST', at(ann, 'requests/export'), span());
    expect(file.text.trim().split('\r\n')).toHaveLength(3);
  });
});

test('limits say what holds and what of it is used', async () => {
  const told = (await portal.ask(ann, 'GET', at(ann, 'limits'))).json as { data: { kind: string }[] };
  expect(told.data.map(({ kind }) => kind)).toEqual(['account', 'app', 'key']);
  expect(told.data[0]).toMatchObject({ requests_per_minute: { limit: 3_000 }, tokens_per_minute: null, in_flight: 0 });
  expect(told.data[2]).toMatchObject({
    name: 'the key',
    requests_per_minute: { limit: 600 },
    concurrency: { limit: 20, used: 0 },
  });
  const own = (await portal.ask(dev.id, 'GET', at(team, 'limits'))).json as { data: { kind: string }[] };
  expect(own.data.map(({ kind }) => kind)).toEqual(['app', 'key']);
});

test('models are those that may be used, at what the account pays', async () => {
  portal.allow(team, ['large']);
  const told = (await portal.ask(dev.id, 'GET', at(team, 'models'))).json;
  expect(told).toMatchObject({
    data: [{ model: 'large', output_tokens_max: 2_000, prices: [{ input_nano: '2000000000' }], estimated: false }],
    free_of_charge: false,
    first_model: 'large',
  });
  portal.allow(team, null);
});
