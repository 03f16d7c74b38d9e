import { afterEach, beforeEach, expect, test } from 'bun:test';
import { comeBy, locationOf, pathOf, problemOf } from '../../src/people/proving/comings.ts';
import {
  type Account,
  type IdentityProvider,
  type Lies,
  openIdentityProvider,
} from '../../src/people/proving/identity-provider.ts';
import { openWaysWorld, type WaysWorld } from '../../src/people/proving/ways-world.ts';
import { type Answer, type Browser, sessionOf } from '../../src/people/proving/world.ts';

/** Tokens and redirects as attackers bend them: what a provider of sign-ins says counts only where all of it holds. */

const ADA: Account = { sub: 'ada-1', email: 'ada@example.com', email_verified: true };
const START = '/portal/v1/oauth/honest/start';

let honest: IdentityProvider;
let evil: IdentityProvider;
let world: WaysWorld;
beforeEach(async () => {
  honest = await openIdentityProvider();
  evil = await openIdentityProvider();
  const providers = Object.entries({ honest, evil }).map(([id, { issuer, clientId, clientSecret }]) => {
    return { id, label: id, at: { issuer }, clientId, clientSecret, scopes: 'openid email' };
  });
  world = await openWaysWorld({ providers });
});
afterEach(async () => {
  honest.close();
  evil.close();
  await world.close();
});

async function expectNobodyIn(at: Browser, answer: Answer, problem: string): Promise<void> {
  expect([answer.status, problemOf(answer)]).toEqual([303, problem]);
  expect(answer.headers.getSetCookie().join()).not.toContain('candor-portal=');
  expect(sessionOf(await at.ask('GET', '/portal/v1/session')).state).toBe('signed_out');
}

const past = Math.floor(Date.now() / 1000) - 3_600;
const lies: [string, Lies][] = [
  ['is signed by nobody (alg none)', { signedWith: 'none' }],
  ['is signed with the public key as a secret (HS256)', { signedWith: 'public key as a secret' }],
  ['is signed with another key', { signedWith: 'another key' }],
  ['has expired', { claims: { exp: past, iat: past - 60 } }],
  ['is for another audience', { claims: { aud: 'somebody-else' } }],
  ['is for others too and names no party', { claims: { aud: ['candor', 'somebody-else'] } }],
  ['is of another issuer', { claims: { iss: 'https://accounts.google.com' } }],
  ['has no nonce', { claims: { nonce: undefined } }],
  ['has the nonce of another sign-in', { claims: { nonce: 'planted' } }],
  ['has no subject', { claims: { sub: undefined } }],
  ['comes with the issuer of another (RFC 9207)', { iss: 'https://evil.example' }],
];

test.each(lies)('a token that %s lets nobody in', async (_, lie) => {
  honest.lies = lie;
  const at = world.browser();
  const before = world.accounts.count();
  await expectNobodyIn(at, await comeBy(at, START, honest, ADA), 'provider_failed');
  expect(world.accounts.count()).toBe(before);
  honest.lies = {};
  expect(locationOf(await comeBy(at, START, honest, ADA))).toBe('/start');
});

test('a state counts once, even where the provider takes its code again', async () => {
  honest.lies = { codesForEver: true };
  const at = world.browser();
  const back = pathOf(honest.consent(locationOf(await at.ask('GET', START)), ADA));
  const cookies = new Map(at.jar.cookies);
  expect(locationOf(await at.ask('GET', back))).toBe('/start');
  const thief = world.browser();
  for (const [name, value] of cookies) thief.jar.cookies.set(name, value);
  await expectNobodyIn(thief, await thief.ask('GET', back), 'flow_over');
  expect(honest.tokenRequests).toHaveLength(1);
});

test('of many who come back at once with one code, one comes in', async () => {
  honest.lies = { codesForEver: true };
  const at = world.browser();
  const back = pathOf(honest.consent(locationOf(await at.ask('GET', START)), ADA));
  const answers = await Promise.all(Array.from({ length: 8 }, () => at.ask('GET', back)));
  expect(answers.filter((answer) => locationOf(answer) === '/start')).toHaveLength(1);
});

test('a code that was used is not taken again', async () => {
  const at = world.browser();
  const back = new URL(honest.consent(locationOf(await at.ask('GET', START)), ADA));
  await at.ask('GET', pathOf(back.href));
  const victim = world.browser();
  const state = new URL(locationOf(await victim.ask('GET', START))).searchParams.get('state') ?? '';
  back.searchParams.set('state', state);
  await expectNobodyIn(victim, await victim.ask('GET', pathOf(back.href)), 'provider_failed');
});

test('a victim who is sent to the address an attacker comes back to is not signed in as the attacker', async () => {
  const attacker = world.browser();
  const back = pathOf(honest.consent(locationOf(await attacker.ask('GET', START)), ADA));
  const victim = world.browser();
  await expectNobodyIn(victim, await victim.ask('GET', back), 'flow_over');
  await victim.ask('GET', START);
  await expectNobodyIn(victim, await victim.ask('GET', back), 'flow_over');
});

test("an evil provider that sends people on to an honest one gets neither its code nor its users' accounts", async () => {
  const at = world.browser();
  const away = new URL(locationOf(await at.ask('GET', '/portal/v1/oauth/evil/start')));
  const mixed = new URL(`${honest.issuer}/authorize`);
  mixed.search = away.search;
  // The honest provider knows the redirect address of its own client alone.
  mixed.searchParams.set('redirect_uri', 'http://portal.test/portal/v1/oauth/honest/callback');
  const back = pathOf(honest.consent(mixed.href, ADA));
  await expectNobodyIn(at, await at.ask('GET', back), 'flow_over');
  expect([evil.tokenRequests, honest.tokenRequests]).toEqual([[], []]);
});

test('what one provider says of somebody is nothing another has said', async () => {
  const at = world.browser();
  await comeBy(at, START, honest, ADA);
  const thief = world.browser();
  const answer = await comeBy(thief, '/portal/v1/oauth/evil/start', evil, ADA);
  await expectNobodyIn(thief, answer, 'link_needed');
});

test('an unverified address connects to no account and opens none', async () => {
  await world.person('ada@example.com');
  for (const verified of [false, undefined, 'false', 'yes', 1, 'true ']) {
    const at = world.browser();
    honest.lies = { claims: { email_verified: verified } };
    await expectNobodyIn(at, await comeBy(at, START, honest, ADA), 'email_unverified');
  }
});

test('the way back leads to pages of the portal alone', async () => {
  const at = world.browser();
  const elsewhere = ['//evil.example', 'https://evil.example', '/\\evil.example'];
  for (const next of elsewhere) {
    const answer = await at.ask('GET', `${START}?next=${encodeURIComponent(next)}`);
    expect([next, answer.status]).toEqual([next, 400]);
  }
  const back = new URL(locationOf(await at.ask('GET', START)));
  expect(back.searchParams.get('redirect_uri')).toBe('http://portal.test/portal/v1/oauth/honest/callback');
  expect(back.searchParams.get('code_challenge_method')).toBe('S256');
  expect(back.origin).toBe(honest.issuer);
});

test('the state travels in a cookie that other sites cannot read, and the host alone can set', async () => {
  await world.close();
  const { issuer, clientId, clientSecret } = honest;
  const provider = { id: 'honest', label: 'x', at: { issuer }, clientId, clientSecret, scopes: 'openid' };
  world = await openWaysWorld({ providers: [provider], publicUrl: 'https://portal.test' });
  const answer = await world.browser().ask('GET', START);
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-candor-oauth=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const state = new URL(locationOf(answer)).searchParams.get('state') ?? 'none';
  expect(cookie).not.toContain(state);
});

test('nothing a provider says, and no code, gets into what is logged of its failures', async () => {
  honest.lies = { claims: { iss: 'https://ada@example.com/secret' } };
  await comeBy(world.browser(), START, honest, ADA);
  const told = JSON.stringify(world.faults.map((fault) => [String(fault), Object(fault)]));
  expect(world.faults).toHaveLength(1);
  expect(told).not.toContain('ada@example.com');
  expect(told).not.toContain('secret');
});
