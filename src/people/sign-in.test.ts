import { afterEach, beforeEach, expect, test } from 'bun:test';
import { sessionListView, totpStartedView } from './contract.ts';
import {
  type Browser,
  openPeopleWorld,
  PASSWORD,
  type PeopleWorld,
  reasonOf,
  sessionOf,
  tokenIn,
  totpCode,
} from './proving/world.ts';

let world: PeopleWorld;
beforeEach(async () => {
  world = await openPeopleWorld();
});
afterEach(() => world.close());

const HOUR_MS = 3_600_000;
const HALF_MINUTE_MS = 30_000;
const now = () => Date.now() + world.time.aheadMs;

/** Turns the second factor on; gives its secret and the recovery codes. */
async function withTotp(at: Browser): Promise<{ secret: string; codes: string[] }> {
  const { secret } = totpStartedView.parse((await at.ask('POST', '/portal/v1/totp')).body);
  const confirmed = await at.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, now()) });
  const { recovery_codes: codes } = confirmed.body as { recovery_codes: string[] };
  // The code that confirmed it is used; the next one comes with the next half minute.
  world.time.aheadMs += HALF_MINUTE_MS;
  return { secret, codes };
}

test('with a second factor the password alone opens nothing, and a code of the app completes it', async () => {
  const ada = await world.person();
  const { secret } = await withTotp(ada);
  const at = world.browser();
  const half = await at.signIn(ada.email);
  expect([half.status, sessionOf(half)]).toMatchObject([
    200,
    { state: 'second_factor_needed', person: null, csrf: null },
  ]);
  expect(sessionOf(await at.ask('GET', '/portal/v1/session')).state).toBe('second_factor_needed');
  expect((await at.ask('GET', '/portal/v1/me')).status).toBe(401);
  const wrong = await at.ask('POST', '/portal/v1/session/second-factor', { code: '000000' });
  expect([wrong.status, reasonOf(wrong)]).toEqual([401, 'second_factor_refused']);
  const code = totpCode(secret, now());
  const whole = await at.ask('POST', '/portal/v1/session/second-factor', {
    code: `${code.slice(0, 3)} ${code.slice(3)}`,
  });
  expect(sessionOf(whole)).toMatchObject({ state: 'signed_in', person: { id: ada.id, totp: true } });
});

test('a recovery code works once, however it is typed, and its owner is told', async () => {
  const ada = await world.person();
  const { codes } = await withTotp(ada);
  expect(new Set(codes).size).toBe(10);
  const enter = async (code: string) => {
    const at = world.browser();
    await at.signIn(ada.email);
    return at.ask('POST', '/portal/v1/session/second-factor', { code });
  };
  const first = codes[0] ?? '';
  expect(sessionOf(await enter(first.toLowerCase().replaceAll('-', ' '))).person?.recovery_codes_left).toBe(9);
  expect((await enter(first)).status).toBe(401);
  expect((await world.mailsTo(ada.email))[0]?.subject).toBe('A recovery code was used');
});

test('a code that was used already does not forgive the guesses before it', async () => {
  const ada = await world.person();
  const { secret } = await withTotp(ada);
  const used = totpCode(secret, now());
  const first = world.browser();
  await first.signIn(ada.email);
  expect((await first.ask('POST', '/portal/v1/session/second-factor', { code: used })).status).toBe(200);
  const at = world.browser();
  await at.signIn(ada.email);
  const tried: number[] = [];
  for (let times = 0; times < 12; times++) {
    const code = times % 3 === 2 ? used : '000000';
    tried.push((await at.ask('POST', '/portal/v1/session/second-factor', { code })).status);
  }
  expect(tried).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
});

test('the second factor goes off again, with its recovery codes', async () => {
  const ada = await world.person();
  const { codes } = await withTotp(ada);
  expect((await ada.ask('DELETE', '/portal/v1/totp')).status).toBe(200);
  expect(sessionOf(await world.browser().signIn(ada.email)).state).toBe('signed_in');
  await withTotp(ada);
  const at = world.browser();
  await at.signIn(ada.email);
  const old = await at.ask('POST', '/portal/v1/session/second-factor', { code: codes[1] });
  expect(reasonOf(old)).toBe('second_factor_refused');
});

test('sessions are listed in words, and each can be ended, by nobody else', async () => {
  const ada = await world.person();
  const phone = world.browser('198.51.100.0/24');
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  await phone.ask('POST', '/portal/v1/session', { email: ada.email, password: PASSWORD }, { 'user-agent': agent });
  const { data } = sessionListView.parse((await ada.ask('GET', '/portal/v1/sessions')).body);
  expect(data).toMatchObject([
    { current: false, method: 'password', client: 'Firefox on Linux', network_prefix: '198.51.100.0/24' },
    { current: true, method: 'verified_mail', client: null, network_prefix: '192.0.2.0/24' },
  ]);
  const path = `/portal/v1/sessions/${data[0]?.id ?? ''}`;
  const bob = await world.person();
  expect((await bob.ask('DELETE', path)).status).toBe(404);
  expect((await phone.ask('GET', '/portal/v1/me')).status).toBe(200);
  expect((await ada.ask('DELETE', path)).body).toEqual({ ended: 1 });
  expect((await phone.ask('GET', '/portal/v1/me')).status).toBe(401);
});

test('a sign-in from a network never seen before is told by mail, once', async () => {
  const ada = await world.person();
  const subjects = async () => (await world.mailsTo(ada.email)).map(({ subject }) => subject);
  await world.browser().signIn(ada.email);
  expect(await subjects()).toHaveLength(1);
  await world.browser('198.51.100.0/24').signIn(ada.email);
  await world.browser('198.51.100.0/24').signIn(ada.email);
  expect((await subjects()).filter((one) => one === 'A sign-in from a new network')).toHaveLength(1);
});

test('a session ends when it is not used, and at last in any case', async () => {
  const ada = await world.person();
  const idle = world.browser();
  await idle.signIn(ada.email);
  for (let hours = 0; hours < 160; hours += 20) {
    world.time.aheadMs += 20 * HOUR_MS;
    expect((await ada.ask('GET', '/portal/v1/me')).status).toBe(200);
    // The touch is written in the background; a write that is waited for comes after it.
    await world.storage.writer.write([]);
  }
  expect((await idle.ask('GET', '/portal/v1/me')).status).toBe(401);
  world.time.aheadMs += 9 * HOUR_MS;
  expect((await ada.ask('GET', '/portal/v1/me')).status).toBe(401);
});

test('a link by mail sets a new password once, and ends every session', async () => {
  const ada = await world.person();
  const forgot = { email: ada.email.toUpperCase() };
  const at = world.browser();
  expect((await at.ask('POST', '/portal/v1/password/forgot', forgot)).body).toEqual({
    state: 'check_mail',
    minutes: 30,
  });
  const token = tokenIn((await world.mailsTo(ada.email))[0]);
  const set = () => at.ask('POST', '/portal/v1/password/reset', { token, password: 'a better password' });
  const answers = await Promise.all([set(), set(), set()]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(reasonOf(await set())).toBe('token_refused');
  expect((await ada.ask('GET', '/portal/v1/me')).status).toBe(401);
  expect((await at.signIn(ada.email)).status).toBe(401);
  expect((await at.signIn(ada.email, 'a better password')).status).toBe(200);
  expect((await world.mailsTo(ada.email))[0]?.subject).toBe('Your password was changed');
});

test('whose organisation asks for its own sign-on comes in by no password', async () => {
  await world.close();
  world = await openPeopleWorld({ mustUseSso: async ({ email }) => email.endsWith('@corp.example') });
  const eve = await world.person('eve@corp.example');
  expect(reasonOf(await world.browser().signIn(eve.email))).toBe('sso_required');
  // To whoever does not know the password it is not told.
  expect(reasonOf(await world.browser().signIn(eve.email, 'not the password'))).toBe('sign_in_refused');
});
