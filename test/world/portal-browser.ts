import { scryptSync } from 'node:crypto';
import { type OutboxView, outboxView, sessionView, signUpDoorView } from '../../src/people/contract.ts';

export interface PortalAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A browser at the portal of a service: it keeps its cookies and sends the forgery token it was told. */
export interface PortalBrowser {
  ask(method: string, path: string, body?: unknown): Promise<PortalAnswer>;
}

/** `url` without a path, as `startCandor` tells it. */
export function openPortalBrowser(url: string): PortalBrowser {
  const cookies = new Map<string, string>();
  let csrf: string | null = null;
  return {
    async ask(method, path, body) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(csrf !== null && { 'x-candor-csrf': csrf }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const told = (await answer.json()) as Record<string, unknown>;
      const session = sessionView.safeParse(told);
      if (session.success) ({ csrf } = session.data);
      return { status: answer.status, body: told };
    },
  };
}

/** Mails that were kept for somebody, the newest first. */
export async function keptMails(url: string, to: string): Promise<OutboxView['data']> {
  const { body } = await openPortalBrowser(url).ask('GET', '/portal/v1/outbox');
  return outboxView.parse(body).data.filter((mail) => mail.to === to);
}

/** Signs somebody up as a page does: solves the challenge, and types the code of the mail. Gives their id. */
export async function signUpAt(url: string, at: PortalBrowser, email: string, password: string): Promise<string> {
  const { challenge } = signUpDoorView.parse((await at.ask('GET', '/portal/v1/sign-up')).body);
  const proof = challenge.kind === 'none' ? null : { nonce: challenge.nonce, solution: solve(challenge, email) };
  const sent = await at.ask('POST', '/portal/v1/sign-up', { email, password, terms_accepted: true, proof });
  if (sent.status !== 202) throw new Error(`the sign-up was refused: ${JSON.stringify(sent.body)}`);
  const code = /^ {4}(\d{6})$/m.exec((await keptMails(url, email))[0]?.body ?? '')?.[1];
  const verified = await at.ask('POST', '/portal/v1/sign-up/verify', { email, code });
  const { person } = sessionView.parse(verified.body);
  if (person === null) throw new Error('the sign-up could not be completed');
  return person.id;
}

interface Work {
  readonly nonce: string;
  readonly scrypt: { readonly n: number; readonly r: number; readonly p: number };
  readonly below: number;
}

function solve({ nonce, scrypt: { n, r, p }, below }: Work, email: string): string {
  for (let at = 0; ; at++) {
    const hash = scryptSync(`${email.trim().toLowerCase()}\n${at}`, nonce, 32, { N: n, r, p });
    if (hash.readUInt32BE(0) < below) return String(at);
  }
}
