import { Hono } from 'hono';
import type { Result } from '../../base/result.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import {
  forgotBody,
  RESET_MINUTES,
  resendBody,
  resetBody,
  secondFactorBody,
  signInBody,
  signUpBody,
  VERIFY_MINUTES,
  verifyBody,
} from '../contract.ts';
import { type Cookies, setCookie } from '../cookies.ts';
import { factsOf, originOf, type PortalContext } from '../origin.ts';
import { type PeopleRefusal, refusalResponse } from '../refusal.ts';
import { toSessionView } from '../views.ts';
import type { WayDeps } from '../way.ts';
import type { Entered } from './enter.ts';
import { forgot, reset } from './reset.ts';
import { secondFactor, signIn } from './sign-in.ts';
import { resend, signUp } from './sign-up.ts';
import { type Proving, verify } from './verify.ts';

export interface PeopleRoutesDeps {
  readonly way: WayDeps;
  readonly cookies: Cookies;
}

/** Answers a way in: the session as a cookie, and who came in; or why nobody did. */
export async function answerEntered(
  { way, cookies }: PeopleRoutesDeps,
  context: PortalContext,
  entered: Result<Entered, PeopleRefusal>,
): Promise<Response> {
  if (!entered.ok) return refusalResponse(entered.refusal);
  const { person, session } = entered.value;
  setCookie(context, cookies.session.set(session.token));
  return context.json(await toSessionView(way, person, session));
}

/** The ways in that need no other part. */
export function entryRoutes(deps: PeopleRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const { way, cookies } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/portal/v1/session', async (context) => {
    const body = await readBody(context, signInBody);
    if (!body.ok) return body.refusal;
    return answerEntered(deps, context, await signIn(way, body.value, originOf(context, cookies)));
  });

  routes.post('/portal/v1/session/second-factor', async (context) => {
    const body = await readBody(context, secondFactorBody);
    if (!body.ok) return body.refusal;
    return answerEntered(deps, context, await secondFactor(way, body.value.code, originOf(context, cookies)));
  });

  routes.post('/portal/v1/password/forgot', async (context) => {
    const body = await readBody(context, forgotBody);
    if (!body.ok) return body.refusal;
    const asked = await forgot(way, body.value, originOf(context, cookies));
    return asked.ok ? checkMail(context, RESET_MINUTES) : refusalResponse(asked.refusal);
  });

  routes.post('/portal/v1/password/reset', async (context) => {
    const body = await readBody(context, resetBody);
    if (!body.ok) return body.refusal;
    const done = await reset(way, body.value, originOf(context, cookies));
    return done.ok ? context.json({ done: true }) : refusalResponse(done.refusal);
  });

  routes.route('/', signUpRoutes(deps));
  return routes;
}

function signUpRoutes(deps: PeopleRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const { way, cookies } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();
  const proving: Proving = new Set();

  routes.post('/portal/v1/sign-up', async (context) => {
    const body = await readBody(context, signUpBody);
    if (!body.ok) return body.refusal;
    const { email, form_ms: formMs } = body.value;
    const facts = factsOf(context, cookies, { email, formMs, atMs: way.clock.wallMs() });
    const signedUp = await signUp(way, body.value, { ...originOf(context, cookies), facts });
    if (!signedUp.ok) return refusalResponse(signedUp.refusal);
    setCookie(context, cookies.signUp.set(signedUp.value.browserToken));
    return checkMail(context, VERIFY_MINUTES);
  });

  routes.post('/portal/v1/sign-up/resend', async (context) => {
    const body = await readBody(context, resendBody);
    if (!body.ok) return body.refusal;
    const browserToken = cookies.signUp.read(context.req.raw);
    const asked = await resend(way, body.value.email, browserToken, originOf(context, cookies));
    return asked.ok ? checkMail(context, VERIFY_MINUTES) : refusalResponse(asked.refusal);
  });

  routes.post('/portal/v1/sign-up/verify', async (context) => {
    const body = await readBody(context, verifyBody);
    if (!body.ok) return body.refusal;
    const browserToken = cookies.signUp.read(context.req.raw);
    const entered = await verify(way, proving, body.value, browserToken, originOf(context, cookies));
    if (entered.ok) setCookie(context, cookies.signUp.clear());
    return answerEntered(deps, context, entered);
  });

  return routes;
}

function checkMail(context: PortalContext, minutes: number): Response {
  return context.json({ state: 'check_mail', minutes }, 202);
}
