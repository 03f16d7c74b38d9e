/** Cases 23 to 25: what belongs to one account is as good as absent to every other, and what belongs to nobody to all. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { portalControlApi } from '../../src/portal/index.ts';
import { openOwnPortal, type OwnPortal } from '../portal/own-portal.ts';

let portal: OwnPortal;
/** Who attacks: owner of an account of their own. */
let mallory: string;
let theirs: string;
/** Whom they attack. */
let ann: string;
let team: string;
let malloryKey: string;
let annKey: string;

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;

beforeAll(async () => {
  portal = await openOwnPortal(`
providers: {demo: {kind: demo, tokens_per_second: 40}}
models: {m: {targets: [{provider: demo, upstream_model: demo}]}}
products: {chat: {disconnect_grace_ms: 5000}}
pricing: {unpriced: estimate, estimate: {input_usd_per_million: 1, output_usd_per_million: 2}}
monitor: {enabled: false}
moderation: {encoder: {enabled: false}}
`);
  theirs = await portal.workspace('Theirs');
  team = await portal.workspace('Team');
  mallory = await portal.person('Mallory');
  ann = await portal.person('Ann');
  portal.join(theirs, mallory, 'owner');
  portal.join(team, ann, 'owner');
  for (const account of [theirs, team]) await portal.credit(account, 5);
  malloryKey = String((await portal.ask(mallory, 'POST', at(theirs, 'keys'), {})).json['key']);
  annKey = String((await portal.ask(ann, 'POST', at(team, 'keys'), {})).json['key']);
});
afterAll(() => portal.close());

const told = async (key: string, path: string, body?: unknown, method?: string) => {
  const answer = await (method === undefined
    ? portal.call(key, path, body)
    : portal.serving.gateway.handle(
        new Request(`http://127.0.0.1${path}`, {
          method,
          headers: { host: '127.0.0.1', authorization: `Bearer ${key}` },
        }),
        null,
      ));
  const text = await answer.text();
  return { status: answer.status, text };
};
/** What an answer says, but for what names the request and its object. */
const bare = (text: string, ...ids: readonly string[]) =>
  ids.reduce((left, id) => left.replaceAll(id, 'ID'), text).replace(/req_[0-9A-Z]+/g, 'REQ');

describe('case 23: what was saved by somebody else', () => {
  const ABSENT = 'req_01ARZ3NDEKTSV4RRFFQ69G5FAV';

  test('a response, its items, its receipt and its stream are as absent as those that never were', async () => {
    const made = await portal.call(annKey, '/v1/responses', { model: 'm', input: 'Say 3 words', store: true });
    const { id } = (await made.json()) as { id: string };
    const requestId = made.headers.get('x-request-id') ?? '';
    expect((await told(annKey, `/v1/responses/${id}`)).status).toBe(200);
    expect((await told(annKey, `/v1/receipts/${requestId}`)).status).toBe(200);
    const absent = `resp_${ABSENT.slice(4)}`;
    const tries: readonly (readonly [path: (one: string) => string, method: string, of: string, other: string])[] = [
      [(one) => `/v1/responses/${one}`, 'GET', id, absent],
      [(one) => `/v1/responses/${one}`, 'DELETE', id, absent],
      [(one) => `/v1/responses/${one}/input_items`, 'GET', id, absent],
      [(one) => `/v1/receipts/${one}`, 'GET', requestId, ABSENT],
      [(one) => `/v1/generations/${one}/stream`, 'GET', requestId, ABSENT],
      [(one) => `/v1/generations/${one}/cancel`, 'POST', requestId, ABSENT],
    ];
    for (const [path, method, of, other] of tries) {
      const hidden = await told(malloryKey, path(of), undefined, method);
      const missing = await told(malloryKey, path(other), undefined, method);
      expect([path(of), hidden.status]).toEqual([path(of), 404]);
      expect(bare(hidden.text, of)).toBe(bare(missing.text, other));
    }
    for (const previous of [id, absent]) {
      const continued = await told(malloryKey, '/v1/responses', {
        model: 'm',
        input: 'go on',
        previous_response_id: previous,
      });
      expect(continued.status).toBe(404);
    }
    expect((await told(annKey, `/v1/responses/${id}`)).status).toBe(200);
  });

  test('a stream in progress is cancelled and read by its own account alone', async () => {
    const asked = await portal.call(annKey, '/v1/chat/completions', {
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'Say 400 words' }],
    });
    const requestId = asked.headers.get('x-request-id') ?? '';
    const reader = asked.body?.getReader();
    await reader?.read();
    expect((await told(malloryKey, `/v1/generations/${requestId}/cancel`, undefined, 'POST')).status).toBe(404);
    expect((await told(malloryKey, `/v1/generations/${requestId}/stream`)).status).toBe(404);
    expect(portal.serving.gateway.isLive(requestId)).toBe(true);
    expect((await told(annKey, `/v1/generations/${requestId}/cancel`, undefined, 'POST')).status).toBe(200);
    await reader?.cancel();
  });
});

describe('case 24: routes of an account', () => {
  const ROUTES = portalControlApi.filter(({ path }) => path.includes('{account}'));
  const pathOf = (path: string, account: string) => path.replace('{account}', account).replaceAll(/\{\w+\}/g, 'x_1');

  test('answer whoever does not belong to it as if there were none', async () => {
    expect(ROUTES.length).toBeGreaterThan(30);
    for (const { method, path } of ROUTES) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const hidden = await portal.ask(mallory, method, pathOf(path, team), body);
      const missing = await portal.ask(mallory, method, pathOf(path, 'acct_nobody'), body);
      expect([method, path, hidden.status]).toEqual([method, path, 404]);
      expect([path, hidden.json['error']]).toEqual([path, missing.json['error']]);
    }
  });

  test('are there for whoever does', async () => {
    const lists = ROUTES.filter(({ method, path }) => method === 'GET' && path.match(/\{/g)?.length === 1);
    expect(lists.length).toBeGreaterThan(8);
    const statuses = new Map<string, number>();
    for (const { path } of lists) statuses.set(path, (await portal.ask(ann, 'GET', pathOf(path, team))).status);
    const absent = [...statuses].filter(([, status]) => status === 404).map(([path]) => path);
    expect(absent).toEqual([]);
  });

  test('take no object of another account along', async () => {
    const key = portal.serving.keys.ofAccount(team)[0];
    const stop = await portal.ask(ann, 'POST', at(team, 'stops'), { app: 'nothing', reason: 'x' });
    expect(stop.status).toBe(404);
    const stopped = await portal.ask(ann, 'POST', at(team, 'stops'), { key_id: key?.id, reason: 'x' });
    const { id: stopId } = (stopped.json as { stop: { id: string } }).stop;
    const tries: readonly (readonly [method: string, path: string, body: object | undefined])[] = [
      ['GET', at(theirs, `keys/${key?.id}`), undefined],
      ['POST', at(theirs, `keys/${key?.id}/revoke`), {}],
      ['POST', at(theirs, `keys/${key?.id}/rotate`), {}],
      ['POST', at(theirs, 'stops'), { key_id: key?.id, reason: 'mine now' }],
      ['GET', at(theirs, `stops/${stopId}`), undefined],
      ['POST', at(theirs, `stops/${stopId}/lift`), {}],
    ];
    for (const [method, path, body] of tries) {
      expect([path, (await portal.ask(mallory, method, path, body)).status]).toEqual([path, 404]);
    }
    expect((await portal.ask(ann, 'POST', at(team, `stops/${stopId}/lift`), {})).status).toBe(200);
  });
});

describe('case 25: what belongs to nobody', () => {
  test('a request without a key has a record, and no key sees it', async () => {
    const refused = await portal.call('cd_live_nonsense', '/v1/chat/completions', { model: 'm' });
    const requestId = refused.headers.get('x-request-id') ?? '';
    expect([refused.status, requestId.startsWith('req_')]).toEqual([401, true]);
    for (const key of [annKey, malloryKey]) expect((await told(key, `/v1/receipts/${requestId}`)).status).toBe(404);
  });

  test('nothing of the API but what says so is open without a key', async () => {
    const paths = [
      'models',
      'models/m',
      'credit',
      'receipts/x',
      'responses/x',
      'responses/x/input_items',
      'generations/x/stream',
    ];
    for (const path of paths) expect([path, (await told('', `/v1/${path}`)).status]).toEqual([path, 401]);
    const posts = [
      'chat/completions',
      'responses',
      'messages',
      'embeddings',
      'moderations',
      'credit/redeem',
      'generations/x/cancel',
    ];
    for (const path of posts) expect([path, (await told('', `/v1/${path}`, {})).status]).toEqual([path, 401]);
  });

  test('nothing of the portal is open to nobody', async () => {
    for (const { method, path, access } of portalControlApi) {
      if (access === 'public') continue;
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const { status } = await portal.ask(null, method, path.replaceAll(/\{\w+\}/g, team), body);
      expect([method, path, [401, 404].includes(status)]).toEqual([method, path, true]);
    }
  });
});
