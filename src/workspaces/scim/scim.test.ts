import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createdScimTokenView, memberListView } from '../contract.ts';
import {
  type Answer,
  at,
  type Browser,
  openWorkspaceWorld,
  PORTAL_URL,
  type WorkspaceWorld,
} from '../proving/world.ts';

let world: WorkspaceWorld;
let account = '';
let owner: Browser;
let token = '';
beforeEach(async () => {
  world = await openWorkspaceWorld();
  const made = await world.workspace();
  account = made.id;
  owner = made.owner;
  await world.ownDomain(owner, account, 'acme.com');
  token = await mint(owner, account);
});
afterEach(() => world.close());

async function mint(by: Browser, id: string): Promise<string> {
  const answer = await by.ask('POST', at(id, '/scim-tokens'), { name: 'Okta' });
  return createdScimTokenView.parse(answer.body).token;
}

const USERS = '/scim/v2/Users';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Resource {
  id: string;
  userName: string;
  externalId?: string;
  displayName: string;
  active: boolean;
  name: { formatted: string; givenName?: string; familyName?: string };
  emails: { value: string; primary: boolean }[];
  roles: { value: string }[];
  meta: { resourceType: string; location: string; created: string };
}

const ask = (method: string, path: string, body?: unknown) => world.scim(token, method, path, body);
const user = (answer: Answer) => answer.body as Resource;
const scimError = (answer: Answer) => answer.body as { schemas: string[]; status: string; scimType?: string };
const patch = (id: string, ...Operations: unknown[]) =>
  ask('PATCH', `${USERS}/${id}`, { schemas: [PATCH], Operations });

/** What Okta sends of somebody who is assigned. */
const okta = (userName: string) => ({
  schemas: [CORE],
  userName,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ primary: true, value: userName, type: 'work' }],
  displayName: 'Ada Lovelace',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
});

async function create(userName = 'ada@acme.com'): Promise<Resource> {
  const answer = await ask('POST', USERS, okta(userName));
  expect(answer.status).toBe(201);
  return user(answer);
}

describe('who may ask', () => {
  test('whoever has a token that was not ended; the token is kept by its digest alone', async () => {
    const ids = (await owner.ask('GET', at(account, '/scim-tokens'))).body as { data: { id: string }[] };
    expect(JSON.stringify(ids)).not.toContain(token);
    expect((await world.scim('cd_scim_wrong', 'GET', USERS)).status).toBe(401);
    expect((await world.scim('', 'GET', USERS)).status).toBe(401);
    expect((await ask('GET', USERS)).status).toBe(200);
    await owner.ask('DELETE', at(account, `/scim-tokens/${ids.data[0]?.id}`));
    const refused = await ask('GET', USERS);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect(scimError(refused)).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
    });
  });

  test('a directory sees and changes the people of its own workspace alone', async () => {
    const ada = await create();
    const other = await world.workspace('Other');
    const theirs = await mint(other.owner, other.id);
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', okta('ada@acme.com')],
      ['PATCH', { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] }],
      ['DELETE', undefined],
    ] as const) {
      expect((await world.scim(theirs, method, `${USERS}/${ada.id}`, body)).status).toBe(404);
    }
    const list = (await world.scim(theirs, 'GET', `${USERS}?filter=userName eq "ada@acme.com"`)).body;
    expect(list).toMatchObject({ totalResults: 0 });
  });

  test('there are five tokens at the most, however many are made at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 30 }, () => owner.ask('POST', at(account, '/scim-tokens'), { name: 'x' })),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(4);
  });
});

describe('users', () => {
  test('are made, read and told where they are', async () => {
    const ada = await create('Ada@Acme.com');
    expect(ada).toMatchObject({
      schemas: [CORE],
      userName: 'ada@acme.com',
      externalId: '00ujl29u0le5T6Aj10h7',
      displayName: 'Ada Lovelace',
      name: { formatted: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@acme.com', primary: true, type: 'work' }],
      active: true,
      meta: { resourceType: 'User', location: `${PORTAL_URL}${USERS}/${ada.id}` },
    });
    const read = await ask('GET', `${USERS}/${ada.id}`);
    expect(user(read)).toEqual(ada);
    expect(read.headers.get('content-type')).toBe('application/scim+json');
    expect(JSON.stringify(read.body)).not.toContain('1mz050nq');
  });

  test('are there once, whoever made them', async () => {
    await create();
    const again = await ask('POST', USERS, okta('ADA@acme.com'));
    expect([again.status, scimError(again).scimType]).toEqual([409, 'uniqueness']);
    const taken = await ask('POST', USERS, okta((await create('b@acme.com')).userName));
    expect(taken.status).toBe(409);
    const many = await Promise.all(Array.from({ length: 20 }, () => ask('POST', USERS, okta('one@acme.com'))));
    expect(many.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('have addresses of domains the workspace has shown to be its own', async () => {
    for (const name of ['eve@elsewhere.com', 'eve@sub.acme.com', 'eve@acme.com.evil.com']) {
      const refused = await ask('POST', USERS, okta(name));
      expect([refused.status, scimError(refused).scimType]).toEqual([400, 'invalidValue']);
    }
    const ada = await create();
    expect((await ask('PUT', `${USERS}/${ada.id}`, okta('eve@elsewhere.com'))).status).toBe(400);
  });

  test('are found by userName and externalId, and by nothing that is not known', async () => {
    const ada = await create();
    await create('bob@acme.com');
    const find = async (filter: string) =>
      (await ask('GET', `${USERS}?filter=${encodeURIComponent(filter)}`)).body as {
        totalResults: number;
        Resources: Resource[];
      };
    for (const filter of [
      'userName eq "ada@acme.com"',
      'username Eq "ADA@ACME.COM"',
      'emails[type eq "work"].value eq "ada@acme.com"',
      `${CORE}:userName eq "ada@acme.com"`,
      `id eq "${ada.id}"`,
    ]) {
      expect((await find(filter)).Resources.map(({ id }) => id)).toEqual([ada.id]);
    }
    expect((await find('externalId eq "00ujl29u0le5T6Aj10h7"')).totalResults).toBe(2);
    expect(await find('userName eq "nobody@acme.com"')).toMatchObject({ totalResults: 0, Resources: [] });
    for (const filter of ['userName sw "a"', 'userName eq', 'x eq "1"', '__proto__ eq "x"', '('.repeat(5_000)]) {
      const refused = await ask('GET', `${USERS}?filter=${encodeURIComponent(filter)}`);
      expect([refused.status, scimError(refused).scimType]).toEqual([400, 'invalidFilter']);
    }
  });

  test('come page by page, counted from 1', async () => {
    for (let n = 0; n < 4; n++) await create(`u${n}@acme.com`);
    const page = async (query: string) =>
      (await ask('GET', `${USERS}?${query}`)).body as {
        totalResults: number;
        itemsPerPage: number;
        Resources: Resource[];
      };
    const all = await page('');
    expect(all).toMatchObject({ totalResults: 5, itemsPerPage: 5, startIndex: 1 });
    const second = await page('startIndex=3&count=2');
    expect(second.Resources.map(({ id }) => id)).toEqual(all.Resources.slice(2, 4).map(({ id }) => id));
    expect(await page('count=0')).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    expect(await page('startIndex=-7&count=-1')).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
    expect(await page('startIndex=99')).toMatchObject({ totalResults: 5, Resources: [] });
  });

  test('are changed in the shapes of Okta and of Entra', async () => {
    const { id } = await create();
    expect(user(await patch(id, { op: 'replace', value: { active: false } })).active).toBe(false);
    expect(user(await patch(id, { op: 'replace', value: { active: true } })).active).toBe(true);
    expect(user(await patch(id, { op: 'Replace', path: 'active', value: 'False' })).active).toBe(false);
    expect(user(await patch(id, { op: 'Add', path: 'active', value: 'True' })).active).toBe(true);
    const changed = await patch(
      id,
      { op: 'Replace', path: 'displayName', value: 'Countess' },
      { op: 'Add', path: 'name.givenName', value: 'Augusta' },
      { op: 'Add', path: 'externalId', value: 'obj-1' },
      { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Engines' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@acme.com' },
      { op: 'Replace', path: 'userName', value: 'countess@acme.com' },
    );
    expect(user(changed)).toMatchObject({
      userName: 'countess@acme.com',
      externalId: 'obj-1',
      displayName: 'Countess',
      name: { givenName: 'Augusta', familyName: 'Lovelace' },
      active: true,
    });
    const flat = await patch(id, { op: 'replace', value: { 'name.familyName': 'King', active: 'false' } });
    expect(user(flat)).toMatchObject({ active: false, name: { familyName: 'King' } });
    const replaced = await ask('PUT', `${USERS}/${id}`, { ...okta('ada@acme.com'), active: undefined });
    // What is not said of it does not let anybody in.
    expect(user(replaced)).toMatchObject({ userName: 'ada@acme.com', active: false });
  });

  test('a patch that is none, or of nothing there is, changes nothing', async () => {
    const { id } = await create();
    for (const [operation, type] of [
      [{ op: 'explode', path: 'active', value: false }, 'invalidSyntax'],
      [{ op: 'replace', path: 'superpowers', value: true }, 'invalidPath'],
      [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
      [{ op: 'replace', path: '__proto__.active', value: true }, 'invalidPath'],
      [{ op: 'remove', path: 'userName' }, 'invalidValue'],
    ] as const) {
      const refused = await patch(id, { op: 'replace', path: 'displayName', value: 'X' }, operation);
      expect([refused.status, scimError(refused).scimType]).toEqual([400, type]);
    }
    expect(user(await ask('GET', `${USERS}/${id}`)).displayName).toBe('Ada Lovelace');
    expect((await ask('PATCH', `${USERS}/${id}`, null)).status).toBe(400);
  });

  test('have a role the directory may give, which is never that of an owner', async () => {
    const given = await ask('POST', USERS, { ...okta('dev@acme.com'), roles: [{ value: 'developer' }] });
    expect(user(given).roles[0]?.value).toBe('developer');
    const taken = await ask('POST', USERS, { ...okta('boss@acme.com'), roles: [{ value: 'owner' }] });
    expect(user(taken).roles[0]?.value).toBe('viewer');
  });
});

describe('cutting off', () => {
  async function withKey() {
    const ada = await world.person('ada@acme.com');
    const { id } = await create();
    await ada.ask('GET', '/portal/v1/accounts');
    const made = await world.keys.create({ account_id: account, member: id });
    if (!made.ok) throw new Error('no key');
    return { ada, id, text: made.value.text };
  }

  test('whom a directory put there is a member from their first page on', async () => {
    const { ada, id } = await withKey();
    expect((await world.workspaces.belongings.of(ada.id, account))?.member).toMatchObject({ id, directory: true });
  });

  test('active: false shuts them out in under a second, with a receipt', async () => {
    const { ada, id, text } = await withKey();
    expect((await ada.ask('GET', at(account, ''))).status).toBe(200);
    expect(world.keys.verify(text).ok).toBe(true);
    const answer = await patch(id, { op: 'replace', value: { active: false } });
    expect(world.keys.verify(text).ok).toBe(false);
    expect((await ada.ask('GET', at(account, ''))).status).toBe(404);
    const receipt = await world.standing.receipt(answer.headers.get('candor-receipt') ?? '');
    expect(receipt).toMatchObject({ keys: 1, stop: { cause: 'scim', subject: { member: id } } });
    expect((receipt?.closedAtMs ?? 0) - (receipt?.decidedAtMs ?? 0)).toBeLessThan(1_000);
    // Said again it is no second stop.
    await patch(id, { op: 'replace', value: { active: false } });
    expect(await world.standing.list(account)).toHaveLength(1);
    await patch(id, { op: 'replace', value: { active: true } });
    expect(world.keys.verify(text).ok).toBe(true);
    expect((await ada.ask('GET', at(account, ''))).status).toBe(200);
  });

  test('a directory does not undo what an admin stopped', async () => {
    const { ada, id } = await withKey();
    await owner.ask('POST', at(account, `/members/${id}/stop`), { reason: 'lost laptop' });
    expect(user(await ask('PUT', `${USERS}/${id}`, okta('ada@acme.com'))).active).toBe(false);
    expect((await ada.ask('GET', at(account, ''))).status).toBe(404);
  });

  test('whom an admin stopped for a while stays out when the directory says no meanwhile', async () => {
    const { ada, id } = await withKey();
    const subject = { kind: 'member', accountId: account, member: id } as const;
    const untilMs = Date.now() + 60_000;
    await world.standing.stop({ subject, cause: 'admin', reason: 'lost laptop', by: owner.id, untilMs });
    const answer = await patch(id, { op: 'replace', value: { active: false } });
    expect(answer.headers.get('candor-receipt')).not.toBeNull();
    await owner.ask('POST', at(account, `/members/${id}/resume`), {});
    await patch(id, { op: 'replace', value: { active: false } });
    expect(world.standing.on(subject).map(({ cause }) => cause)).toEqual(['scim']);
    expect((await ada.ask('GET', at(account, ''))).status).toBe(404);
  });

  test('a sanction stays in force however often a directory stops and lets in', async () => {
    const { id } = await withKey();
    const subject = { kind: 'account', accountId: account } as const;
    await world.standing.stop({ subject, cause: 'sanction', reason: 'resale', by: 'local', untilMs: null });
    const member = { kind: 'member', accountId: account, member: id } as const;
    const stop = () => world.standing.stop({ subject: member, cause: 'scim', reason: 'out', by: 's', untilMs: null });
    for (let round = 0; round < 11; round++) {
      const made = await Promise.all(Array.from({ length: 50 }, stop));
      await Promise.all(made.map((one) => (one.ok ? world.standing.lift(one.value.stop.id, 's') : null)));
    }
    expect((await world.standing.list(account)).some(({ cause }) => cause === 'sanction')).toBe(false);
    expect(await world.workspaces.belongings.mayIn(owner.id, 'own.keys.write', account)).toBe('no');
  });

  test('DELETE ends the membership and cuts off', async () => {
    const { ada, id, text } = await withKey();
    const gone = await ask('DELETE', `${USERS}/${id}`);
    expect([gone.status, gone.body]).toEqual([204, '']);
    expect(world.keys.verify(text).ok).toBe(false);
    expect((await ask('GET', `${USERS}/${id}`)).status).toBe(404);
    expect((await ada.ask('GET', at(account, ''))).status).toBe(404);
    const again = await create();
    expect(again.id).not.toBe(id);
  });

  test('the last owner stays, another is made an admin first', async () => {
    const mine = (await world.workspaces.belongings.of(owner.id, account))?.member?.id ?? '';
    const facts = { ...okta('boss@acme.com'), active: false };
    expect((await ask('PUT', `${USERS}/${mine}`, facts)).status).toBe(409);
    expect((await ask('DELETE', `${USERS}/${mine}`)).status).toBe(409);
    expect((await world.workspaces.belongings.of(owner.id, account))?.role).toBe('owner');
    await world.member(account, 'owner');
    expect(user(await ask('PUT', `${USERS}/${mine}`, facts)).active).toBe(false);
    expect((await world.workspaces.belongings.of(owner.id, account))?.role).toBe('admin');
  });

  test('what a directory does stands in the trail, without addresses', async () => {
    const { id } = await withKey();
    await patch(id, { op: 'replace', value: { active: false } });
    const trail = (await owner.ask('GET', at(account, '/trail?action=PATCH'))).body as { data: unknown[] };
    expect(trail.data[0]).toMatchObject({
      actor: { kind: 'scim' },
      action: 'PATCH /scim/v2/Users/{id}',
      objects: { id },
      changes: { member: id, active: false },
      status: 200,
    });
    expect(JSON.stringify(trail)).not.toContain('@');
  });

  test('members that came another way are the directory’s too once it changes them', async () => {
    const member = await world.member(account, 'viewer');
    const { data } = memberListView.parse((await owner.ask('GET', at(account, '/members'))).body);
    expect(data.find(({ id }) => id === member.memberId)?.directory).toBe(false);
    await patch(member.memberId, { op: 'replace', path: 'externalId', value: 'x' });
    expect(user(await ask('GET', `${USERS}?filter=${encodeURIComponent('externalId eq "x"')}`))).toMatchObject({
      totalResults: 1,
    });
  });
});

test('what this service can do of SCIM is told', async () => {
  const config = (await ask('GET', '/scim/v2/ServiceProviderConfig')).body;
  expect(config).toMatchObject({ patch: { supported: true }, bulk: { supported: false }, sort: { supported: false } });
  const types = (await ask('GET', '/scim/v2/ResourceTypes')).body;
  expect(types).toMatchObject({ totalResults: 1, Resources: [{ id: 'User', endpoint: '/Users', schema: CORE }] });
  const schema = (await ask('GET', `/scim/v2/Schemas/${CORE}`)).body as { attributes: { name: string }[] };
  expect(schema.attributes.map(({ name }) => name)).toEqual([
    'userName',
    'name',
    'displayName',
    'emails',
    'active',
    'roles',
  ]);
});

test('whatever is sent, the answer is one of SCIM and the service goes on', async () => {
  const { id } = await create();
  for (const path of [
    '/scim/v2',
    '/scim/v2/',
    '/scim/v2/Groups',
    `${USERS}/${id}/x`,
    `${USERS}/../Users`,
    '/scim/v2/users',
  ]) {
    const answer = await ask('GET', path);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
  }
  for (const [method, path] of [
    ['POST', `${USERS}/${id}`],
    ['PUT', USERS],
    ['PATCH', USERS],
    ['DELETE', USERS],
    ['POST', '/scim/v2/Schemas'],
  ] as const) {
    expect((await ask(method, path, {})).status).toBe(405);
  }
  for (const body of [null, [], '', 1, {}, { userName: 1 }, { userName: 'x'.repeat(100_000) }]) {
    const answer = await ask('POST', USERS, body);
    expect([400, 413]).toContain(answer.status);
  }
  expect((await ask('GET', USERS)).body).toMatchObject({ totalResults: 2 });
});
