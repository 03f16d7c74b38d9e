import { afterEach, beforeEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOutbound } from '../../http/outbound.ts';
import { openWaysWorld, type WaysWorld } from '../proving/ways-world.ts';
import { type Browser, reasonOf } from '../proving/world.ts';
import { createHttpDriver, type PhoneDriver } from './driver.ts';
import { mobileNumberOf } from './number.ts';
import { readPhone } from './store.ts';

const PHONE = '/portal/v1/phone';
const CONFIRM = '/portal/v1/phone/confirm';
const BRITISH = '+447400123456';

let world: WaysWorld;
beforeEach(async () => {
  world = await openWaysWorld();
});
afterEach(() => world.close());

const send = (at: Browser, number = BRITISH) => at.ask('POST', PHONE, { number });
const confirm = (at: Browser, code: string) => at.ask('POST', CONFIRM, { code });
const lastCode = () => world.codes.at(-1)?.code ?? 'none';
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

async function runJobs(): Promise<void> {
  for (const job of [...world.ways.jobs, ...world.people.jobs.filter(({ name }) => name.includes('proved'))]) {
    await job.run();
  }
}

test('a code proves a number, of which two digits are shown and a keyed digest is kept', async () => {
  const ada = await world.person();
  const sent = await ada.ask('POST', PHONE, { number: '+44 7400 123456', locale: 'zh' });
  expect([sent.status, sent.body]).toMatchObject([202, { available: true, state: 'code_sent', ending: null }]);
  expect(world.codes).toMatchObject([{ number: BRITISH, locale: 'zh' }]);
  expect(lastCode()).toMatch(/^\d{6}$/);
  const proved = await confirm(ada, ` ${lastCode().slice(0, 3)} ${lastCode().slice(3)}`);
  expect([proved.status, proved.body]).toMatchObject([200, { state: 'proved', ending: '56' }]);
  await runJobs();
  await runJobs();
  expect(world.phones).toEqual([[ada.id, BRITISH]]);
  const kept = await readPhone(world.storage.reader, ada.id);
  const token = Buffer.from(kept?.digest ?? []).toString('base64url');
  expect(world.told.proved.filter(([, rung]) => rung === 'phone')).toEqual([[ada.id, 'phone', token]]);
  expect(kept).toMatchObject({ ending: '56', untold: null });
  expect(kept?.digest).toHaveLength(32);
});

test('a code has five tries, also when they come at once', async () => {
  const ada = await world.person();
  await send(ada);
  const wrong = otherThan(lastCode());
  const answers = await Promise.all(Array.from({ length: 9 }, () => confirm(ada, wrong)));
  expect(new Set(answers.map(reasonOf))).toEqual(new Set(['code_refused']));
  expect(reasonOf(await confirm(ada, lastCode()))).toBe('code_refused');
});

test('a code holds ten minutes, counts once, and is dead when another was sent', async () => {
  const ada = await world.person();
  await send(ada);
  const first = lastCode();
  await send(ada);
  if (first !== lastCode()) expect(reasonOf(await confirm(ada, first))).toBe('code_refused');
  const answers = await Promise.all([1, 2, 3].map(() => confirm(ada, lastCode())));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  await send(ada);
  world.time.aheadMs = 600_001;
  expect(reasonOf(await confirm(ada, lastCode()))).toBe('code_refused');
});

test('the code of one person is none for another', async () => {
  const [ada, eve] = [await world.person(), await world.person()];
  await send(ada);
  const code = lastCode();
  await send(eve, '+447400123457');
  if (code !== lastCode()) expect(reasonOf(await confirm(eve, code))).toBe('code_refused');
  expect((await confirm(ada, code)).status).toBe(200);
});

test('a number counts for one account, which is told only to whoever holds the phone', async () => {
  const [ada, eve] = [await world.person(), await world.person()];
  await send(ada);
  await confirm(ada, lastCode());
  expect((await send(eve)).status).toBe(202);
  expect(reasonOf(await confirm(eve, lastCode()))).toBe('phone_taken');
  expect((await eve.ask('GET', PHONE)).body).toMatchObject({ ending: null });
});

test('of two who prove one number at once, one has it', async () => {
  const people = [await world.person(), await world.person()];
  const codes: string[] = [];
  for (const one of people) {
    await send(one);
    codes.push(lastCode());
  }
  const answers = await Promise.all(people.map((one, at) => confirm(one, codes[at] ?? '')));
  expect(new Set(answers.map(reasonOf))).toEqual(new Set([null, 'phone_taken']));
});

test.each([
  ['a fixed line', '+442079460958'],
  ['one that is paid for by the minute', '+449098790000'],
  ['one of the internet', '+445600123456'],
  ['one that costs nothing', '+448001234567'],
  ['a number anywhere', '+447010123456'],
  ['one of no country', '+88213300655'],
  ['a text', 'not a number'],
  ['one without its country', '07400 123456'],
  ['one that is too long', '+4474001234567890'],
  ['one with an extension', '+447400123456 ext. 12'],
])('%s is no mobile number, and no code is sent', async (_, number) => {
  const ada = await world.person();
  expect(reasonOf(await send(ada, number))).toBe('phone_refused');
  expect(world.codes).toEqual([]);
});

test('whatever is typed, a number that is taken is E.164, and typing it again is the same', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.stringMatching(/^\+?[0-9 ()./-]{4,24}$/),
    fc.stringMatching(/^\+(1|33|44|49|86|91)[0-9]{8,11}$/),
  );
  fc.assert(
    fc.property(text, (typed) => {
      const number = mobileNumberOf(typed);
      return number === null || (/^\+[1-9]\d{6,14}$/.test(number) && mobileNumberOf(number) === number);
    }),
    { numRuns: 2_000 },
  );
});

test('one person, one number and one network get so many codes and no more', async () => {
  const ada = await world.person();
  for (let at = 0; at < 3; at++) expect((await send(ada, `+44740012345${at}`)).status).toBe(202);
  expect(reasonOf(await send(ada, '+447400123459'))).toBe('too_many_attempts');
  const others = await Promise.all([1, 2, 3, 4].map(() => world.person()));
  const answers = [];
  for (const one of others) answers.push(reasonOf(await send(one, '+447400999999')));
  expect(answers).toEqual([null, null, null, 'too_many_attempts']);
});

test('a day has so many codes, and half of them for one country', async () => {
  await world.close();
  world = await openWaysWorld({ messagesPerDay: 4 });
  const numbers = [
    '+447400123450',
    '+447400123451',
    '+447400123452',
    '+8613800138000',
    '+33612345678',
    '+8613800138001',
  ];
  const answers = [];
  for (const number of numbers) answers.push(reasonOf(await send(await world.person(), number)));
  expect(answers).toEqual([null, null, 'too_many_attempts', null, null, 'too_many_attempts']);
});

test('without a driver it is said to be off; one that fails leaves no code behind', async () => {
  await world.close();
  world = await openWaysWorld({ driver: null });
  const ada = await world.person();
  expect([(await ada.ask('GET', PHONE)).body, reasonOf(await send(ada))]).toMatchObject([
    { available: false, state: 'none' },
    'phone_unavailable',
  ]);
  await world.close();
  const failing: PhoneDriver = { send: async () => ({ ok: false, refusal: 'failed' }) };
  world = await openWaysWorld({ driver: failing });
  const bob = await world.person();
  expect(reasonOf(await send(bob))).toBe('phone_not_sent');
  expect((await bob.ask('GET', PHONE)).body).toMatchObject({ state: 'none' });
});

test('the driver hands a code to the service of the operator, with the secret, and reads what it says', async () => {
  const asked: { auth: string | undefined; body: unknown }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
    request.on('end', () => {
      asked.push({ auth: request.headers.authorization, body: JSON.parse(text) as unknown });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outbound = createOutbound({ internalHosts: ['127.0.0.1'], timeoutMs: 2_000 });
  const driver = createHttpDriver({ url: `http://127.0.0.1:${port}/sms`, secret: 'hush', outbound });
  expect(await driver.send(BRITISH, '012345', 'en')).toMatchObject({ ok: true });
  status = 422;
  expect(await driver.send(BRITISH, '012345', 'zh')).toMatchObject({ refusal: 'refused' });
  status = 500;
  expect(await driver.send(BRITISH, '012345', 'zh')).toMatchObject({ refusal: 'failed' });
  server.close();
  expect(asked[0]).toEqual({
    auth: 'Bearer hush',
    body: {
      number: BRITISH,
      code: '012345',
      locale: 'en',
      text: '012345 is your code. It works for 10 minutes. Tell it to nobody.',
    },
  });
  const outside = createHttpDriver({ url: 'https://169.254.169.254/', secret: 'x', outbound });
  expect(await outside.send(BRITISH, '012345', 'en')).toMatchObject({ refusal: 'failed' });
});
