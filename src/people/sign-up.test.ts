import { afterEach, beforeEach, expect, test } from 'bun:test';
import {
  codeIn,
  openPeopleWorld,
  PASSWORD,
  type PeopleWorld,
  reasonOf,
  sessionOf,
  signUpOf,
  tokenIn,
} from './proving/world.ts';

let world: PeopleWorld;
beforeEach(async () => {
  world = await openPeopleWorld();
});
afterEach(() => world.close());

const ADA = 'Ada@Example.com';
const SIGN_UP = '/portal/v1/sign-up';
const VERIFY = '/portal/v1/sign-up/verify';
const HALF_HOUR_MS = 1_800_000;

test('a sign-up makes nothing but a row until the mail is proved; then the person is in, and owner of their account', async () => {
  const at = world.browser();
  const before = world.accounts.count();
  const answer = await at.ask('POST', SIGN_UP, { ...signUpOf(ADA), form_ms: 8_000 });
  expect([answer.status, answer.body]).toEqual([202, { state: 'check_mail', minutes: 30 }]);
  expect(world.accounts.count()).toBe(before);
  expect((await world.browser().signIn(ADA)).status).toBe(401);
  const [mail] = await world.mailsTo(ADA);
  const verified = await at.ask('POST', VERIFY, { email: 'ada@example.com', code: codeIn(mail) });
  const { state, person } = sessionOf(verified);
  expect([verified.status, state]).toEqual([200, 'signed_in']);
  expect(person).toMatchObject({ email: ADA, name: 'Ada', state: 'active', has_password: true, totp: false });
  const id = person?.id ?? '';
  expect(world.accounts.get(id)).toMatchObject({ kind: 'person', name: 'Ada' });
  expect(world.told.proved).toEqual([[id, 'mail', null]]);
  expect(world.told.signedUp[0]).toMatchObject([id, { email: ADA, formMs: 8_000, ip: '127.0.0.1' }]);
  expect(JSON.stringify(world.told)).not.toContain('candor-sign-up');
  expect((await world.browser().signIn('ADA@example.com')).status).toBe(200);
});

test('a link works once, and of many at the same moment one', async () => {
  const at = world.browser();
  await at.ask('POST', SIGN_UP, signUpOf(ADA));
  const token = tokenIn((await world.mailsTo(ADA))[0]);
  const before = world.accounts.count();
  const answers = await Promise.all(Array.from({ length: 10 }, () => at.ask('POST', VERIFY, { token })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(world.accounts.count()).toBe(before + 1);
  expect(reasonOf(await at.ask('POST', VERIFY, { token }))).toBe('token_refused');
});

test('link and code expire', async () => {
  const at = world.browser();
  await at.ask('POST', SIGN_UP, signUpOf(ADA));
  const [mail] = await world.mailsTo(ADA);
  world.time.aheadMs = HALF_HOUR_MS + 1_000;
  expect(reasonOf(await at.ask('POST', VERIFY, { token: tokenIn(mail) }))).toBe('token_refused');
  expect(reasonOf(await at.ask('POST', VERIFY, { email: ADA, code: codeIn(mail) }))).toBe('code_refused');
});

test('another mail brings another link and code, and the old ones are dead', async () => {
  const at = world.browser();
  await at.ask('POST', SIGN_UP, signUpOf(ADA));
  const old = (await world.mailsTo(ADA))[0];
  expect((await at.ask('POST', '/portal/v1/sign-up/resend', { email: ADA })).status).toBe(202);
  const [fresh] = await world.mailsTo(ADA);
  expect(reasonOf(await at.ask('POST', VERIFY, { token: tokenIn(old) }))).toBe('token_refused');
  expect((await at.ask('POST', VERIFY, { email: ADA, code: codeIn(fresh) })).status).toBe(200);
});

test('the link in another browser needs the password that was chosen', async () => {
  await world.browser().ask('POST', SIGN_UP, signUpOf(ADA));
  const token = tokenIn((await world.mailsTo(ADA))[0]);
  const phone = world.browser();
  expect(reasonOf(await phone.ask('POST', VERIFY, { token }))).toBe('password_needed');
  expect(reasonOf(await phone.ask('POST', VERIFY, { token, password: 'another one' }))).toBe('password_wrong');
  expect((await phone.ask('POST', VERIFY, { token, password: PASSWORD })).status).toBe(200);
});

test('mails come in the language of whoever signs up', async () => {
  await world.browser().ask('POST', SIGN_UP, { ...signUpOf(ADA), locale: 'zh' });
  expect((await world.mailsTo(ADA))[0]?.subject).toMatch(/^您的注册验证码：\d{6}$/);
});

test('a door that is paused takes no sign-up; one with a line makes people wait until they are let in', async () => {
  const by = 'local';
  const way = { plan: null, region: null };
  await world.door.set({ ...way, state: 'paused', reason: null, retryAtMs: null, by });
  const at = world.browser();
  expect(reasonOf(await at.ask('POST', SIGN_UP, signUpOf(ADA)))).toBe('door_paused');
  await world.door.set({ ...way, state: 'waitlist', reason: null, retryAtMs: null, by });
  const waiting = await world.person(ADA);
  const seen = sessionOf(await waiting.ask('GET', '/portal/v1/session'));
  expect(seen.person?.state).toBe('waitlisted');
  expect(seen.waitlist_ticket).toBeString();
  expect(world.told.proved).toEqual([]);
  expect(await world.door.letIn({ way, count: 10 })).toBe(1);
  expect(sessionOf(await waiting.ask('GET', '/portal/v1/session'))).toMatchObject({
    person: { state: 'active' },
    waitlist_ticket: null,
  });
  expect(world.told.proved).toEqual([[waiting.id, 'mail', null]]);
  expect((await world.mailsTo(ADA))[0]?.subject).toBe('It is your turn');
});
