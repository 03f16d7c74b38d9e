import { type Context, Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Author, SanctionRefusal } from '../sanction.ts';
import { emptyBody, imposeBody, liftBody, SANCTIONS_PAGE_MAX, sanctionsQuery, type WaitingView } from './contract.ts';
import type { SanctionsPart } from './sanctions.ts';
import type { WaitingOrder } from './waiting.ts';
import { toOrder, toPreviewView, toSanctionView, toWaitingView } from './views.ts';

type Routes = Hono<{ Variables: ControlVariables }>;

/** The control API of sanctions. */
export function sanctionRoutes(sanctions: SanctionsPart, clock: Clock): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();

  async function answer(context: Context, id: string, status: 200 | 201): Promise<Response> {
    const held = await sanctions.get(id);
    if (held === null) return refuseSanction(context, unknown(id));
    return context.json(toSanctionView(held, clock.wallMs()), status);
  }

  routes.get('/control/v1/enforcement/sanctions', async (context) => {
    const query = sanctionsQuery.safeParse(context.req.query());
    const limit = readLimit(context, SANCTIONS_PAGE_MAX);
    if (!query.success) return refuseField(context, firstProblem(query.error));
    if (!limit.ok) return limit.refusal;
    const { account, step, conduct, state, before } = query.data;
    const filter = {
      ...(account !== undefined && { accountId: account }),
      ...(step !== undefined && { step }),
      ...(conduct !== undefined && { conduct }),
      ...(state !== undefined && { state }),
    };
    const found = await sanctions.list(filter, { before: before ?? null, limit: limit.value + 1 });
    return context.json(pageOf(found, limit.value, (one) => toSanctionView(one, clock.wallMs())));
  });

  addImposing(routes, sanctions, clock);
  addWaiting(routes, sanctions, answer);
  routes.get('/control/v1/enforcement/sanctions/:id', (context) => answer(context, context.req.param('id'), 200));
  addEnding(routes, sanctions, answer);
  return routes;
}

type Answer = (context: Context, id: string, status: 200 | 201) => Promise<Response>;

function addImposing(routes: Routes, sanctions: SanctionsPart, clock: Clock): void {
  routes.post('/control/v1/enforcement/sanctions', async (context) => {
    const body = await readBody(context, imposeBody);
    if (!body.ok) return body.refusal;
    const order = toOrder(body.value);
    const by = idOf(context.get('actor'));
    context.set('changes', { step: order.step, unit: body.value.unit.kind, conduct: order.facts.conduct });
    if (order.step === 'terminate') {
      const waiting = await sanctions.waiting.add(order, by);
      if (!waiting.ok) return refuseSanction(context, waiting.refusal);
      return context.json({ sanction: null, waiting: waitingView(sanctions, waiting.value) }, 201);
    }
    const imposed = await sanctions.impose({ ...order, author: { kind: 'staff', ids: [by] } });
    if (!imposed.ok) return refuseSanction(context, imposed.refusal);
    const held = await sanctions.get(imposed.value.id);
    if (held === null) return refuseSanction(context, unknown(imposed.value.id));
    return context.json({ sanction: toSanctionView(held, clock.wallMs()), waiting: null }, 201);
  });

  routes.post('/control/v1/enforcement/sanctions/preview', async (context) => {
    const body = await readBody(context, imposeBody);
    if (!body.ok) return body.refusal;
    const author = asIfByTwo(idOf(context.get('actor')));
    return context.json(toPreviewView(sanctions.preview({ ...toOrder(body.value), author })));
  });
}

function addEnding(routes: Routes, sanctions: SanctionsPart, answer: Answer): void {
  routes.post('/control/v1/enforcement/sanctions/:id/lift', async (context) => {
    const body = await readBody(context, liftBody);
    if (!body.ok) return body.refusal;
    const by = idOf(context.get('actor'));
    const ended = await sanctions.end(context.req.param('id'), 'lifted', by, body.value.reason);
    return ended.ok ? answer(context, ended.value.id, 200) : refuseSanction(context, ended.refusal);
  });

  routes.post('/control/v1/enforcement/sanctions/:id/acknowledge', async (context) => {
    const body = await readBody(context, emptyBody);
    if (!body.ok) return body.refusal;
    const done = await sanctions.acknowledge(context.req.param('id'), idOf(context.get('actor')));
    return done.ok ? answer(context, done.value.id, 200) : refuseSanction(context, done.refusal);
  });
}

/** What takes two people. */
function addWaiting(routes: Routes, sanctions: SanctionsPart, answer: Answer): void {
  const all = async () => ({ data: (await sanctions.waiting.list()).map((one) => waitingView(sanctions, one)) });

  routes.get('/control/v1/enforcement/sanctions/waiting', async (context) => context.json(await all()));

  routes.post('/control/v1/enforcement/sanctions/waiting/:id/confirm', async (context) => {
    const body = await readBody(context, emptyBody);
    if (!body.ok) return body.refusal;
    const imposed = await sanctions.waiting.confirm(context.req.param('id'), idOf(context.get('actor')));
    return imposed.ok ? answer(context, imposed.value.id, 201) : refuseSanction(context, imposed.refusal);
  });

  routes.post('/control/v1/enforcement/sanctions/waiting/:id/withdraw', async (context) => {
    const body = await readBody(context, emptyBody);
    if (!body.ok) return body.refusal;
    const id = context.req.param('id');
    const isDropped = await sanctions.waiting.withdraw(id);
    return isDropped ? context.json(await all()) : refuseSanction(context, unknown(id));
  });
}

function waitingView(sanctions: SanctionsPart, waiting: WaitingOrder): WaitingView {
  return toWaitingView(waiting, sanctions.preview({ ...waiting.order, author: asIfByTwo(waiting.by) }));
}

/** What is only looked at is looked at as if a second person had agreed: its words are what it is about. */
function asIfByTwo(by: string): Author {
  return { kind: 'staff', ids: [by, `${by} and another`] };
}

const STATUS = {
  invalid_field: 400,
  unit_not_found: 404,
  sanction_not_found: 404,
  house_account: 409,
  graver_in_force: 409,
  needs_two_people: 409,
  needs_certificate: 409,
  above_automatic_cap: 409,
  already_ended: 409,
} as const;

function refuseSanction(context: Context, refusal: SanctionRefusal): Response {
  return context.json({ error: refusal }, STATUS[refusal.reason]);
}

function unknown(id: string): SanctionRefusal {
  return { reason: 'sanction_not_found', message: `there is no sanction ${id}` };
}

function idOf(actor: Actor | undefined): string {
  return actor === undefined || actor.kind === 'local' ? 'local' : actor.id;
}
