import { Hono } from 'hono';
import { readBody } from '../http/body.ts';
import type { ControlVariables } from '../http/control-api.ts';
import { confirmBody } from './contract.ts';
import { type Cookies, markDevice, setCookie } from './cookies.ts';
import { confirmPassword } from './own/password.ts';
import { readPerson } from './person-store.ts';
import { refusalResponse, refuseNobody } from './refusal.ts';
import { endSession, endSessionsOf } from './session-store.ts';
import { isPerson } from './signed-in.ts';
import { SIGNED_OUT, toSessionListView, toSessionView } from './views.ts';
import type { WayDeps } from './way.ts';

/** Whoever asks, about their sessions; and the ways out. */
export function sessionRoutes(way: WayDeps, cookies: Cookies): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  const { reader, sessions } = way;

  routes.get('/portal/v1/session', async (context) => {
    markDevice(context, cookies, way.random);
    const actor = context.get('actor') as ControlVariables['actor'] | undefined;
    const person = isPerson(actor) ? await readPerson(reader, 'id', actor.id) : null;
    if (isPerson(actor) && person !== null) {
      return context.json(await toSessionView(way, person, { ...actor, stage: 'full' }));
    }
    const token = cookies.session.read(context.req.raw);
    const half = token === null ? null : await sessions.findHalf(token);
    return context.json(half === null ? SIGNED_OUT : { ...SIGNED_OUT, state: 'second_factor_needed' });
  });

  routes.post('/portal/v1/session/confirm', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const body = await readBody(context, confirmBody);
    if (!body.ok) return body.refusal;
    const confirmed = await confirmPassword(way, actor, body.value.password);
    if (!confirmed.ok) return refusalResponse(confirmed.refusal);
    const person = await readPerson(reader, 'id', actor.id);
    if (person === null) return refuseNobody();
    return context.json(await toSessionView(way, person, { ...actor, confirmedAtMs: confirmed.value, stage: 'full' }));
  });

  routes.delete('/portal/v1/session', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const { ended } = await sessions.commit([endSession(actor.id, actor.sessionId)]);
    setCookie(context, cookies.session.clear());
    return context.json({ ended });
  });

  routes.get('/portal/v1/sessions', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    return context.json(toSessionListView(await sessions.list(actor.id), actor.sessionId));
  });

  routes.delete('/portal/v1/sessions', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const { ended } = await sessions.commit([endSessionsOf(actor.id)]);
    setCookie(context, cookies.session.clear());
    return context.json({ ended });
  });

  routes.delete('/portal/v1/sessions/:id', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const { ended } = await sessions.commit([endSession(actor.id, context.req.param('id'))]);
    if (ended > 0) return context.json({ ended });
    return refusalResponse({
      reason: 'session_not_found',
      message: 'there is no such session of yours, or it has ended',
    });
  });

  return routes;
}
