import { afterEach, beforeEach, expect, test } from 'bun:test';
import { ok, refuse } from '../../base/result.ts';
import type { MailText, SendMail } from '../../mail/send-mail.ts';
import { openPeopleWorld, type PeopleWorld, signUpOf } from '../proving/world.ts';
import { LOCALES } from '../contract.ts';
import { type Mail, writeMail } from './texts.ts';

const ADA = 'ada@example.com';
const HOUR_MS = 3_600_000;
let world: PeopleWorld;
let down = false;
const sent: { readonly to: readonly string[]; readonly text: MailText }[] = [];
const tried: string[] = [];
const sendMail: SendMail = async (id, to, text) => {
  tried.push(id);
  if (down) return refuse('the mail server does not answer');
  sent.push({ to, text });
  return ok(null);
};
beforeEach(async () => {
  sent.length = 0;
  tried.length = 0;
  down = false;
  world = await openPeopleWorld({ sendMail, onFault: () => undefined });
});
afterEach(() => world.close());

async function deliver(): Promise<void> {
  await world.people.jobs.find(({ name }) => name === 'send mails to people')?.run();
}

async function rows() {
  type MailTables = { person_mail: { state: string; sealed: Uint8Array | null } };
  return world.storage.reader.withTables<MailTables>().selectFrom('person_mail').select(['state', 'sealed']).execute();
}

test('a mail is sent once, and what it said is forgotten', async () => {
  await world.browser().ask('POST', '/portal/v1/sign-up', signUpOf(ADA));
  await Promise.all([deliver(), deliver(), deliver()]);
  expect(sent).toMatchObject([{ to: [ADA], text: { subject: expect.stringMatching(/^\d{6} is your sign-up code$/) } }]);
  expect(await rows()).toEqual([{ state: 'sent', sealed: null }]);
});

test('while the server is down nobody waits for it; the mail is tried again, later each time, and given up at last', async () => {
  down = true;
  const { status } = await world.browser().ask('POST', '/portal/v1/sign-up', signUpOf(ADA));
  expect(status).toBe(202);
  await deliver();
  await deliver();
  expect(tried).toHaveLength(1);
  world.time.aheadMs += 10_000;
  await deliver();
  expect(tried).toHaveLength(2);
  down = false;
  world.time.aheadMs += 59_000;
  await deliver();
  expect(sent).toHaveLength(0);
  world.time.aheadMs += 2_000;
  await deliver();
  expect([sent.length, new Set(tried).size]).toEqual([1, 1]);
});

test('a mail nobody takes is given up, and what it said is forgotten', async () => {
  down = true;
  await world.browser().ask('POST', '/portal/v1/sign-up', signUpOf(ADA));
  for (let round = 0; round < 10; round++) {
    await deliver();
    world.time.aheadMs += 7 * HOUR_MS;
  }
  expect(tried).toHaveLength(7);
  expect((await rows()).every(({ sealed }) => sealed === null)).toBeTrue();
});

test('a mail that is only pretended goes nowhere', async () => {
  await world.browser().ask('POST', '/portal/v1/password/forgot', { email: ADA });
  await deliver();
  expect(tried).toEqual([]);
  expect(await rows()).toEqual([{ state: 'sent', sealed: null }]);
});

test('no address and no token stands in the database in clear text', async () => {
  down = true;
  await world.browser().ask('POST', '/portal/v1/sign-up', signUpOf(ADA));
  for (const { sealed } of await rows()) {
    const bytes = Buffer.from(sealed ?? []).toString('latin1');
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes).not.toContain(ADA);
    expect(bytes).not.toContain('/verify#');
  }
});

test('a mail of another part waits in the same line', async () => {
  const text = { subject: 'Come in', body: 'Hello and welcome\n/join#abc\n' };
  expect(await world.people.sendMail('inv_1', [ADA], text)).toEqual(ok(null));
  await deliver();
  expect(sent).toMatchObject([{ to: [ADA], text: { subject: text.subject } }]);
  expect(sent[0]?.text.body).toStartWith(text.body);
});

test('each mail says at its end which service it is from', async () => {
  await world.browser().ask('POST', '/portal/v1/sign-up', signUpOf(ADA));
  await deliver();
  expect(sent[0]?.text.body).toEndWith('\n\n-- \nCandor\n');
});

const MAILS: readonly Mail[] = [
  { kind: 'verify', code: '123456', link: 'https://a.example/verify#t', minutes: 30 },
  { kind: 'known', link: 'https://a.example/sign-in', forgot: 'https://a.example/forgot' },
  { kind: 'admitted', link: 'https://a.example/sign-in' },
  { kind: 'reset', link: 'https://a.example/reset#t', minutes: 30 },
  { kind: 'password_changed', link: 'https://a.example/forgot' },
  { kind: 'new_sign_in', at: '2026-11-22 10:00 UTC', client: null, network: null, link: 'https://a.example/security' },
  { kind: 'confirm_old', to: 'new@example.com', link: 'https://a.example/confirm-email#o', hours: 24 },
  { kind: 'confirm_new', link: 'https://a.example/confirm-email#n', hours: 24 },
  { kind: 'email_changed', to: 'new@example.com', link: 'https://a.example/sign-in' },
  { kind: 'totp_on', link: 'https://a.example/security' },
  { kind: 'totp_off', link: 'https://a.example/security' },
  { kind: 'recovery_code_used', left: 1, link: 'https://a.example/security' },
  { kind: 'deletion', on: '2026-12-06', link: 'https://a.example/account' },
  { kind: 'deleted' },
];

test('every mail is written in both languages, with all it must tell, and nothing of an object in it', () => {
  for (const locale of LOCALES) {
    for (const mail of MAILS) {
      const { text } = writeMail(ADA, locale, mail);
      for (const [name, value] of Object.entries(mail)) {
        if (name !== 'kind' && value !== null && !(name === 'left' && value === 1)) {
          expect(`${text.subject}\n${text.body}`).toContain(String(value));
        }
      }
      expect(text.subject).not.toMatch(/[\r\n]/);
      expect(text.body).not.toMatch(/undefined|null|\[object/);
      expect(/\p{Script=Han}/u.test(text.body)).toBe(locale === 'zh');
    }
  }
});
