import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Eraser } from './seams.ts';
import { openPeopleWorld, PASSWORD, type PeopleWorld, reasonOf, sessionOf, tokenIn } from './proving/world.ts';

let world: PeopleWorld;
const pending: [string, boolean][] = [];
const erased: string[] = [];
let faulty = false;
const eraser: Eraser = {
  name: 'elsewhere',
  async erase(personId) {
    if (faulty) throw new Error('not now');
    erased.push(personId);
  },
};
let owned: string[] = [];
beforeEach(async () => {
  pending.length = 0;
  erased.length = 0;
  faulty = false;
  owned = [];
  world = await openPeopleWorld({
    exporters: [{ name: 'elsewhere', export: async (personId) => ({ kept: personId }) }],
    erasers: [eraser],
    ownedAlone: async () => owned,
    deletionChanged: async (accountId, isPending) => void pending.push([accountId, isPending]),
    onFault: () => undefined,
  });
});
afterEach(() => world.close());

const DAY_MS = 86_400_000;
const QUARTER_HOUR_MS = 900_000;
const ME = '/portal/v1/me';
const runJob = async (name: string) => world.people.jobs.find((job) => job.name.startsWith(name))?.run();

test('name and language are theirs to change, and nothing else', async () => {
  const ada = await world.person();
  const changed = await ada.ask('PATCH', ME, { name: 'Ada Lovelace', locale: 'zh' });
  expect(changed.body).toMatchObject({ name: 'Ada Lovelace', locale: 'zh' });
  expect(world.accounts.get(ada.id)?.name).toBe('Ada Lovelace');
  expect(reasonOf(await ada.ask('PATCH', ME, {}))).toBe('invalid_field');
});

test('a new password needs the current one, ends the other sessions and goes on in a new one', async () => {
  const ada = await world.person();
  const other = world.browser();
  await other.signIn(ada.email);
  const change = (current: string) =>
    ada.ask('POST', '/portal/v1/password', { current_password: current, new_password: 'a better password' });
  expect(reasonOf(await change('not it'))).toBe('password_wrong');
  expect((await change(PASSWORD)).status).toBe(200);
  expect((await ada.ask('GET', ME)).status).toBe(200);
  expect((await other.ask('GET', ME)).status).toBe(401);
});

test('dangerous changes ask for a sign-in or password of now', async () => {
  const ada = await world.person();
  world.time.aheadMs += QUARTER_HOUR_MS + 1_000;
  const dangerous: [string, string, object?][] = [
    ['POST', '/portal/v1/email', { email: 'new@example.com' }],
    ['POST', '/portal/v1/totp'],
    ['DELETE', '/portal/v1/totp'],
    ['POST', '/portal/v1/me/deletion'],
  ];
  for (const [method, path, body] of dangerous) {
    expect(reasonOf(await ada.ask(method, path, body))).toBe('confirm_needed');
  }
  expect(reasonOf(await ada.ask('POST', '/portal/v1/session/confirm', { password: 'not it' }))).toBe('password_wrong');
  const confirmed = await ada.ask('POST', '/portal/v1/session/confirm', { password: PASSWORD });
  expect(Date.parse(sessionOf(confirmed).confirmed_until ?? '')).toBeGreaterThan(Date.now() + world.time.aheadMs);
  expect((await ada.ask('POST', '/portal/v1/totp')).status).toBe(201);
});

test('an account moves to another mail address once both have confirmed', async () => {
  const ada = await world.person('ada@example.com');
  const answer = await ada.ask('POST', '/portal/v1/email', { email: 'Ada@new.example' });
  expect([answer.status, answer.body]).toMatchObject([202, { email_pending: 'Ada@new.example' }]);
  const oldToken = tokenIn((await world.mailsTo('ada@example.com'))[0]);
  const newToken = tokenIn((await world.mailsTo('Ada@new.example'))[0]);
  const confirm = (token: string) => world.browser().ask('POST', '/portal/v1/email/confirm', { token });
  expect((await confirm(newToken)).body).toEqual({ state: 'waiting' });
  expect((await confirm(newToken)).body).toEqual({ state: 'waiting' });
  expect((await world.browser().signIn('ada@new.example')).status).toBe(401);
  expect((await confirm(oldToken)).body).toEqual({ state: 'changed' });
  expect(reasonOf(await confirm(oldToken))).toBe('token_refused');
  expect((await world.browser().signIn('ada@new.example')).status).toBe(200);
  expect((await world.browser().signIn('ada@example.com')).status).toBe(401);
});

test('everything that is kept of a person is theirs to take, from every part', async () => {
  const ada = await world.person();
  const answer = await ada.ask('GET', '/portal/v1/me/export');
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  expect(answer.body).toMatchObject({
    person: { id: ada.id, email: ada.email, networks: ['192.0.2.0/24'], sessions: [{ current: true }] },
    parts: { elsewhere: { kept: ada.id } },
  });
  expect(JSON.stringify(answer.body)).not.toContain('$argon2id$');
});

test('a deletion can be taken back; after its time nothing tells who it was, and the address is free', async () => {
  const ada = await world.person('ada@example.com');
  expect((await ada.ask('POST', '/portal/v1/me/deletion')).body).toMatchObject({ state: 'deletion_pending' });
  expect((await ada.ask('DELETE', '/portal/v1/me/deletion')).body).toMatchObject({
    state: 'active',
    deletion_at: null,
  });
  await ada.ask('POST', '/portal/v1/me/deletion');
  expect(pending).toEqual([
    [ada.id, true],
    [ada.id, false],
    [ada.id, true],
  ]);
  world.time.aheadMs += 13 * DAY_MS;
  await runJob('delete accounts');
  expect(erased).toEqual([]);
  world.time.aheadMs += DAY_MS + 1_000;
  faulty = true;
  await runJob('delete accounts');
  expect(await world.people.person(ada.id)).not.toBeNull();
  faulty = false;
  await runJob('delete accounts');
  expect(erased).toEqual([ada.id]);
  expect(await world.people.person(ada.id)).toBeNull();
  expect(await world.people.personByEmail('ada@example.com')).toBeNull();
  expect(world.accounts.get(ada.id)?.name).toBe('Deleted');
  expect((await ada.ask('GET', ME)).status).toBe(401);
  expect((await world.mailsTo('ada@example.com'))[0]?.subject).toBe('Your account was deleted');
  expect((await world.person('ada@example.com')).id).not.toBe(ada.id);
});

test('who alone owns a workspace hands it over first', async () => {
  const ada = await world.person();
  owned = ['Acme'];
  const answer = await ada.ask('POST', '/portal/v1/me/deletion');
  expect([answer.status, reasonOf(answer)]).toEqual([409, 'owns_workspaces']);
});

test('whoever waits in line and takes a deletion back waits on', async () => {
  const way = { plan: null, region: null };
  await world.door.set({ ...way, state: 'waitlist', reason: null, retryAtMs: null, by: 'local' });
  const ada = await world.person();
  await ada.ask('POST', '/portal/v1/me/deletion');
  expect((await ada.ask('DELETE', '/portal/v1/me/deletion')).body).toMatchObject({ state: 'waitlisted' });
});

test('whose account is stopped signs in, and is told by what and why', async () => {
  const ada = await world.person();
  world.stops.set(ada.id, { id: 'stop_1', cause: 'sanction', reason: 'Sold access.', atMs: 0, untilMs: null });
  expect(await world.people.endSessions(ada.id)).toBe(1);
  const at = world.browser();
  const { stop, state } = sessionOf(await at.signIn(ada.email));
  expect([state, stop]).toMatchObject(['signed_in', { cause: 'sanction', reason: 'Sold access.', until: null }]);
  expect((await at.ask('GET', '/portal/v1/me/export')).status).toBe(200);
});
