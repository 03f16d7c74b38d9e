import { Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { readLimit } from '../../http/paging.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import {
  BATCHES_LISTED_MAX,
  type BatchView,
  CHANGES_LISTED_MAX,
  type DoorSettingView,
  FUNNEL_STEPS,
  funnelQuery,
  letInBody,
  makeBatchBody,
  setDoorBody,
  unsetDoorBody,
  WAITING_PAGE_MAX,
  waitingQuery,
} from './contract.ts';
import type { ManagedDoor } from './create-door.ts';
import type { DoorSetting } from './door.ts';
import { type Batch, readBatches, readSettingChanges, readWaitingPage } from './door-store.ts';
import { readFunnel } from './funnel.ts';

export interface DoorRoutesParts {
  readonly door: ManagedDoor;
  readonly reader: Reader;
  /** Names of plans people may choose; null where no configuration is at hand: then any may be named. */
  readonly plans: readonly string[] | null;
  /** Whether countries can be told apart; null where that is not known. */
  readonly regionsKnown: boolean | null;
}

/** The control API of the door. */
export function doorControlRoutes(parts: DoorRoutesParts): Hono<{ Variables: ControlVariables }> {
  const { door, reader, plans } = parts;
  const routes = new Hono<{ Variables: ControlVariables }>();
  const show = () => showDoor(parts);
  const isPlan = (plan: string | null) => plan === null || plans === null || plans.includes(plan);

  routes.get('/control/v1/sign-up', async (context) => context.json(await show()));

  routes.put('/control/v1/sign-up/states', async (context) => {
    const body = await readBody(context, setDoorBody);
    if (!body.ok) return body.refusal;
    const { plan, region, state, reason, retry_at: retryAt } = body.value;
    if (!isPlan(plan)) return refuseField(context, `plan: people may choose ${plans?.join(', ')}`);
    if (region !== null && parts.regionsKnown === false) {
      return refuseField(context, 'region: countries are told apart only where fraud.networks_files is configured');
    }
    const retryAtMs = retryAt === null ? null : Date.parse(retryAt);
    const set = await door.set({ plan, region, state, reason, retryAtMs, by: nameOf(context.get('actor')) });
    context.set('changes', { plan, region, state });
    return context.json(toSettingView(set));
  });

  routes.post('/control/v1/sign-up/states/reset', async (context) => {
    const body = await readBody(context, unsetDoorBody);
    if (!body.ok) return body.refusal;
    const unset = await door.unset(body.value, nameOf(context.get('actor')));
    if (unset) return context.json(await show());
    const message = 'nothing was said of exactly this plan and region';
    return context.json({ error: { reason: 'not_found', message } }, 404);
  });

  routes.get('/control/v1/sign-up/funnel', async (context) => {
    const query = funnelQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    return context.json({ steps: FUNNEL_STEPS, data: await readFunnel(reader, query.data.from, query.data.to) });
  });

  addBatches(routes, parts, isPlan);
  addWaitlist(routes, parts);
  return routes;
}

function addBatches(
  routes: Hono<{ Variables: ControlVariables }>,
  { door, reader, plans }: DoorRoutesParts,
  isPlan: (plan: string | null) => boolean,
): void {
  routes.post('/control/v1/sign-up/batches', async (context) => {
    const body = await readBody(context, makeBatchBody);
    if (!body.ok) return body.refusal;
    const { name, plan, codes, uses_each: usesEach, expires_at: expiresAt } = body.value;
    if (!isPlan(plan)) return refuseField(context, `plan: people may choose ${plans?.join(', ')}`);
    const expiresAtMs = Date.parse(expiresAt);
    const by = nameOf(context.get('actor'));
    const made = await door.makeBatch({ name, plan, codes, usesEach, expiresAtMs, by });
    context.set('changes', { batch: made.batch.id, plan, codes, uses_each: usesEach });
    return context.json({ ...toBatchView(made.batch, codes * usesEach), invitations: made.codes }, 201);
  });

  routes.get('/control/v1/sign-up/batches', async (context) => {
    const batches = await readBatches(reader, BATCHES_LISTED_MAX);
    return context.json({ data: batches.map((batch) => toBatchView(batch, batch.usesLeft)) });
  });

  routes.post('/control/v1/sign-up/batches/:id/revoke', async (context) => {
    const id = context.req.param('id');
    const revoked = await door.revokeBatch(id);
    const batch = revoked ? (await readBatches(reader, BATCHES_LISTED_MAX)).find((one) => one.id === id) : undefined;
    if (batch !== undefined) return context.json(toBatchView(batch, batch.usesLeft));
    return context.json({ error: { reason: 'not_found', message: `there is no batch ${id} in force` } }, 404);
  });
}

function addWaitlist(routes: Hono<{ Variables: ControlVariables }>, { door, reader }: DoorRoutesParts): void {
  routes.get('/control/v1/sign-up/waitlist', async (context) => {
    const query = waitingQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const limit = readLimit(context, WAITING_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const { plan = null, region = null, after } = query.data;
    const page = { way: { plan, region }, afterSerial: Number(after ?? 0), limit: limit.value + 1 };
    const found = await readWaitingPage(reader, page);
    const shown = found.slice(0, limit.value);
    const places = await Promise.all(shown.map(({ ticket }) => door.place(ticket)));
    const data = shown.map((one, at) => ({
      account_id: one.accountId,
      plan: one.plan,
      region: one.region,
      joined_at: toIso(one.joinedAtMs),
      ahead: places[at]?.ahead ?? 0,
    }));
    const last = shown.at(-1);
    return context.json({ data, next: found.length > shown.length && last ? String(last.serial) : null });
  });

  routes.post('/control/v1/sign-up/waitlist/admit', async (context) => {
    const body = await readBody(context, letInBody);
    if (!body.ok) return body.refusal;
    const { plan, region, count } = body.value;
    const admitted = await door.letIn({ way: { plan, region }, count });
    context.set('changes', { plan, region, admitted });
    return context.json({ admitted });
  });
}

async function showDoor({ door, reader, plans, regionsKnown }: DoorRoutesParts) {
  const changes = await readSettingChanges(reader, CHANGES_LISTED_MAX);
  return {
    settings: door.settings().map(toSettingView),
    plans: plans ?? [],
    regions_known: regionsKnown ?? false,
    waiting: door.waiting(),
    changes: changes.map(({ atMs, ...change }) => ({ ...change, at: toIso(atMs) })),
  };
}

function toSettingView({ plan, region, state, reason, retryAtMs, by, atMs }: DoorSetting): DoorSettingView {
  return { plan, region, state, reason, retry_at: isoOrNull(retryAtMs), by, at: toIso(atMs) };
}

function toBatchView(batch: Batch, usesLeft: number): BatchView {
  return {
    id: batch.id,
    name: batch.name,
    plan: batch.plan,
    codes: batch.codes,
    uses_each: batch.usesEach,
    uses_left: usesLeft,
    expires_at: toIso(batch.expiresAtMs),
    revoked_at: isoOrNull(batch.revokedAtMs),
    by: batch.by,
    created_at: toIso(batch.createdAtMs),
  };
}

function nameOf(actor: Actor | undefined): string {
  return actor === undefined || actor.kind === 'local' ? 'local' : actor.id;
}
