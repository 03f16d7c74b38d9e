import { afterEach, beforeEach, expect, test } from 'bun:test';
import { type Authenticator, type Bent, createAuthenticator } from '../proving/authenticator.ts';
import { openWaysWorld, type WaysWorld } from '../proving/ways-world.ts';
import { type Answer, type Browser, PASSWORD, reasonOf, sessionOf, totpCode } from '../proving/world.ts';

const ORIGIN = 'http://portal.test';
const ADD = '/portal/v1/passkeys';
const SIGN_IN = '/portal/v1/session/passkey';
const FIVE_MINUTES_MS = 300_000;

let world: WaysWorld;
beforeEach(async () => {
  world = await openWaysWorld();
});
afterEach(() => world.close());

interface Begun {
  readonly flow: string;
  readonly options: unknown;
}

const begun = (answer: Answer) => answer.body as Begun;

async function add(at: Browser, key: Authenticator, name = 'Laptop', bent: Bent = {}): Promise<Answer> {
  const { flow, options } = begun(await at.ask('POST', `${ADD}/options`));
  return at.ask('POST', ADD, { flow, response: key.create(options, bent), name });
}

async function signIn(at: Browser, key: Authenticator, bent: Bent = {}): Promise<Answer> {
  const { flow, options } = begun(await at.ask('POST', `${SIGN_IN}/options`));
  return at.ask('POST', SIGN_IN, { flow, response: key.get(options, bent) });
}

async function withPasskey() {
  const ada = await world.person();
  const key = createAuthenticator(ORIGIN);
  const added = await add(ada, key);
  if (added.status !== 201) throw new Error(`not added: ${reasonOf(added)}`);
  return { ada, key, id: (added.body as { id: string }).id };
}

async function removePassword(id: string): Promise<void> {
  await world.storage.writer.write([{ sql: 'update person set password = null where id = ?', parameters: [id] }]);
}

test('a passkey signs in without a name or a password, and counts as both factors', async () => {
  const { ada, key } = await withPasskey();
  const answer = await signIn(world.browser(), key);
  expect([answer.status, sessionOf(answer).state, sessionOf(answer).person?.id]).toEqual([200, 'signed_in', ada.id]);
  expect((await ada.ask('GET', ADD)).body).toMatchObject({ data: [{ name: 'Laptop', synced: false }] });
});

test('adding one is told as proved', async () => {
  const { ada } = await withPasskey();
  for (const job of world.people.jobs.filter(({ name }) => name.includes('proved'))) await job.run();
  expect(world.told.proved).toContainEqual([ada.id, 'passkey', null]);
});

test.each([
  ['another page', { origin: 'https://evil.example' }],
  ['another host', { rpId: 'evil.example' }],
  ['another challenge', { challenge: 'AAAA' }],
  ['nobody who unlocked it', { userVerified: false }],
  ['another person', { userHandle: Buffer.from('acct_somebody').toString('base64url') }],
  ['a counter that stands still', { counter: 0 }],
  ['an answer of another kind', { type: 'webauthn.create' }],
] as [string, Bent][])('an answer from %s is refused', async (_, bent) => {
  const { key } = await withPasskey();
  expect((await signIn(world.browser(), key)).status).toBe(200);
  const refused = await signIn(world.browser(), key, bent);
  expect([refused.status, reasonOf(refused)]).toEqual([401, 'passkey_refused']);
  expect(refused.headers.getSetCookie().join()).not.toContain('candor-portal');
});

test('a copied key is found out by its counter', async () => {
  const { key } = await withPasskey();
  const copy = key.copy();
  expect((await signIn(world.browser(), key)).status).toBe(200);
  expect(reasonOf(await signIn(world.browser(), copy))).toBe('passkey_refused');
});

test('a key nobody has added, and one that was removed, are refused alike', async () => {
  const { ada, key, id } = await withPasskey();
  const stranger = createAuthenticator(ORIGIN);
  stranger.create({ challenge: 'x', rp: { id: 'portal.test' }, user: { id: 'eA' } });
  const unknown = await signIn(world.browser(), stranger);
  await ada.ask('DELETE', `${ADD}/${id}`);
  const removed = await signIn(world.browser(), key);
  expect([unknown.status, unknown.body]).toEqual([removed.status, removed.body]);
  expect(reasonOf(unknown)).toBe('passkey_refused');
});

test('a challenge counts once, for five minutes, and in the browser it was made for', async () => {
  const { key } = await withPasskey();
  const at = world.browser();
  const first = begun(await at.ask('POST', `${SIGN_IN}/options`));
  const response = key.get(first.options);
  expect(reasonOf(await world.browser().ask('POST', SIGN_IN, { flow: first.flow, response }))).toBe('flow_over');
  expect((await at.ask('POST', SIGN_IN, { flow: first.flow, response })).status).toBe(200);
  expect(reasonOf(await at.ask('POST', SIGN_IN, { flow: first.flow, response }))).toBe('flow_over');
  const late = begun(await at.ask('POST', `${SIGN_IN}/options`));
  world.time.aheadMs = FIVE_MINUTES_MS + 1;
  expect(reasonOf(await at.ask('POST', SIGN_IN, { flow: late.flow, response: key.get(late.options) }))).toBe(
    'flow_over',
  );
});

test('of one answer sent many times at once, one signs in', async () => {
  const { key } = await withPasskey();
  const at = world.browser();
  const { flow, options } = begun(await at.ask('POST', `${SIGN_IN}/options`));
  const body = { flow, response: key.get(options) };
  const answers = await Promise.all(Array.from({ length: 10 }, () => at.ask('POST', SIGN_IN, body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('adding is bound to the session, asks for a recent proof, and takes each key once', async () => {
  const { ada, key } = await withPasskey();
  const eve = await world.person();
  const { flow, options } = begun(await ada.ask('POST', `${ADD}/options`));
  const response = createAuthenticator(ORIGIN).create(options);
  expect(reasonOf(await eve.ask('POST', ADD, { flow, response, name: 'Mine' }))).toBe('flow_over');
  expect((options as { excludeCredentials: unknown[] }).excludeCredentials).toHaveLength(1);
  const again = begun(await eve.ask('POST', `${ADD}/options`));
  // The same credential, made to fit the challenge of somebody else: the id stays, and is known.
  const stolen = {
    ...createAuthenticator(ORIGIN).create(again.options),
    id: key.get({ challenge: 'x', rpId: 'y' })['id'],
  };
  expect(reasonOf(await eve.ask('POST', ADD, { flow: again.flow, response: stolen, name: 'Mine' }))).toBe(
    'passkey_refused',
  );
  world.time.aheadMs = 16 * 60_000;
  expect(reasonOf(await ada.ask('POST', `${ADD}/options`))).toBe('confirm_needed');
  expect(reasonOf(await world.browser().ask('POST', `${ADD}/options`))).toBe('signed_out');
});

test('one is refused that nobody unlocks, or that another page made', async () => {
  const ada = await world.person();
  for (const bent of [{ userVerified: false }, { origin: 'https://evil.example' }, { rpId: 'evil.example' }]) {
    expect(reasonOf(await add(ada, createAuthenticator(ORIGIN), 'x', bent))).toBe('passkey_refused');
  }
  expect((await ada.ask('GET', ADD)).body).toEqual({ data: [] });
});

test('there are at most ten, also when they come at once', async () => {
  const ada = await world.person();
  const offers = await Promise.all(Array.from({ length: 14 }, () => ada.ask('POST', `${ADD}/options`)));
  const answers = await Promise.all(
    offers.map((offer) => {
      const { flow, options } = begun(offer);
      return ada.ask('POST', ADD, { flow, response: createAuthenticator(ORIGIN).create(options), name: 'x' });
    }),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  expect(new Set(answers.map(reasonOf))).toEqual(new Set([null, 'too_many_passkeys']));
});

test('people rename and remove their own, and nobody else can', async () => {
  const { ada, id } = await withPasskey();
  const eve = await world.person();
  expect(reasonOf(await eve.ask('PATCH', `${ADD}/${id}`, { name: 'Mine' }))).toBe('passkey_not_found');
  expect(reasonOf(await eve.ask('DELETE', `${ADD}/${id}`))).toBe('passkey_not_found');
  expect((await ada.ask('PATCH', `${ADD}/${id}`, { name: 'Phone' })).body).toMatchObject({ id, name: 'Phone' });
  expect((await ada.ask('DELETE', `${ADD}/${id}`)).status).toBe(200);
  expect((await ada.ask('GET', ADD)).body).toEqual({ data: [] });
});

test('the last way in is never removed, not even by two at once', async () => {
  const { ada, id } = await withPasskey();
  const second = (await add(ada, createAuthenticator(ORIGIN), 'Phone')).body as { id: string };
  await removePassword(ada.id);
  const answers = await Promise.all([id, second.id].map((one) => ada.ask('DELETE', `${ADD}/${one}`)));
  expect(new Set(answers.map(reasonOf))).toEqual(new Set(['last_way_in', null]));
});

test('after a password a passkey of that person is the second factor, and no other', async () => {
  const { ada, key } = await withPasskey();
  const eveKey = createAuthenticator(ORIGIN);
  await add(await world.person(), eveKey);
  const { secret } = (await ada.ask('POST', '/portal/v1/totp')).body as { secret: string };
  await ada.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, Date.now()) });
  const at = world.browser();
  expect(sessionOf(await at.signIn(ada.email, PASSWORD)).state).toBe('second_factor_needed');
  const { options } = begun(await at.ask('POST', `${SIGN_IN}/options`));
  expect((options as { allowCredentials: unknown[] }).allowCredentials).toHaveLength(1);
  expect(reasonOf(await signIn(at, eveKey))).toBe('passkey_refused');
  const entered = sessionOf(await signIn(at, key, { userVerified: false }));
  expect([entered.state, entered.person?.id]).toEqual(['signed_in', ada.id]);
});

test('whoever must use single sign-on does not come in by a passkey', async () => {
  await world.close();
  const required = new Set<string>();
  world = await openWaysWorld({
    lookup: {
      ofDomain: async () => null,
      isRequired: async ({ id }) => id !== null && required.has(id),
      speaksFor: async () => false,
    },
  });
  const { ada, key } = await withPasskey();
  required.add(ada.id);
  expect(reasonOf(await signIn(world.browser(), key))).toBe('sso_required');
});
