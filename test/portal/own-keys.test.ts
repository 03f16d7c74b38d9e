import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { KEYS_PER_MEMBER_MAX } from '../../src/portal/keys/contract.ts';
import { openOwnPortal, type OwnPortal } from './own-portal.ts';

let portal: OwnPortal;
let ann: string;
let bob: string;

beforeAll(async () => {
  portal = await openOwnPortal();
  ann = await portal.person('Ann');
  bob = await portal.person('Bob');
});
afterAll(() => portal.close());

const at = (account: string, rest: string) => `/portal/v1/accounts/${account}/${rest}`;

async function made(person: string, account: string, body: object = {}) {
  const told = await portal.ask(person, 'POST', at(account, 'keys'), body);
  expect(told).toMatchObject({ status: 201 });
  return told.json as { id: string; key: string; member: string | null; models: string[] | null; scopes: string[] };
}

describe('in an account of one person', () => {
  test('a key is shown once, works, is listed with its last use, and stops at once when it is revoked', async () => {
    await portal.credit(ann, 5);
    const { id, key } = await made(ann, ann, { name: 'First', app: 'bot' });
    expect((await portal.call(key, '/v1/models')).status).toBe(200);
    const listed = await portal.ask(ann, 'GET', at(ann, 'keys'));
    expect(listed.text).not.toContain(key);
    expect(listed.json).toMatchObject({
      data: [{ id, name: 'First', app: 'bot', state: 'active', last_used_at: expect.stringMatching(/^20/) as string }],
    });
    expect((await portal.ask(ann, 'POST', at(ann, `keys/${id}/revoke`), {})).json).toMatchObject({ state: 'revoked' });
    expect((await portal.call(key, '/v1/models')).status).toBe(401);
  });

  test('a rotated key has the same attributes and says what it stands in for', async () => {
    const { id } = await made(ann, ann, { name: 'Turning', models: ['small'] });
    const rotated = await portal.ask(ann, 'POST', at(ann, `keys/${id}/rotate`), { grace_ms: 0 });
    expect(rotated).toMatchObject({ status: 201, json: { name: 'Turning', models: ['small'], replaces: id } });
    expect((await portal.ask(ann, 'POST', at(ann, `keys/${id}/rotate`), {})).status).toBe(409);
  });

  test('a key that is stopped is not given another place to go on from', async () => {
    const { id } = await made(ann, ann);
    const stopped = await portal.ask(ann, 'POST', at(ann, 'stops'), { key_id: id, reason: 'leaked' });
    const { stop } = stopped.json as { stop: { id: string } };
    const refused = await portal.ask(ann, 'POST', at(ann, `keys/${id}/rotate`), { grace_ms: 0 });
    expect(refused).toMatchObject({ status: 409, json: { error: { reason: 'key_stopped' } } });
    await portal.ask(ann, 'POST', at(ann, `stops/${stop.id}/lift`), {});
    expect((await portal.ask(ann, 'POST', at(ann, `keys/${id}/rotate`), { grace_ms: 0 })).status).toBe(201);
  });

  test('a key of somebody else is not there', async () => {
    const { id } = await made(bob, bob);
    for (const [method, path] of [
      ['GET', at(ann, `keys/${id}`)],
      ['POST', at(ann, `keys/${id}/rotate`)],
      ['POST', at(ann, `keys/${id}/revoke`)],
      ['GET', at(bob, `keys/${id}`)],
      ['GET', at(bob, 'keys')],
      ['GET', at('acct_operator', 'keys')],
    ] as const) {
      const body = method === 'POST' ? {} : undefined;
      expect([path, (await portal.ask(ann, method, path, body)).status]).toEqual([path, 404]);
    }
  });

  test.each([
    ['account_id', { account_id: 'acct_operator' }],
    ['product', { product: 'api' }],
    ['role', { role: 'owner' }],
    ['digest', { digest: 'x' }],
    ['originId', { originId: 'abcdefgh' }],
    ['member', { member: 'somebody' }],
    ['app', { app: 'playground' }],
    ['models', { models: ['no-such-model'] }],
    ['limits.requests_per_minute', { limits: { requests_per_minute: 601 } }],
    ['limits.tokens_per_minute', { limits: { tokens_per_minute: 1_000_001 } }],
    ['per_second', { limits: { concurrency: 1, per_second: 1 } }],
    ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
    ['networks', { networks: ['everywhere'] }],
    ['scopes', { scopes: ['admin'] }],
  ])('a key cannot be made with %s', async (field, body) => {
    const told = await portal.ask(ann, 'POST', at(ann, 'keys'), body);
    expect(told).toMatchObject({ status: 400, json: { error: { reason: 'invalid_field' } } });
    expect((told.json['error'] as { message: string }).message).toStartWith(field);
  });

  test('a key of the playground calls models and nothing else, and a fourth one ends the first', async () => {
    const keys: string[] = [];
    for (let made = 0; made < 4; made++) {
      const told = await portal.ask(ann, 'POST', at(ann, 'playground-key'), {});
      expect(told).toMatchObject({ status: 201, json: { playground: true, scopes: ['inference', 'models.read'] } });
      expect(Date.parse(String(told.json['expires_at'])) - Date.now()).toBeLessThanOrEqual(3_600_000);
      keys.push(String(told.json['key']));
    }
    const statuses = await Promise.all(keys.map(async (key) => (await portal.call(key, '/v1/models')).status));
    expect(statuses).toEqual([401, 200, 200, 200]);
    expect((await portal.call(keys[3] ?? '', '/v1/credit')).status).toBe(403);
    const shown = (await portal.ask(ann, 'GET', at(ann, 'keys'))).json['data'] as { playground: boolean }[];
    expect(shown.some(({ playground }) => playground)).toBe(false);
  });
});

describe('in a workspace', () => {
  let team: string;
  let dev: string;
  const people = { owner: '', developer: '', viewer: '', billing: '', stranger: '' };

  beforeAll(async () => {
    team = await portal.workspace('Team');
    for (const role of ['owner', 'developer', 'viewer', 'billing'] as const) {
      people[role] = await portal.person(role);
      const member = portal.join(team, people[role], role);
      if (role === 'developer') dev = member;
    }
    people.stranger = await portal.person('Stranger');
  });

  test('a developer makes keys for themselves alone, and they carry who it is', async () => {
    expect(await made(people.developer, team, { name: 'mine' })).toMatchObject({ member: dev });
    // Whoever may make keys for nobody makes them for themselves all the same, unless they say so.
    expect((await made(people.owner, team)).member).toStartWith('mem_');
    expect((await made(people.owner, team, { member: null })).member).toBeNull();
    const told = await portal.ask(people.developer, 'POST', at(team, 'keys'), {
      member: 'mem_00000000000000000000000001',
    });
    expect(told).toMatchObject({ status: 403, json: { error: { reason: 'not_permitted' } } });
  });

  test('a developer gives no key what they may not do here themselves', async () => {
    expect((await made(people.developer, team)).scopes).toEqual(['inference', 'models.read', 'responses.read']);
    const told = await portal.ask(people.developer, 'POST', at(team, 'keys'), { scopes: ['credit.redeem'] });
    expect(told).toMatchObject({ status: 403 });
  });

  test('what the workspace allows is what a key gets at most', async () => {
    portal.allow(team, ['small']);
    expect((await made(people.developer, team)).models).toEqual(['small']);
    const wider = await portal.ask(people.developer, 'POST', at(team, 'keys'), { models: ['small', 'large'] });
    expect(wider).toMatchObject({ status: 400 });
    portal.allow(team, null);
    portal.allow(team, ['large'], dev);
    expect((await made(people.owner, team, { member: dev })).models).toEqual(['large']);
    expect((await made(people.owner, team)).models).toBeNull();
    portal.allow(team, null, dev);
  });

  test('a developer neither sees nor ends a key of somebody else', async () => {
    const { id } = await made(people.owner, team, { name: 'shared' });
    expect((await portal.ask(people.developer, 'GET', at(team, `keys/${id}`))).status).toBe(404);
    expect((await portal.ask(people.developer, 'POST', at(team, `keys/${id}/revoke`), {})).status).toBe(404);
    const own = (await portal.ask(people.developer, 'GET', at(team, 'keys'))).json['data'] as { member: string }[];
    expect(new Set(own.map(({ member }) => member))).toEqual(new Set([dev]));
    expect((await portal.ask(people.viewer, 'GET', at(team, `keys/${id}`))).status).toBe(200);
  });

  test('roles make keys or do not', async () => {
    const asked = Object.entries(people).map(async ([role, person]) => {
      return [role, (await portal.ask(person, 'POST', at(team, 'keys'), { name: role })).status] as const;
    });
    expect(Object.fromEntries(await Promise.all(asked))).toEqual({
      owner: 201,
      developer: 201,
      viewer: 403,
      billing: 403,
      stranger: 404,
    });
  });

  test('an archived app and one that has left get no key', async () => {
    portal.declareApp(team, 'old', 'Old one', true);
    expect((await portal.ask(people.owner, 'POST', at(team, 'keys'), { app: 'old' })).status).toBe(400);
    const gone = await portal.person('Gone');
    const member = portal.join(team, gone, 'developer');
    portal.leave(team, gone);
    expect((await portal.ask(people.owner, 'POST', at(team, 'keys'), { member })).status).toBe(400);
    expect((await portal.ask(gone, 'GET', at(team, 'keys'))).status).toBe(404);
  });

  test('a hundred at once are no more than a member may have', async () => {
    const eve = await portal.person('Eve');
    const member = portal.join(team, eve, 'developer');
    const asked = Array.from({ length: 100 }, () => portal.ask(eve, 'POST', at(team, 'keys'), {}));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(KEYS_PER_MEMBER_MAX);
    expect(statuses.filter((status) => status === 409)).toHaveLength(100 - KEYS_PER_MEMBER_MAX);
    const held = portal.serving.keys.ofAccount(team).filter((key) => key.member === member);
    expect(held).toHaveLength(KEYS_PER_MEMBER_MAX);
    const first = held[0]?.id ?? '';
    expect((await portal.ask(eve, 'POST', at(team, `keys/${first}/rotate`), {})).status).toBe(409);
    expect((await portal.ask(eve, 'POST', at(team, `keys/${first}/rotate`), { grace_ms: 0 })).status).toBe(201);
  });

  test('terms say what a key may have', async () => {
    portal.declareApp(team, 'bot', 'The bot');
    const mine = (await portal.ask(people.developer, 'GET', at(team, 'key-terms'))).json;
    expect(mine).toMatchObject({
      member: dev,
      for_others: false,
      members: [],
      models: ['small', 'large'],
      models_limited: false,
      limits_max: { requests_per_minute: 600, tokens_per_minute: 1_000_000, concurrency: 20 },
    });
    expect(mine['apps']).toContainEqual({ app: 'bot', name: 'The bot' });
    const all = (await portal.ask(people.owner, 'GET', at(team, 'key-terms'))).json;
    expect(all['members']).toContainEqual({ member: dev, name: `Name of ${people.developer}` });
  });
});
