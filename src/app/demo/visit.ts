import { scryptSync } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../compose.ts';
import type { Newcomer } from './newcomers.ts';

/** A browser at the portal: it keeps its cookies, and sends the token against forged requests that it was told. */
export interface Visit {
  /** Throws when the portal refuses. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

const session = z.object({ person: z.object({ id: z.string() }).nullable(), csrf: z.string().nullable() });
const outbox = z.object({ data: z.array(z.object({ to: z.string(), body: z.string() })) });
const door = z.object({
  challenge: z.object({
    nonce: z.string(),
    below: z.number(),
    scrypt: z.object({ n: z.number(), r: z.number(), p: z.number() }),
    wait: z.object({ nonce: z.string() }),
  }),
});

type Who = Pick<Newcomer, 'address' | 'headers'>;

export const DEVICE_COOKIE = 'candor-device';

/** `cookies` by their names; kept up to date. */
export function openVisit(
  app: Pick<App, 'publicFetch'>,
  { address, headers: shown }: Who,
  cookies = new Map<string, string>(),
): Visit {
  let csrf: string | null = null;
  return {
    async ask(method, path, body) {
      const headers = {
        ...shown,
        host: 'localhost',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(csrf !== null && { 'x-candor-csrf': csrf }),
      };
      const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
      const answer = await app.publicFetch(new Request(`http://localhost${path}`, init), address);
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const told: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(told)}`);
      const who = session.safeParse(told);
      if (who.success) ({ csrf } = who.data);
      return told;
    },
  };
}

export interface SignUpOrder {
  readonly who: Newcomer;
  readonly password: string;
  readonly invitation: string | null;
  /** Lets time go by for whoever signs up. */
  pass(ms: number): void;
}

/** Signs somebody up as a page does, and types the code of the mail. Gives their id. */
export async function signUpBy(visit: Visit, app: Pick<App, 'publicFetch'>, order: SignUpOrder): Promise<string> {
  const { who, password, invitation, pass } = order;
  const { email, locale, plan, formMs } = who;
  await visit.ask('GET', '/portal/v1/session');
  const query = plan === null ? '' : `?plan=${plan}`;
  const { challenge } = door.parse(await visit.ask('GET', `/portal/v1/sign-up${query}`));
  pass(formMs);
  const proof = proofFor(challenge, order);
  const form = { email, password, locale, plan, invitation, proof, form_ms: formMs, terms_accepted: true };
  await visit.ask('POST', '/portal/v1/sign-up', form);
  pass(READING_MS);

  const code = /^ {4}(\d{6})$/m.exec(await latestMail(app, email))?.[1];
  const { person } = session.parse(await visit.ask('POST', '/portal/v1/sign-up/verify', { email, code }));
  if (person === null) throw new Error('the sign-up could not be completed');
  return person.id;
}

/** Until a mail is read. */
const READING_MS = 25_000;

/** The text of the last mail to somebody. */
export async function latestMail(app: Pick<App, 'publicFetch'>, to: string): Promise<string> {
  const here = openVisit(app, { address: '127.0.0.1', headers: {} });
  const { data } = outbox.parse(await here.ask('GET', '/portal/v1/outbox'));
  return data.find((mail) => mail.to === to)?.body ?? '';
}

type Challenge = z.infer<typeof door>['challenge'];

function proofFor(challenge: Challenge, { who, pass }: SignUpOrder): { nonce: string; solution: string } {
  if (!who.computes) {
    const { nonce } = challenge.wait;
    pass(WAIT_MS);
    return { nonce, solution: '' };
  }
  const { nonce, below, scrypt } = challenge;
  for (let at = 0; ; at++) {
    const hash = scryptSync(`${who.email}\n${at}`, nonce, 32, { N: scrypt.n, r: scrypt.r, p: scrypt.p });
    if (hash.readUInt32BE(0) < below) return { nonce, solution: String(at) };
  }
}

/** The longest the portal lets anybody wait who does not compute. */
const WAIT_MS = 300_000;
