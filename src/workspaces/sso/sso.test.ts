import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ssoView } from '../contract.ts';
import { at, type Browser, openWorkspaceWorld, PORTAL_URL, reasonOf, type WorkspaceWorld } from '../proving/world.ts';

let world: WorkspaceWorld;
let account = '';
let owner: Browser;
beforeEach(async () => {
  world = await openWorkspaceWorld();
  ({ id: account, owner } = await world.workspace());
});
afterEach(() => world.close());

const SETTINGS = {
  issuer: 'https://login.acme.com',
  client_id: 'candor',
  client_secret: 'a secret of the client',
  required: false,
  join_role: 'developer',
};
const save = (body: object) => owner.ask('PUT', at(account, '/sso'), { ...SETTINGS, ...body });

test('settings are kept, the secret is shown to nobody and is not in the database as it is', async () => {
  const saved = await save({});
  expect(ssoView.parse(saved.body)).toMatchObject({
    configured: true,
    issuer: 'https://login.acme.com',
    redirect_url: `${PORTAL_URL}/portal/v1/sso/${account}/callback`,
  });
  expect(JSON.stringify((await owner.ask('GET', at(account, '/trail'))).body)).not.toContain(SETTINGS.client_secret);
  expect(JSON.stringify(saved.body)).not.toContain(SETTINGS.client_secret);
  await world.ownDomain(owner, account, 'acme.com');
  expect(await world.workspaces.sso.ofDomain('ACME.com')).toMatchObject({
    accountId: account,
    clientSecret: SETTINGS.client_secret,
  });
  for (const file of ['candor.db', 'candor.db-wal']) {
    const stored = readOrEmpty(join(world.storage.dataDir, file));
    expect(stored.includes(SETTINGS.client_secret)).toBe(false);
  }
  world = await world.restart();
  expect((await world.workspaces.sso.ofDomain('acme.com'))?.clientSecret).toBe(SETTINGS.client_secret);
});

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

test('an admin, who could come in as anybody by a provider of their own, sets neither it nor a directory', async () => {
  const admin = await world.member(account, 'admin');
  expect(reasonOf(await admin.ask('PUT', at(account, '/sso'), SETTINGS))).toBe('not_permitted');
  expect(reasonOf(await admin.ask('POST', at(account, '/scim-tokens'), { name: 'mine' }))).toBe('not_permitted');
  await save({});
  expect((await admin.ask('DELETE', at(account, '/sso'))).status).toBe(200);
});

test('a secret that is left out stays, and never goes to another provider', async () => {
  expect(reasonOf(await save({ client_secret: undefined }))).toBe('secret_needed');
  await save({});
  expect((await save({ client_secret: undefined, join_role: 'viewer' })).status).toBe(200);
  expect(reasonOf(await save({ client_secret: undefined, issuer: 'https://evil.example' }))).toBe('secret_needed');
});

test('an issuer is a public https address', async () => {
  for (const issuer of [
    'http://login.acme.com',
    'https://127.0.0.1',
    'https://169.254.169.254/latest',
    'https://[::1]/',
    'https://user:pass@login.acme.com',
    'https://login.acme.com?x=1',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ]) {
    expect([issuer, (await save({ issuer })).status]).toEqual([issuer, 400]);
  }
});

test('it can be required once a domain is shown to be the workspace’s; its owners may always come in otherwise', async () => {
  expect(reasonOf(await save({ required: true }))).toBe('domain_needed');
  const domain = await world.ownDomain(owner, account, 'acme.com');
  expect((await save({ required: true })).status).toBe(200);
  expect(world.enforced).toContain('acme.com');
  const { isRequired, speaksFor } = world.workspaces.sso;
  expect(await isRequired({ id: null, email: 'new@acme.com' })).toBe(true);
  expect(await isRequired({ id: owner.id, email: 'owner@acme.com' })).toBe(false);
  expect(await isRequired({ id: null, email: 'x@elsewhere.com' })).toBe(false);
  expect(await speaksFor(account, 'x@acme.com')).toBe(true);
  expect(await speaksFor(account, 'x@elsewhere.com')).toBe(false);
  await owner.ask('DELETE', at(account, `/domains/${domain}`));
  expect(await isRequired({ id: null, email: 'new@acme.com' })).toBe(false);
  expect(ssoView.parse((await owner.ask('GET', at(account, '/sso'))).body).required).toBe(false);
});

test('whoever comes by it becomes a member, with an address of the workspace’s domains alone', async () => {
  await save({});
  await world.ownDomain(owner, account, 'acme.com');
  const ada = await world.person('ada@acme.com');
  const arrived = await world.workspaces.arrival.arrived(ada, account);
  expect(arrived).toMatchObject({ ok: true, value: { role: 'developer' } });
  expect((await world.workspaces.arrival.arrived(ada, account)).ok).toBe(true);
  const eve = await world.person('eve@elsewhere.com');
  expect(await world.workspaces.arrival.arrived(eve, account)).toMatchObject({ ok: false });
});

test('a captured domain whose people must come by it is joined in no other way', async () => {
  const domain = await world.ownDomain(owner, account, 'acme.com');
  await owner.ask('PATCH', at(account, `/domains/${domain}`), { capture: true });
  await save({ required: true });
  const ada = await world.person('ada@acme.com');
  expect((await ada.ask('POST', `/portal/v1/joinable/${account}`)).status).toBe(403);
});
