import { Hono } from 'hono';
import type { Result } from '../../base/result.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { changeEmailBody, changeMeBody, changePasswordBody, confirmEmailBody, totpConfirmBody } from '../contract.ts';
import type { Cookies } from '../cookies.ts';
import { answerEntered } from '../entry/routes.ts';
import { originOf, type PortalContext } from '../origin.ts';
import type { Person } from '../person.ts';
import { readPerson, setProfile } from '../person-store.ts';
import { CHANGED_MEANWHILE, type PeopleRefusal, refusalResponse, refuseNobody } from '../refusal.ts';
import type { Exporter } from '../seams.ts';
import { isPerson } from '../signed-in.ts';
import { toPersonView } from '../views.ts';
import type { WayDeps } from '../way.ts';
import { type DeletionDeps, startDeletion, undoDeletion } from './deletion.ts';
import { confirmEmail, startEmailChange } from './email.ts';
import { exportOf } from './export.ts';
import { changePassword } from './password.ts';
import { confirmTotp, dropTotp, startTotp } from './totp.ts';

export interface OwnRoutesDeps {
  readonly way: DeletionDeps;
  readonly cookies: Cookies;
  readonly exporters: readonly Exporter[];
  /** What an authenticator app calls this service. */
  readonly issuer: string;
}

/** What somebody changes and takes away of themselves. */
export function ownRoutes(deps: OwnRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.route('/', meRoutes(deps));
  routes.route('/', secretRoutes(deps));
  return routes;
}

async function answerPerson(
  way: WayDeps,
  context: PortalContext,
  found: Result<Person, PeopleRefusal>,
  status: 200 | 202 = 200,
): Promise<Response> {
  return found.ok ? context.json(await toPersonView(way, found.value), status) : refusalResponse(found.refusal);
}

function meRoutes({ way, exporters }: OwnRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/portal/v1/me', async (context) => {
    const actor = context.get('actor');
    const person = isPerson(actor) ? await readPerson(way.reader, 'id', actor.id) : null;
    return person === null ? refuseNobody() : context.json(await toPersonView(way, person));
  });

  routes.patch('/portal/v1/me', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const body = await readBody(context, changeMeBody);
    if (!body.ok) return body.refusal;
    const person = await readPerson(way.reader, 'id', actor.id);
    if (person === null) return refusalResponse(CHANGED_MEANWHILE);
    const changed = { ...person, name: body.value.name ?? person.name, locale: body.value.locale ?? person.locale };
    await way.sessions.commit([setProfile(person.id, changed)]);
    if (changed.name !== person.name) await way.accounts.rename(person.id, changed.name);
    return context.json(await toPersonView(way, changed));
  });

  routes.get('/portal/v1/me/export', async (context) => {
    const actor = context.get('actor');
    const person = isPerson(actor) ? await readPerson(way.reader, 'id', actor.id) : null;
    if (!isPerson(actor) || person === null) return refuseNobody();
    context.header('content-disposition', 'attachment; filename="my-data.json"');
    return context.json(await exportOf(way, exporters, person, actor.sessionId));
  });

  routes.post('/portal/v1/me/deletion', async (context) => {
    const actor = context.get('actor');
    return isPerson(actor) ? answerPerson(way, context, await startDeletion(way, actor)) : refuseNobody();
  });

  routes.delete('/portal/v1/me/deletion', async (context) => {
    const actor = context.get('actor');
    return isPerson(actor) ? answerPerson(way, context, await undoDeletion(way, actor)) : refuseNobody();
  });

  return routes;
}

function secretRoutes({ way, cookies, issuer }: OwnRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/portal/v1/password', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const body = await readBody(context, changePasswordBody);
    if (!body.ok) return body.refusal;
    const entered = await changePassword(way, actor, body.value, originOf(context, cookies));
    return answerEntered({ way, cookies }, context, entered);
  });

  routes.post('/portal/v1/email', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const body = await readBody(context, changeEmailBody);
    if (!body.ok) return body.refusal;
    return answerPerson(way, context, await startEmailChange(way, actor, body.value.email), 202);
  });

  routes.post('/portal/v1/email/confirm', async (context) => {
    const body = await readBody(context, confirmEmailBody);
    if (!body.ok) return body.refusal;
    const confirmed = await confirmEmail(way, body.value.token, originOf(context, cookies));
    return confirmed.ok ? context.json({ state: confirmed.value }) : refusalResponse(confirmed.refusal);
  });

  routes.post('/portal/v1/totp', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const started = await startTotp(way, issuer, actor);
    return started.ok ? context.json(started.value, 201) : refusalResponse(started.refusal);
  });

  routes.post('/portal/v1/totp/confirm', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const body = await readBody(context, totpConfirmBody);
    if (!body.ok) return body.refusal;
    const codes = await confirmTotp(way, actor, body.value.code);
    return codes.ok ? context.json({ recovery_codes: codes.value }) : refusalResponse(codes.refusal);
  });

  routes.delete('/portal/v1/totp', async (context) => {
    const actor = context.get('actor');
    if (!isPerson(actor)) return refuseNobody();
    const dropped = await dropTotp(way, actor);
    return dropped.ok ? context.json({ done: true }) : refusalResponse(dropped.refusal);
  });

  return routes;
}
