import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CSRF_HEADER } from '../../http/contract.ts';
import type { App } from '../compose.ts';
import type { AskControl } from './setup.ts';

/** Somebody of the staff, who asks as the console does. */
export interface Reviewer {
  readonly name: string;
  /** Signs in where the session has ended. Null where the service refuses. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

/** The third answers appeals about what the other two had a part in. */
const NAMES = ['Mara Lindqvist', 'Tomás Arriaga', 'Ines Okafor'] as const;
const invited = z.object({ invitation: z.object({ token: z.string() }) });
const session = z.object({ csrf: z.string() });

/**
 * Made-up people who review. They come by invitation, so that the first owner is still to be made by whoever tries the
 * demo. Their passwords are kept nowhere: nobody can sign in as one of them.
 */
export async function hireReviewers(app: Pick<App, 'control'>, ask: AskControl): Promise<readonly Reviewer[]> {
  return Promise.all(NAMES.map((name) => hire(name, app, ask)));
}

async function hire(name: string, { control }: Pick<App, 'control'>, local: AskControl): Promise<Reviewer> {
  const [first = ''] = name.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').split(' ');
  const email = `${first}@harbour-models.example`;
  const password = randomBytes(24).toString('base64url');
  const { invitation } = invited.parse(await local('/control/v1/staff', { email, name, role: 'trust_safety' }));
  let cookie = '';
  let csrf = '';

  async function send(method: 'GET' | 'POST', path: string, body?: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', cookie, [CSRF_HEADER]: csrf, origin: ORIGIN };
    const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
    const caller = { kind: 'console', networkPrefix: '192.0.2.0/24', isOwnOrigin: isOurs } as const;
    return control.answer(new Request(`${ORIGIN}${path}`, init), caller);
  }
  async function enter(path: string, body: object): Promise<void> {
    const answer = await send('POST', path, body);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    ({ csrf } = session.parse(await answer.json()));
  }

  await enter('/control/v1/invitations/accept', { token: invitation.token, password });
  return {
    name,
    async ask(method, path, body) {
      let answer = await send(method, path, body);
      if (answer.status === 401) {
        await enter('/control/v1/session', { email, password });
        answer = await send(method, path, body);
      }
      const read: unknown = await answer.json();
      return answer.ok ? read : null;
    },
  };
}

const ORIGIN = 'http://localhost';
const isOurs = (origin: string) => origin === ORIGIN;
