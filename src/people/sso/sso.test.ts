import { afterEach, beforeEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import { comeBy, locationOf, pathOf, problemOf } from '../proving/comings.ts';
import { type Account, type IdentityProvider, openIdentityProvider } from '../proving/identity-provider.ts';
import { openWaysWorld, type WaysWorld } from '../proving/ways-world.ts';
import { type Browser, reasonOf, sessionOf } from '../proving/world.ts';
import { decideSso, type SsoArrival } from './decide.ts';
import type { SsoLookup, SsoSettings } from './sso.ts';

const ADA: Account = { sub: 'ada', email: 'ada@acme.example', name: 'Ada' };

let provider: IdentityProvider;
let world: WaysWorld;
/** What workspaces keep: domains they have shown to be theirs, and their settings. */
let domains: Map<string, string>;
let settings: Map<string, SsoSettings>;
let owners: Set<string>;

beforeEach(async () => {
  provider = await openIdentityProvider();
  domains = new Map([
    ['acme.example', 'acct_acme'],
    ['evil.example', 'acct_evil'],
  ]);
  settings = new Map([
    ['acct_acme', settingsOf('acct_acme')],
    ['acct_evil', settingsOf('acct_evil')],
  ]);
  owners = new Set();
  world = await openWaysWorld({ lookup: lookup() });
});
afterEach(async () => {
  provider.close();
  await world.close();
});

function settingsOf(accountId: string, required = false): SsoSettings {
  const { issuer, clientId, clientSecret } = provider;
  return { accountId, issuer, clientId, clientSecret, required };
}

const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1);

function lookup(): SsoLookup {
  const ofDomain = async (domain: string) => settings.get(domains.get(domain) ?? '') ?? null;
  return {
    ofDomain,
    async isRequired({ id, email }) {
      const found = await ofDomain(domainOf(email));
      return found?.required === true && !(id !== null && owners.has(id));
    },
    speaksFor: async (accountId, email) => domains.get(domainOf(email)) === accountId,
  };
}

const start = (domain = 'acme.example') => `/portal/v1/sso/start?domain=${domain}`;
const come = (at: Browser, account: Account, domain?: string) => comeBy(at, start(domain), provider, account);
const sessionIn = async (at: Browser) => sessionOf(await at.ask('GET', '/portal/v1/session'));

test('whoever has an address of the domain is told where to sign in, alike for every address of it', async () => {
  const ask = async (email: string) => (await world.browser().ask('POST', '/portal/v1/sso', { email })).body;
  const optional = { sso: 'optional', start: '/portal/v1/sso/start?domain=acme.example' };
  expect(await ask('ada@ACME.example')).toEqual(optional);
  expect(await ask('nobody@acme.example')).toEqual(optional);
  expect(await ask('ada@example.com')).toEqual({ sso: 'none', start: null });
  settings.set('acct_acme', settingsOf('acct_acme', true));
  expect(await ask('ada@acme.example')).toEqual({ ...optional, sso: 'required' });
});

test('somebody new becomes a person and a member at once, and comes back as the same', async () => {
  const at = world.browser();
  expect(locationOf(await come(at, ADA))).toBe('/start');
  const { person } = await sessionIn(at);
  expect([person?.email, person?.name, person?.has_password]).toEqual(['ada@acme.example', 'Ada', false]);
  expect(world.arrivals).toEqual([[person?.id ?? '', 'acct_acme']]);
  const again = world.browser();
  await come(again, ADA);
  expect((await sessionIn(again)).person?.id).toBe(person?.id ?? '');
  const { data } = (await again.ask('GET', '/portal/v1/sessions')).body as { data: { method: string }[] };
  expect(data.map(({ method }) => method)).toEqual(['sso', 'sso']);
});

test('it answers for its own people where the door is shut', async () => {
  await world.door.set({ plan: null, region: null, state: 'paused', reason: null, retryAtMs: null, by: 'test' });
  expect(locationOf(await come(world.browser(), ADA))).toBe('/start');
});

test('somebody who is here already comes into their own account', async () => {
  const ada = await world.person('ada@acme.example');
  const at = world.browser();
  await come(at, ADA);
  expect((await sessionIn(at)).person?.id).toBe(ada.id);
});

test.each([
  ['of another domain', { sub: 'x', email: 'victim@example.com' }],
  ['of the domain of another workspace', { sub: 'x', email: 'victim@evil.example' }],
  ['of a domain that ends alike', { sub: 'x', email: 'victim@sub.acme.example' }],
  ['of two domains', { sub: 'x', email: 'victim@evil.example@acme.example' }],
  ['that it says is not theirs', { sub: 'x', email: 'ada@acme.example', email_verified: false }],
  ['of nobody', { sub: 'x' }],
])('its provider cannot speak for an address %s', async (_, account) => {
  await world.person('victim@example.com');
  const at = world.browser();
  expect(problemOf(await come(at, account))).toBe('sso_refused');
  expect((await sessionIn(at)).state).toBe('signed_out');
  expect(world.arrivals).toEqual([]);
});

test('the word of one workspace about an account of a provider is none of another', async () => {
  await come(world.browser(), ADA);
  // The same provider, and a subject the other workspace knows: it would be Ada, and is not.
  const at = world.browser();
  expect(problemOf(await come(at, { ...ADA, email: 'ada@acme.example' }, 'evil.example'))).toBe('sso_refused');
});

test('what a workspace may say ends with its domain', async () => {
  await come(world.browser(), ADA);
  domains.set('acme.example', 'acct_evil');
  domains.set('acme2.example', 'acct_acme');
  expect(problemOf(await come(world.browser(), ADA, 'acme2.example'))).toBe('sso_refused');
});

test('a provider that was replaced on the way, and the callback of another workspace, let nobody in', async () => {
  const at = world.browser();
  const back = pathOf(provider.consent(locationOf(await at.ask('GET', start())), ADA));
  expect(problemOf(await at.ask('GET', back.replace('acct_acme', 'acct_evil')))).toBe('flow_over');
  domains.delete('acme.example');
  expect(problemOf(await at.ask('GET', back))).toBe('flow_over');
  expect(provider.tokenRequests).toEqual([]);
});

test('a workspace without room makes nobody a member, and begins no session', async () => {
  world.full.add('acct_acme');
  const at = world.browser();
  const answer = await come(at, ADA);
  expect([problemOf(answer), (await sessionIn(at)).state]).toEqual(['sso_refused', 'signed_out']);
  const ada = await world.people.personByEmail('ada@acme.example');
  expect(await world.people.sessions.list(ada?.id ?? '')).toEqual([]);
});

test('required, it ends what was begun another way, and lets nobody begin so; but the owners', async () => {
  const [ada, owner, other] = [
    await world.person('ada@acme.example'),
    await world.person('owner@acme.example'),
    await world.person('bob@example.com'),
  ];
  owners.add(owner.id);
  const bySso = world.browser();
  await come(bySso, ADA);
  settings.set('acct_acme', settingsOf('acct_acme', true));
  expect(await world.ways.enforceSso(['acme.example'])).toBe(1);
  const states = await Promise.all([ada, owner, other, bySso].map(async (at) => (await sessionIn(at)).state));
  expect(states).toEqual(['signed_out', 'signed_in', 'signed_in', 'signed_in']);
  expect(reasonOf(await world.browser().signIn(ada.email))).toBe('sso_required');
  expect((await world.browser().signIn(owner.email)).status).toBe(200);
});

test('the provider speaks for nobody the workspace does not, whatever it says and whoever is known', () => {
  const arrival: fc.Arbitrary<SsoArrival> = fc.record({
    owner: fc.option(fc.record({ id: fc.constantFrom('ada', 'eve'), isSpokenFor: fc.boolean() })),
    email: fc.option(fc.constantFrom('ada@acme.example', 'eve@example.com')),
    isSpokenFor: fc.boolean(),
    holder: fc.option(fc.constantFrom('ada', 'eve')),
  });
  fc.assert(
    fc.property(arrival, (one) => {
      const decided = decideSso(one);
      if (!decided.ok) return true;
      if (decided.value.kind === 'enter')
        return one.owner?.isSpokenFor === true && decided.value.personId === one.owner.id;
      return one.owner === null && one.email !== null && one.isSpokenFor;
    }),
    { numRuns: 1_000 },
  );
});
