import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ControlRoute } from '../http/control-api.ts';
import { OWN_PERMISSIONS } from '../http/contract.ts';
import { MEMBER_ROLES, type MemberRole } from './contract.ts';
import { workspacesPortalApi } from './portal-api.ts';
import { type Browser, openWorkspaceWorld, type WorkspaceWorld } from './proving/world.ts';
import { roleAllows } from './roles.ts';

let world: WorkspaceWorld;
let account = '';
const people = new Map<MemberRole | 'stranger', Browser>();
/** Of somebody else's workspace: real objects that are not to be known of. */
const foreign = { account: '', member: '', invitation: '', domain: '', app: 'shop', token: '' };

beforeAll(async () => {
  world = await openWorkspaceWorld();
  const { id, owner } = await world.workspace();
  account = id;
  people.set('owner', owner);
  for (const role of MEMBER_ROLES.slice(1)) people.set(role, await world.member(id, role));
  people.set('stranger', await world.person());
  const other = await world.workspace('Other');
  foreign.account = other.id;
  foreign.member = (await world.member(other.id, 'admin')).memberId;
  const path = `/portal/v1/accounts/${other.id}`;
  const idOf = async (rest: string, body: unknown) =>
    ((await other.owner.ask('POST', path + rest, body)).body as { id: string }).id;
  foreign.invitation = await idOf('/invitations', { email: 'x@mail.example', role: 'viewer' });
  foreign.domain = await idOf('/domains', { domain: 'other-company.com' });
  foreign.token = await idOf('/scim-tokens', { name: 'directory' });
  await idOf('/apps', { id: foreign.app, name: 'Shop' });
});
afterAll(() => world.close());

/** A path with the account asked for, and ids of nothing elsewhere. */
function fill(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'nothing');
}

const inAccounts = workspacesPortalApi.filter(({ path }) => path.includes('{account}'));
const name = ({ method, path }: ControlRoute) => `${method} ${path}`;

test('the roles, as people are told', () => {
  const lacks = (role: MemberRole) => OWN_PERMISSIONS.filter((permission) => !roleAllows(role, permission));
  const may = (role: MemberRole) => OWN_PERMISSIONS.filter((permission) => roleAllows(role, permission));
  expect(lacks('owner')).toEqual([]);
  expect(lacks('admin')).toEqual(['own.billing.write']);
  expect(may('viewer')).toEqual(['own.account.read', 'own.usage.read', 'own.keys.read', 'own.members.read']);
  expect(may('developer').filter((one) => !may('viewer').includes(one))).toEqual(['own.keys.write']);
  expect(may('billing').filter((one) => one.endsWith('.write'))).toEqual(['own.billing.write']);
});

describe('whoever lacks what a route asks for is refused before anything of it is read', () => {
  for (const route of inAccounts) {
    test(name(route), async () => {
      const wanted = [route.access, ...(route.also === undefined ? [] : [route.also])];
      for (const role of MEMBER_ROLES) {
        const allowed = wanted.every((one) =>
          OWN_PERMISSIONS.some((permission) => permission === one && roleAllows(role, permission)),
        );
        if (allowed) continue;
        const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : 'no JSON at all';
        const answer = await people.get(role)?.ask(route.method, fill(route.path, { account }), body);
        expect([role, answer?.status]).toEqual([role, 403]);
      }
    });
  }
});

describe('a stranger and nobody at all are told nothing', () => {
  for (const route of inAccounts) {
    test(name(route), async () => {
      const path = fill(route.path, { account });
      expect((await people.get('stranger')?.ask(route.method, path))?.status).toBe(404);
    });
  }
});

test('every route is of a person who is signed in, but the one that reads an invitation', () => {
  const open = workspacesPortalApi.filter(({ access }) => access === 'public').map(name);
  expect(open).toEqual(['POST /portal/v1/invitations/read']);
  const signedIn = workspacesPortalApi.filter(({ access }) => access === 'signed_in').map(name);
  expect(signedIn).toEqual([
    'POST /portal/v1/workspaces',
    'GET /portal/v1/accounts',
    'GET /portal/v1/joinable',
    'POST /portal/v1/joinable/{workspace}',
    'POST /portal/v1/invitations/accept',
  ]);
});

describe('objects of another workspace are not there, whoever asks in their own', () => {
  const BODIES: Readonly<Record<string, unknown>> = {
    [`PATCH /portal/v1/accounts/{account}/members/{member}`]: { role: 'viewer' },
    [`POST /portal/v1/accounts/{account}/members/{member}/stop`]: { reason: 'x' },
    [`POST /portal/v1/accounts/{account}/invitations/{invitation}/resend`]: {},
    [`PATCH /portal/v1/accounts/{account}/apps/{app}`]: { name: 'x' },
    [`POST /portal/v1/accounts/{account}/domains/{domain}/mail`]: { mailbox: 'admin@other-company.com' },
    [`POST /portal/v1/accounts/{account}/domains/{domain}/confirm`]: { code: '1' },
    [`PATCH /portal/v1/accounts/{account}/domains/{domain}`]: { capture: false },
  };
  const withObjects = inAccounts.filter(({ path }) => /\{(?!account)\w+\}/.test(path));
  for (const route of withObjects) {
    test(name(route), async () => {
      const path = fill(route.path, { ...foreign, account });
      const answer = await people.get('owner')?.ask(route.method, path, BODIES[name(route)]);
      expect(answer?.status).toBe(404);
      expect((await people.get('owner')?.ask('GET', `/portal/v1/accounts/${foreign.account}`))?.status).toBe(404);
    });
  }

  test('also where the body names it', async () => {
    const owner = people.get('owner');
    const path = `/portal/v1/accounts/${account}`;
    expect((await owner?.ask('POST', `${path}/transfer`, { member: foreign.member }))?.status).toBe(404);
    const subject = { kind: 'member', id: foreign.member };
    expect((await owner?.ask('PUT', `${path}/allowed-models`, { subject, models: [] }))?.status).toBe(404);
  });
});

describe('a field that is not of the request changes nothing', () => {
  const MORE = { role: 'owner', account_id: 'acct_operator', is_admin: true, budget: null, balance: '1' };
  for (const [method, path, body] of [
    ['POST', '/portal/v1/workspaces', { name: 'X', kind: 'person' }],
    ['PATCH', '/portal/v1/accounts/{account}', { name: 'X', balance: '1' }],
    ['PATCH', '/portal/v1/accounts/{account}/members/{member}', { role: 'viewer', person_id: 'acct_operator' }],
    ['POST', '/portal/v1/accounts/{account}/invitations', { email: 'a@b.example', ...MORE }],
    ['POST', '/portal/v1/accounts/{account}/apps', { id: 'x', name: 'X', ...MORE }],
    ['PATCH', '/portal/v1/accounts/{account}/apps/{app}', { name: 'X', account_id: 'acct_operator' }],
    ['POST', '/portal/v1/accounts/{account}/domains', { domain: 'x.example', state: 'verified' }],
    ['PATCH', '/portal/v1/accounts/{account}/domains/{domain}', { capture: true, verified_at: 'now' }],
    ['POST', '/portal/v1/accounts/{account}/scim-tokens', { name: 'X', account_id: 'acct_operator' }],
  ] as const) {
    test(`${method} ${path}`, async () => {
      const answer = await people.get('owner')?.ask(method, fill(path, { ...foreign, account }), body);
      expect(answer?.status).toBe(400);
    });
  }
});

describe('a body of any other shape is refused and harms nothing', () => {
  for (const route of workspacesPortalApi.filter(({ body }) => body !== undefined)) {
    test(name(route), async () => {
      for (const body of [null, [], '', 1, { __proto__: { role: 'owner' } }, { constructor: { prototype: 1 } }]) {
        const answer = await people.get('owner')?.ask(route.method, fill(route.path, { account }), body);
        expect(answer?.status).toBeGreaterThanOrEqual(400);
        expect(answer?.status).toBeLessThan(500);
      }
      expect(({} as { role?: string }).role).toBeUndefined();
    });
  }
});
