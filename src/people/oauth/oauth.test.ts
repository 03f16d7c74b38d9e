import { afterEach, beforeEach, expect, test } from 'bun:test';
import { comeBy, locationOf, problemOf } from '../proving/comings.ts';
import { type Account, type IdentityProvider, openIdentityProvider } from '../proving/identity-provider.ts';
import { openWaysWorld, type WaysWorld } from '../proving/ways-world.ts';
import { type Browser, reasonOf, sessionOf, totpCode } from '../proving/world.ts';
import type { NamedProvider } from './oauth.ts';

const START = '/portal/v1/oauth/acme/start';
const ADA: Account = { sub: 'ada-1', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' };

let provider: IdentityProvider;
let world: WaysWorld;
beforeEach(async () => {
  provider = await openIdentityProvider();
  world = await openWaysWorld({ providers: [oidc(), plainOauth()] });
});
afterEach(async () => {
  provider.close();
  await world.close();
});

function oidc(): NamedProvider {
  const { issuer, clientId, clientSecret } = provider;
  return { id: 'acme', label: 'Acme', at: { issuer }, clientId, clientSecret, scopes: 'openid email profile' };
}

function plainOauth(): NamedProvider {
  const { issuer, clientId, clientSecret } = provider;
  const at = {
    authorizationUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    userinfoUrl: `${issuer}/user`,
    emailsUrl: `${issuer}/emails`,
  };
  return { id: 'hub', label: 'Hub', at, clientId, clientSecret, scopes: 'user:email' };
}

const come = (at: Browser, account: Account, start = START) => comeBy(at, start, provider, account);
const sessionIn = async (at: Browser) => sessionOf(await at.ask('GET', '/portal/v1/session'));

test('a new person with an address the service vouches for gets an account, and comes back to it', async () => {
  const at = world.browser();
  const answer = await come(at, ADA, `${START}?next=%2Fkeys`);
  expect([answer.status, locationOf(answer)]).toEqual([303, '/keys']);
  const { state, person } = await sessionIn(at);
  expect([state, person?.email, person?.name, person?.has_password]).toEqual([
    'signed_in',
    'ada@example.com',
    'Ada Lovelace',
    false,
  ]);
  const again = world.browser();
  // An address the service no longer vouches for does not shut out whoever has connected it.
  expect(locationOf(await come(again, { ...ADA, email_verified: false }))).toBe('/start');
  expect((await sessionIn(again)).person?.id).toBe(person?.id ?? '');
  expect(world.told.proved).toEqual([[person?.id ?? '', 'mail', null]]);
});

test('so does a service that speaks OAuth 2.0 alone and lists addresses', async () => {
  const at = world.browser();
  const answer = await come(at, { ...ADA, sub: '4711' }, '/portal/v1/oauth/hub/start');
  expect([locationOf(answer), (await sessionIn(at)).person?.email]).toEqual(['/start', 'ada@example.com']);
  const unsure = await come(world.browser(), { sub: '4712', email: 'bob@example.com' }, '/portal/v1/oauth/hub/start');
  expect(problemOf(unsure)).toBe('email_unverified');
});

test.each([
  ['says that it is not theirs', { sub: 'eve', email: 'eve@example.com', email_verified: false }],
  ['does not say that it is', { sub: 'eve', email: 'eve@example.com' }],
  ['tells none', { sub: 'eve' }],
  ['tells one no mail could go to', { sub: 'eve', email: 'a@b', email_verified: true }],
])('a service that %s makes no account', async (_, account) => {
  const at = world.browser();
  const before = world.accounts.count();
  expect(problemOf(await come(at, account))).toBe('email_unverified');
  expect([(await sessionIn(at)).state, world.accounts.count()]).toEqual(['signed_out', before]);
});

test('an address that has an account opens it only after its person signed in and connected the service', async () => {
  const ada = await world.person('ada@example.com');
  const stranger = world.browser();
  expect(problemOf(await come(stranger, ADA))).toBe('link_needed');
  expect((await sessionIn(stranger)).state).toBe('signed_out');
  expect(problemOf(await come(stranger, { ...ADA, email_verified: false }))).toBe('email_unverified');
  expect(locationOf(await come(ada, ADA, START))).toBe('/security');
  expect((await ada.ask('GET', '/portal/v1/oauth')).body).toMatchObject({
    data: [{ service: provider.issuer, email: 'ada@example.com' }],
    providers: [
      { id: 'acme', name: 'Acme' },
      { id: 'hub', name: 'Hub' },
    ],
  });
  expect(locationOf(await come(stranger, ADA))).toBe('/start');
  expect((await sessionIn(stranger)).person?.id).toBe(ada.id);
});

test('whoever has connected a service keeps it: nobody else can', async () => {
  const ada = await world.person();
  const eve = await world.person();
  await come(ada, ADA);
  expect(problemOf(await come(eve, ADA))).toBe('connected_elsewhere');
  expect((await eve.ask('GET', '/portal/v1/oauth')).body).toMatchObject({ data: [] });
});

test('nothing is connected where the session ended on the way, or is too old for it', async () => {
  const ada = await world.person();
  const away = await ada.ask('GET', START);
  await world.people.endSessions(ada.id);
  const back = new URL(provider.consent(locationOf(away), ADA));
  expect(problemOf(await ada.ask('GET', `${back.pathname}${back.search}`))).toBe('session_over');
  const bob = await world.person();
  world.time.aheadMs = 16 * 60_000;
  expect(locationOf(await bob.ask('GET', START))).toBe('/security?problem=confirm_needed');
});

test('a second factor is asked for after another service too', async () => {
  const ada = await world.person();
  await come(ada, ADA);
  const { secret } = (await ada.ask('POST', '/portal/v1/totp')).body as { secret: string };
  await ada.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, Date.now()) });
  const at = world.browser();
  expect(locationOf(await come(at, ADA, `${START}?next=%2Fkeys`))).toBe('/sign-in?next=%2Fkeys');
  expect((await sessionIn(at)).state).toBe('second_factor_needed');
});

test('the door is asked: one that is paused lets nobody new in, and everybody known', async () => {
  await come(world.browser(), ADA);
  const everywhere = { plan: null, region: null };
  await world.door.set({ ...everywhere, state: 'paused', reason: null, retryAtMs: null, by: 'test' });
  expect(problemOf(await come(world.browser(), { ...ADA, sub: 'bob', email: 'bob@example.com' }))).toBe('door_paused');
  expect(locationOf(await come(world.browser(), ADA))).toBe('/start');
});

test('of two who come back at once with one new address, one account is made', async () => {
  const before = world.accounts.count();
  const answers = await Promise.all([1, 2].map((at) => come(world.browser(), { ...ADA, sub: `ada-${at}` })));
  expect(new Set(answers.map(problemOf))).toEqual(new Set(['link_needed', null]));
  expect(world.accounts.count()).toBe(before + 1);
});

test('a service is disconnected by its person alone, and never as the last way in', async () => {
  const at = world.browser();
  await come(at, ADA);
  await sessionIn(at);
  const { data } = (await at.ask('GET', '/portal/v1/oauth')).body as { data: { id: string }[] };
  const path = `/portal/v1/oauth/${data[0]?.id ?? ''}`;
  expect(reasonOf(await (await world.person()).ask('DELETE', path))).toBe('identity_not_found');
  expect(reasonOf(await at.ask('DELETE', path))).toBe('last_way_in');
  await at.ask('POST', '/portal/v1/password', { new_password: 'correct horse battery' });
  expect((await at.ask('DELETE', path)).status).toBe(200);
  expect(problemOf(await come(world.browser(), ADA))).toBe('link_needed');
});

test('a service that is away, or not there, is said to be', async () => {
  provider.close();
  expect(problemOf(await world.browser().ask('GET', START))).toBe('provider_failed');
  expect(reasonOf(await world.browser().ask('GET', '/portal/v1/oauth/nobody/start'))).toBe('identity_not_found');
  expect(world.faults).toHaveLength(1);
});

test('a name that could be a link or a message is not taken over', async () => {
  const at = world.browser();
  await come(at, { ...ADA, name: 'Win $5 at https://evil.example' });
  expect((await sessionIn(at)).person?.name).toBe('ada');
});
