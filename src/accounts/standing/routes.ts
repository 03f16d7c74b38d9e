import { type Context, Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import { readBody } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { stopBody } from './contract.ts';
import type { Standing, StandingRefusal } from './stop.ts';
import { toCutOffView, toStopView, toSubject } from './views.ts';

/** The control API of stops. */
export function standingRoutes(standing: Standing, clock: Clock): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/control/v1/accounts/:id/stops', async (context) => {
    const body = await readBody(context, stopBody);
    if (!body.ok) return body.refusal;
    const { subject, reason, until } = body.value;
    const stopped = await standing.stop({
      subject: toSubject(context.req.param('id'), subject),
      cause: 'staff',
      reason,
      by: nameOf(context.get('actor')),
      untilMs: until === null ? null : Date.parse(until),
    });
    if (!stopped.ok) return refuseStanding(context, stopped.refusal);
    return context.json(toCutOffView(stopped.value, clock.wallMs()), 201);
  });

  routes.get('/control/v1/accounts/:id/stops', async (context) => {
    const stops = await standing.list(context.req.param('id'));
    return context.json({ data: stops.map((stop) => toStopView(stop, clock.wallMs())) });
  });

  routes.get('/control/v1/stops/:id', async (context) => {
    const id = context.req.param('id');
    const receipt = await standing.receipt(id);
    if (receipt !== null) return context.json(toCutOffView(receipt, clock.wallMs()));
    return refuseStanding(context, { reason: 'stop_not_found', message: `no receipt of a stop ${id} is kept` });
  });

  routes.post('/control/v1/stops/:id/lift', async (context) => {
    const lifted = await standing.lift(context.req.param('id'), nameOf(context.get('actor')));
    if (!lifted.ok) return refuseStanding(context, lifted.refusal);
    return context.json(toStopView(lifted.value, clock.wallMs()));
  });

  return routes;
}

const STATUS = {
  invalid_field: 400,
  account_not_found: 404,
  key_not_found: 404,
  stop_not_found: 404,
  house_account: 409,
  too_many_stops: 409,
} as const;

function refuseStanding(context: Context, refusal: StandingRefusal): Response {
  return context.json({ error: refusal }, STATUS[refusal.reason]);
}

function nameOf(actor: Actor | undefined): string {
  return actor === undefined || actor.kind === 'local' ? 'local' : actor.id;
}
