import { type Context, Hono } from 'hono';
import type { Result } from '../../base/result.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { acceptBody, changePasswordBody, setupBody, signInBody } from '../contract.ts';
import type { SessionCookie } from '../../credentials/cookie.ts';
import { refusalResponse, refuseLocal, type StaffRefusal } from '../refusal.ts';
import type { Origin } from '../sessions.ts';
import { isSignedIn } from '../signed-in.ts';
import { toSessionView } from '../views.ts';
import { accept } from './accept.ts';
import { changePassword } from './change-password.ts';
import type { Entered, EntryDeps } from './enter.ts';
import { setUp } from './set-up.ts';
import { signIn } from './sign-in.ts';

export interface EntryRoutesDeps {
  readonly entry: EntryDeps;
  /** What the first owner is made with. */
  readonly setupToken: string;
  readonly cookie: SessionCookie;
}

type StaffContext = Context<{ Variables: ControlVariables }>;

/** The ways in: each begins a session, which the answer brings as a cookie. */
export function entryRoutes({ entry, setupToken, cookie }: EntryRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  const originOf = (context: StaffContext): Origin => ({
    networkPrefix: context.get('networkPrefix') ?? null,
    heldToken: cookie.read(context.req.raw),
  });

  function answer(context: StaffContext, entered: Result<Entered, StaffRefusal>, status: 200 | 201 = 200): Response {
    if (!entered.ok) return refusalResponse(entered.refusal);
    const { member, session } = entered.value;
    context.header('set-cookie', cookie.set(session.token));
    return context.json(toSessionView(member, session), status);
  }

  routes.post('/control/v1/session', async (context) => {
    const body = await readBody(context, signInBody);
    return body.ok ? answer(context, await signIn(entry, body.value, originOf(context))) : body.refusal;
  });

  routes.post('/control/v1/setup', async (context) => {
    const body = await readBody(context, setupBody);
    return body.ok ? answer(context, await setUp(entry, setupToken, body.value, originOf(context)), 201) : body.refusal;
  });

  routes.post('/control/v1/invitations/accept', async (context) => {
    const body = await readBody(context, acceptBody);
    return body.ok ? answer(context, await accept(entry, body.value, originOf(context))) : body.refusal;
  });

  routes.post('/control/v1/password', async (context) => {
    const actor = context.get('actor');
    if (!isSignedIn(actor)) return refuseLocal();
    const body = await readBody(context, changePasswordBody);
    return body.ok ? answer(context, await changePassword(entry, actor, body.value, originOf(context))) : body.refusal;
  });

  return routes;
}
