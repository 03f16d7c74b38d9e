import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createPasswords, type Passwords } from '../../src/credentials/passwords.ts';
import { outboxView, sessionListView, totpStartedView } from '../../src/people/contract.ts';
import {
  type Answer,
  type Browser,
  codeIn,
  openPeopleWorld,
  PASSWORD,
  type PeopleWorld,
  reasonOf,
  sessionOf,
  signUpOf,
  tokenIn,
  totpCode,
} from '../../src/people/proving/world.ts';

let world: PeopleWorld;
beforeEach(async () => {
  world = await openPeopleWorld();
});
afterEach(() => world.close());

const ADA = 'ada@example.com';
const STRANGER = 'nobody@example.com';
const MINUTE_MS = 60_000;
const SIGN_UP = '/portal/v1/sign-up';
const VERIFY = '/portal/v1/sign-up/verify';
const asks = async (at: Browser) => (await at.ask('GET', '/portal/v1/me')).status;
const newNetwork = (at: number) => `10.${at >> 8}.${at & 255}.0/24`;
const now = () => Date.now() + world.time.aheadMs;

/** All of an answer that could tell one from another: secrets that are random each time are told by their length. */
function shape({ status, body, headers }: Answer) {
  const named = [...headers].map(([name, value]) => [name, value.replace(/=[\w-]{43};/g, '=<token>;')]);
  return { status, body, headers: named };
}

describe('case 8: fields that are not theirs', () => {
  test('no body takes a role, a state or an id along', async () => {
    const ada = await world.person(ADA);
    const more = [{ role: 'admin' }, { is_admin: true }, { state: 'active' }, { id: 'acct_operator' }, { balance: 1 }];
    for (const field of more) {
      const bodies: [string, string, object][] = [
        ['POST', SIGN_UP, signUpOf(STRANGER)],
        ['POST', '/portal/v1/session', { email: ADA, password: PASSWORD }],
        ['PATCH', '/portal/v1/me', { name: 'Ada' }],
        ['POST', '/portal/v1/password', { current_password: PASSWORD, new_password: 'a better password' }],
        ['POST', '/portal/v1/email', { email: 'new@example.com' }],
      ];
      for (const [method, path, body] of bodies) {
        const answer = await ada.ask(method, path, { ...body, ...field });
        expect([path, answer.status, reasonOf(answer)]).toEqual([path, 400, 'invalid_field']);
      }
    }
  });
});

describe('case 9: a session after its end', () => {
  const reset = async (at: Browser & { readonly email: string }) => {
    await at.ask('POST', '/portal/v1/password/forgot', { email: at.email });
    const token = tokenIn((await world.mailsTo(at.email))[0]);
    await at.ask('POST', '/portal/v1/password/reset', { token, password: 'set by the link' });
  };
  type Ada = Awaited<ReturnType<PeopleWorld['person']>>;
  const ways: Record<string, (at: Ada) => Promise<unknown>> = {
    'signed out': (at) => at.ask('DELETE', '/portal/v1/session'),
    'signed out everywhere': (at) => at.ask('DELETE', '/portal/v1/sessions'),
    'cut off from outside': (at) => world.people.endSessions(at.id),
    'password reset': reset,
    'password changed': (at) =>
      at.ask('POST', '/portal/v1/password', { current_password: PASSWORD, new_password: 'a better password' }),
    async 'ended by its id'(at) {
      const { data } = sessionListView.parse((await at.ask('GET', '/portal/v1/sessions')).body);
      await at.ask('DELETE', `/portal/v1/sessions/${data[0]?.id ?? ''}`);
    },
  };
  for (const [name, end] of Object.entries(ways)) {
    test(`${name}: its cookie is worth nothing from then on, and whoever watches it is told`, async () => {
      const ada = await world.person(ADA);
      const stolen = world.browser();
      for (const [cookie, value] of ada.jar.cookies) stolen.jar.cookies.set(cookie, value);
      expect(await asks(stolen)).toBe(200);
      const { data } = sessionListView.parse((await ada.ask('GET', '/portal/v1/sessions')).body);
      let told = 0;
      world.people.guard.watch(data[0]?.id ?? '', () => {
        told++;
      });
      await end(ada);
      expect(await asks(stolen)).toBe(401);
      expect(told).toBe(1);
    });
  }
});

describe('case 10: routes without a session', () => {
  test('whatever asks for one is closed to nobody, and to whoever is half way in', async () => {
    const ada = await world.person(ADA);
    const { secret } = totpStartedView.parse((await ada.ask('POST', '/portal/v1/totp')).body);
    await ada.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, now()) });
    const half = world.browser();
    await half.signIn(ADA);
    const closed = world.people.described.filter(({ access }) => access !== 'public');
    expect(closed.length).toBeGreaterThanOrEqual(15);
    for (const { method, path } of closed) {
      const at = path.replaceAll(/\{\w+\}/g, 'x');
      const statuses = [(await world.browser().ask(method, at)).status, (await half.ask(method, at)).status];
      expect([path, ...statuses]).toEqual([path, 401, 401]);
    }
  });
});

describe('case 11: whether somebody has an account', () => {
  /** What a request makes the service do: hashes, and rows that are written. */
  async function watched(): Promise<{ work: { hashes: number; units: string[] } }> {
    await world.close();
    const work = { hashes: 0, units: [] as string[] };
    const real = createPasswords({ cost: { memoryKib: 8, passes: 1 }, waitingMax: 200 });
    const passwords: Passwords = {
      hash: (password) => (work.hashes++, real.hash(password)),
      verify: (password, encoded) => (work.hashes++, real.verify(password, encoded)),
    };
    world = await openPeopleWorld({ passwords });
    const { writer } = world.storage;
    const { write } = writer;
    writer.write = (unit) => {
      if (unit.length > 0) work.units.push(unit.map(({ sql }) => sql.split('(')[0]).join(';'));
      return write.call(writer, unit);
    };
    return { work };
  }

  const questions: Record<string, (email: string) => [string, object]> = {
    'signing up': (email) => [SIGN_UP, signUpOf(email)],
    'asking for the mail again': (email) => ['/portal/v1/sign-up/resend', { email }],
    'signing in': (email) => ['/portal/v1/session', { email, password: 'not the password' }],
    'a forgotten password': (email) => ['/portal/v1/password/forgot', { email }],
  };
  for (const [name, question] of Object.entries(questions)) {
    test(`${name} is answered alike, by the same work`, async () => {
      const { work } = await watched();
      await world.person(ADA);
      const seen = [];
      for (const email of [ADA, STRANGER]) {
        work.hashes = 0;
        work.units.length = 0;
        const [path, body] = question(email);
        const answer = shape(await world.browser().ask('POST', path, body));
        seen.push({ ...answer, hashes: work.hashes, units: work.units.filter((unit) => !unit.startsWith('delete')) });
      }
      expect(seen[0]).toEqual(seen[1]);
    });
  }

  test('the code of a sign-up with a known address is refused as a wrong one', async () => {
    await world.person(ADA);
    const refusals = [];
    for (const email of [ADA, STRANGER]) {
      const at = world.browser();
      await at.ask('POST', SIGN_UP, signUpOf(email));
      refusals.push(shape(await at.ask('POST', VERIFY, { email, code: '000000' })));
    }
    expect(refusals[0]).toEqual(refusals[1]);
    expect((await world.mailsTo(ADA))[0]?.subject).toBe('You already have an account');
  });

  test('a sign-up with another spelling of a known address is of the same person', async () => {
    await world.person(ADA);
    for (const email of ['ADA@EXAMPLE.COM', '\uff21da@example.com', ' ada@example.com ']) {
      const { status } = await world.browser().ask('POST', SIGN_UP, signUpOf(email));
      expect(status).toBe(202);
    }
    expect((await world.mailsTo(ADA)).filter(({ subject }) => subject.includes('already'))).toHaveLength(3);
  });
});

describe('case 12: guessing', () => {
  test('a code of six digits is dead after five tries of a thousand, and the right one is too late', async () => {
    const at = world.browser();
    await at.ask('POST', SIGN_UP, signUpOf(ADA));
    const right = codeIn((await world.mailsTo(ADA))[0]);
    const wrong = right === '123456' ? '654321' : '123456';
    const tries = Array.from({ length: 1_000 }, () => at.ask('POST', VERIFY, { email: ADA, code: wrong }));
    const answers = await Promise.all(tries);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403, 429]));
    const late = await at.ask('POST', VERIFY, { email: ADA, code: right });
    expect([403, 429]).toContain(late.status);
    // Nor later, when nobody counts the tries of the network any more.
    world.time.aheadMs += 16 * MINUTE_MS;
    expect((await at.ask('POST', VERIFY, { email: ADA, code: right })).status).not.toBe(200);
  });

  test('a code counts in no other browser than the one that signed up', async () => {
    await world.browser().ask('POST', SIGN_UP, signUpOf(ADA));
    const code = codeIn((await world.mailsTo(ADA))[0]);
    expect(reasonOf(await world.browser().ask('POST', VERIFY, { email: ADA, code }))).toBe('code_refused');
    const other = world.browser();
    await other.ask('POST', SIGN_UP, signUpOf(STRANGER));
    expect(reasonOf(await other.ask('POST', VERIFY, { email: ADA, code }))).toBe('code_refused');
  });

  test('asking for mail after mail gives no endless tries, and fills nobody’s letter box', async () => {
    const at = world.browser();
    await at.ask('POST', SIGN_UP, signUpOf(ADA));
    for (let round = 0; round < 20; round++) {
      await world.browser(newNetwork(round)).ask('POST', SIGN_UP, signUpOf(ADA));
      await at.ask('POST', '/portal/v1/sign-up/resend', { email: ADA });
      await at.ask('POST', '/portal/v1/password/forgot', { email: ADA });
    }
    expect((await world.mailsTo(ADA)).length).toBeLessThanOrEqual(15);
  });

  test('who asks for many mails in one network keeps nobody elsewhere from theirs', async () => {
    await world.person(ADA);
    for (let round = 0; round < 20; round++) {
      await world.browser('198.51.100.0/24').ask('POST', '/portal/v1/password/forgot', { email: ADA });
    }
    const { status } = await world.browser().ask('POST', '/portal/v1/password/forgot', { email: ADA });
    expect(status).toBe(202);
  });

  test('a password is guessed ten times from one network, sixty times from all', async () => {
    await world.person(ADA);
    const statuses: number[] = [];
    for (let round = 0; round < 12; round++) statuses.push((await world.browser().signIn(ADA, 'wrong one')).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    // Somebody elsewhere still comes in: one network alone shuts nobody out.
    expect((await world.browser('198.51.100.0/24').signIn(ADA)).status).toBe(200);
    for (let round = 0; round < 100; round++) await world.browser(newNetwork(round)).signIn(ADA, 'wrong one');
    const last = await world.browser(newNetwork(200)).signIn(ADA, 'wrong one');
    expect([last.status, last.headers.has('retry-after')]).toEqual([429, true]);
  });

  test('a second factor is guessed ten times, whichever half way in it is tried from', async () => {
    const ada = await world.person(ADA);
    const { secret } = totpStartedView.parse((await ada.ask('POST', '/portal/v1/totp')).body);
    await ada.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, now()) });
    world.time.aheadMs += MINUTE_MS;
    const statuses: number[] = [];
    for (let round = 0; round < 4; round++) {
      const at = world.browser(newNetwork(round));
      await at.signIn(ADA);
      for (let guess = 0; guess < 3; guess++) {
        const code = String(guess).padStart(6, '0');
        statuses.push((await at.ask('POST', '/portal/v1/session/second-factor', { code })).status);
      }
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
  });

  test('a code of the app is used once, of many at the same moment too', async () => {
    const ada = await world.person(ADA);
    const { secret } = totpStartedView.parse((await ada.ask('POST', '/portal/v1/totp')).body);
    await ada.ask('POST', '/portal/v1/totp/confirm', { code: totpCode(secret, now()) });
    world.time.aheadMs += MINUTE_MS;
    const browsers = Array.from({ length: 5 }, () => world.browser());
    for (const at of browsers) await at.signIn(ADA);
    const code = totpCode(secret, now());
    const answers = await Promise.all(
      browsers.map((at) => at.ask('POST', '/portal/v1/session/second-factor', { code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('no answer holds a token or code that went by mail', async () => {
    const ada = await world.person(ADA);
    const at = world.browser();
    const answers = [
      await at.ask('POST', SIGN_UP, signUpOf(STRANGER)),
      await at.ask('POST', '/portal/v1/password/forgot', { email: ADA }),
      await ada.ask('POST', '/portal/v1/email', { email: 'new@example.com' }),
      await ada.ask('GET', '/portal/v1/me/export'),
    ];
    const secrets = [tokenIn((await world.mailsTo(STRANGER))[0]), codeIn((await world.mailsTo(STRANGER))[0])];
    for (const mail of [...(await world.mailsTo(ADA)), ...(await world.mailsTo('new@example.com'))]) {
      if (mail.link?.includes('#') === true) secrets.push(tokenIn(mail));
    }
    expect(secrets.length).toBeGreaterThan(4);
    const told = answers.map(({ body, headers }) => JSON.stringify([body, [...headers]])).join();
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

describe('case 17: an account of somebody else’s', () => {
  test('who signs up with a stranger’s address gets nothing when the stranger opens the link', async () => {
    await world.browser().ask('POST', SIGN_UP, signUpOf(ADA, 'the password of a thief'));
    const victim = world.browser('198.51.100.0/24');
    const opened = await victim.ask('POST', VERIFY, { token: tokenIn((await world.mailsTo(ADA))[0]) });
    expect(reasonOf(opened)).toBe('password_needed');
    expect((await world.browser().signIn(ADA, 'the password of a thief')).status).toBe(401);
    // And the stranger signs up all the same.
    expect((await world.person(ADA)).email).toBe(ADA);
    expect((await world.browser().signIn(ADA, 'the password of a thief')).status).toBe(401);
  });

  test('a stolen session moves the account to no other address', async () => {
    const ada = await world.person(ADA);
    await ada.ask('POST', '/portal/v1/email', { email: 'thief@example.com' });
    const token = tokenIn((await world.mailsTo('thief@example.com'))[0]);
    for (let round = 0; round < 3; round++) await ada.ask('POST', '/portal/v1/email/confirm', { token });
    expect(sessionOf(await ada.ask('GET', '/portal/v1/session')).person?.email).toBe(ADA);
  });

  test('a link to an address that somebody else has by then moves nothing there', async () => {
    const ada = await world.person(ADA);
    await ada.ask('POST', '/portal/v1/email', { email: 'bob@example.com' });
    const tokens = [tokenIn((await world.mailsTo(ADA))[0]), tokenIn((await world.mailsTo('bob@example.com'))[0])];
    const bob = await world.person('bob@example.com');
    const answers = [];
    for (const token of tokens) answers.push(await ada.ask('POST', '/portal/v1/email/confirm', { token }));
    expect(reasonOf(answers[1] ?? ({} as Answer))).toBe('email_taken');
    expect((await world.people.personByEmail('bob@example.com'))?.id).toBe(bob.id);
    expect((await world.people.person(ada.id))?.email).toBe(ADA);
  });

  test('a link to reset a password that went to the old address opens nothing once the account has moved', async () => {
    const ada = await world.person(ADA);
    await world.browser().ask('POST', '/portal/v1/password/forgot', { email: ADA });
    const reset = tokenIn((await world.mailsTo(ADA))[0]);
    await ada.ask('POST', '/portal/v1/email', { email: 'new@example.com' });
    for (const to of [ADA, 'new@example.com']) {
      await ada.ask('POST', '/portal/v1/email/confirm', { token: tokenIn((await world.mailsTo(to))[0]) });
    }
    const body = { token: reset, password: 'a thief reads old mail' };
    expect(reasonOf(await world.browser().ask('POST', '/portal/v1/password/reset', body))).toBe('token_refused');
  });

  test('the host a request names gets into no mail', async () => {
    await world
      .browser()
      .ask('POST', SIGN_UP, signUpOf(ADA), { host: 'evil.example', 'x-forwarded-host': 'evil.example' });
    expect((await world.mailsTo(ADA))[0]?.link).toMatch(/^\/verify#/);
    await world.close();
    world = await openPeopleWorld({ publicUrl: 'https://candor.example.com' });
    await world.browser().ask('POST', SIGN_UP, signUpOf(ADA), { host: 'evil.example' });
    expect((await world.mailsTo(ADA))[0]?.link).toStartWith('https://candor.example.com/verify#');
  });

  test('mails that are kept for development are read on this machine alone', async () => {
    await world.browser().ask('POST', SIGN_UP, signUpOf(ADA));
    const path = '/portal/v1/outbox';
    expect(outboxView.parse((await world.browser().ask('GET', path)).body).data).toHaveLength(1);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      expect((await world.browser().ask('GET', path, undefined, { [name]: '127.0.0.1' })).status).toBe(404);
    }
    const from = (address: string | null) =>
      world.control.answer(new Request(`http://portal.test${path}`), {
        kind: 'console',
        networkPrefix: null,
        address,
        isOwnOrigin: () => true,
      });
    for (const address of [null, '192.0.2.7', '::ffff:192.0.2.7']) expect((await from(address)).status).toBe(404);
    expect((await from('::ffff:127.0.0.1')).status).toBe(200);
  });
});

describe('case 56: many at once', () => {
  test('two passwords are worked out at a time, few wait, and the others are sent away at once', async () => {
    await world.close();
    world = await openPeopleWorld({ passwords: createPasswords({ cost: { memoryKib: 1_024, passes: 1 } }) });
    await world.person(ADA);
    const tries = Array.from({ length: 300 }, (_, at) => world.browser(newNetwork(at)).signIn(`p${at}@example.com`));
    const answers = await Promise.all(tries);
    const busy = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 401).length + busy.length).toBe(300);
    expect(busy.length).toBeGreaterThan(200);
    expect(new Set(busy.map((answer) => reasonOf(answer)))).toEqual(new Set(['busy']));
    expect(busy.every(({ headers }) => headers.get('retry-after') === '2')).toBeTrue();
    // What asks for no password goes on meanwhile, and signing in does afterwards.
    expect((await world.browser().signIn(ADA)).status).toBe(200);
  });
});

describe('case 73: other sites', () => {
  const CHANGING = [
    ['POST', SIGN_UP, signUpOf(STRANGER)],
    ['POST', '/portal/v1/session', { email: ADA, password: PASSWORD }],
    ['POST', '/portal/v1/password/forgot', { email: ADA }],
    ['PATCH', '/portal/v1/me', { name: 'Eve' }],
    ['DELETE', '/portal/v1/session', undefined],
    ['POST', '/portal/v1/me/deletion', undefined],
  ] as const;

  test('a page of another site changes nothing, with a cookie or without', async () => {
    const ada = await world.person(ADA);
    for (const [method, path, body] of CHANGING) {
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const answer = await ada.ask(method, path, body, headers);
        expect([path, answer.status, reasonOf(answer)]).toEqual([path, 403, 'csrf']);
      }
    }
    expect(await asks(ada)).toBe(200);
  });

  test('a session changes nothing without its forgery token, or with that of another', async () => {
    const ada = await world.person(ADA);
    const bob = await world.person();
    for (const csrf of ['', 'x', bob.jar.csrf ?? '']) {
      const answer = await ada.ask('PATCH', '/portal/v1/me', { name: 'Eve' }, { 'x-candor-csrf': csrf });
      expect([answer.status, reasonOf(answer)]).toEqual([403, 'csrf']);
    }
  });

  test('a form of another site cannot pass its text for a body', async () => {
    const ada = await world.person(ADA);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await ada.ask(
        'POST',
        '/portal/v1/session',
        { email: ADA, password: PASSWORD },
        { 'content-type': type },
      );
      expect(answer.status).toBe(415);
    }
  });

  test('no answer lets another site read it, and every cookie stays at home', async () => {
    await world.close();
    world = await openPeopleWorld({ publicUrl: 'https://candor.example.com' });
    const at = world.browser();
    const seen = await at.ask('GET', '/portal/v1/session', undefined, { origin: 'https://evil.example' });
    expect(seen.headers.get('access-control-allow-origin')).toBeNull();
    expect(seen.headers.get('cache-control')).toBe('no-store');
    const signedUp = await at.ask('POST', SIGN_UP, signUpOf(ADA));
    const verified = await at.ask('POST', VERIFY, { token: tokenIn((await world.mailsTo(ADA))[0]) });
    const cookies = [seen, signedUp, verified].flatMap(({ headers }) => headers.getSetCookie());
    expect(cookies.length).toBeGreaterThanOrEqual(3);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-candor-/);
      expect(cookie).toContain('; HttpOnly; SameSite=Strict; Secure');
    }
  });
});
