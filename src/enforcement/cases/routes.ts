import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { toIso } from '../../base/calendar.ts';
import type { Result } from '../../base/result.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import { type CaseHono, viewerOf } from './asker.ts';
import type { Bulk } from './bulk.ts';
import type { Case } from './case.ts';
import {
  bulkBody,
  bulkPreviewBody,
  caseListQuery,
  CASES_PAGE_MAX,
  decideCaseBody,
  handOverBody,
  nextCaseBody,
  noteBody,
  revealBody,
  revealTimeBody,
  undoBody,
} from './contract.ts';
import type { Decided, Deciding } from './deciding.ts';
import type { CaseRefusal, Desk, Viewer } from './desk.ts';
import { listCases } from './listing.ts';
import { addPeopleRoutes } from './people-routes.ts';
import type { Opened, Revealing } from './revealing.ts';
import type { Reveal } from './store.ts';
import { personView, toBudget, toCaseView, toRow } from './views.ts';
import type { Working } from './working.ts';

export interface CaseRoutesParts {
  readonly desk: Desk;
  readonly working: Working;
  readonly deciding: Deciding;
  readonly revealing: Revealing;
  readonly bulk: Bulk;
}

const CASES = '/control/v1/enforcement/cases';
const SAMPLE = 12;

/** The control API of cases. */
export function caseRoutes(parts: CaseRoutesParts): CaseHono {
  const routes: CaseHono = new Hono<{ Variables: ControlVariables }>();
  const { desk } = parts;
  // Who is of the staff, and who is away, is what everything here rests on.
  for (const path of [`${CASES}/*`, CASES, '/control/v1/enforcement/queues', '/control/v1/enforcement/reviewers/*']) {
    routes.use(path, async (_, next) => {
      await desk.refreshStaff();
      await next();
    });
  }
  addBulk(routes, parts);
  addReading(routes, parts);
  addWorking(routes, parts);
  addRevealing(routes, parts);
  addPeopleRoutes(routes, desk);
  return routes;
}

function addReading(routes: CaseHono, { desk }: CaseRoutesParts): void {
  routes.get(CASES, async (context) => {
    const limit = readLimit(context, CASES_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = caseListQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const { queue = null, state = 'undecided', mine, account = null, query: expression = '', after } = query.data;
    const viewer = viewerOf(desk, context);
    const found = await listCases(desk, viewer, {
      queue,
      state,
      assignee: mine === undefined ? null : viewer.id,
      accountId: account,
      query: expression.trim() === '' ? null : expression,
    });
    if (!found.ok) return context.json({ error: { reason: 'invalid_query', message: found.refusal } }, 400);
    const { cases, unknown } = found.value;
    const from = after === undefined ? 0 : cases.findIndex(({ id }) => id === after) + 1;
    const page = pageOf(cases.slice(from, from + limit.value + 1), limit.value, (one) => toRow(desk, one));
    return context.json({ ...page, count: cases.length, unknown });
  });

  routes.get(`${CASES}/:id`, async (context) => {
    const viewer = viewerOf(desk, context);
    return answer(context, desk, viewer, await desk.find(viewer, context.req.param('id')));
  });
}

function addWorking(routes: CaseHono, { desk, working, deciding }: CaseRoutesParts): void {
  routes.post(`${CASES}/next`, async (context) => {
    const body = await readBody(context, nextCaseBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    const given = await working.next(viewer, body.value.queue ?? null);
    if (!given.ok) return refuseCase(context, given.refusal);
    const { one, why, others } = given.value;
    return context.json({ case: one === null ? null : await toCaseView(desk, viewer, one), why, others });
  });

  routes.post(`${CASES}/:id/take`, async (context) => {
    const viewer = viewerOf(desk, context);
    return answer(context, desk, viewer, await working.take(viewer, context.req.param('id')));
  });

  routes.post(`${CASES}/:id/release`, async (context) => {
    const released = await working.release(viewerOf(desk, context), context.req.param('id'));
    if (!released.ok) return refuseCase(context, released.refusal);
    return context.json({ id: released.value.id, state: released.value.state });
  });

  routes.post(`${CASES}/:id/notes`, async (context) => {
    const body = await readBody(context, noteBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    return answer(context, desk, viewer, await working.note(viewer, context.req.param('id'), body.value.text));
  });

  routes.post(`${CASES}/:id/hand-over`, async (context) => {
    const body = await readBody(context, handOverBody);
    if (!body.ok) return body.refusal;
    const { to, note } = body.value;
    const handed = await working.handOver(viewerOf(desk, context), context.req.param('id'), to, note);
    if (!handed.ok) return refuseCase(context, handed.refusal);
    context.set('changes', { to });
    return context.json({ id: handed.value.id, state: handed.value.state });
  });

  routes.post(`${CASES}/:id/decide`, async (context) => {
    const body = await readBody(context, decideCaseBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    const decided = await deciding.decide(viewer, context.req.param('id'), toDecided(body.value), null);
    if (decided.ok) context.set('changes', { outcome: body.value.outcome, step: body.value.step ?? null });
    return answer(context, desk, viewer, decided);
  });

  routes.post(`${CASES}/:id/undo`, async (context) => {
    const body = await readBody(context, undoBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    return answer(context, desk, viewer, await deciding.undo(viewer, context.req.param('id'), body.value.reason));
  });
}

function addBulk(routes: CaseHono, { desk, bulk }: CaseRoutesParts): void {
  routes.post(`${CASES}/bulk/preview`, async (context) => {
    const body = await readBody(context, bulkPreviewBody);
    if (!body.ok) return body.refusal;
    const { query, ...what } = body.value;
    const found = await bulk.preview(viewerOf(desk, context), query, toDecided({ ...what, reason: what.reason ?? '' }));
    if (!found.ok) return refuseCase(context, found.refusal);
    const { cases, leftOut } = found.value;
    return context.json({
      ids: cases.map(({ id }) => id),
      accounts: new Set(cases.map(({ owner }) => owner.accountId)).size,
      by_kind: countsOf(cases, ({ kind }) => kind),
      by_conduct: countsOf(cases, ({ conduct }) => conduct),
      by_severity: countsOf(cases, ({ severity }) => String(severity)),
      left_out: leftOut,
      sample: cases.slice(0, SAMPLE).map((one) => toRow(desk, one)),
    });
  });

  routes.post(`${CASES}/bulk`, async (context) => {
    const body = await readBody(context, bulkBody);
    if (!body.ok) return body.refusal;
    const { ids, ...what } = body.value;
    const done = await bulk.decide(viewerOf(desk, context), ids, toDecided(what));
    if (!done.ok) return refuseCase(context, done.refusal);
    const { bulkId, done: decided, failed } = done.value;
    context.set('changes', { bulk: bulkId, outcome: what.outcome, decided, failed: failed.length });
    return context.json({ bulk_id: bulkId, done: decided, failed: [...failed] });
  });

  routes.post(`${CASES}/bulk/:id/undo`, async (context) => {
    const body = await readBody(context, undoBody);
    if (!body.ok) return body.refusal;
    const { done, failed } = await bulk.undo(viewerOf(desk, context), context.req.param('id'), body.value.reason);
    return context.json({ undone: done, failed: [...failed] });
  });
}

function addRevealing(routes: CaseHono, { desk, revealing }: CaseRoutesParts): void {
  routes.post(`${CASES}/:id/reveal`, async (context) => {
    const body = await readBody(context, revealBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    const { request_id: requestId, reason } = body.value;
    const opened = await revealing.reveal(viewer, context.req.param('id'), requestId, reason);
    if (!opened.ok) return refuseCase(context, opened.refusal);
    context.set('changes', { request: requestId, opened: opened.value.content !== null });
    return context.json(toRevealView(desk, viewer, opened.value));
  });

  routes.post(`${CASES}/:id/reveals/:reveal/time`, async (context) => {
    const body = await readBody(context, revealTimeBody);
    if (!body.ok) return body.refusal;
    const budget = await revealing.looked(viewerOf(desk, context), context.req.param('reveal'), body.value.active_ms);
    return budget.ok ? context.json({ budget: toBudget(budget.value) }) : refuseCase(context, budget.refusal);
  });

  routes.post(`${CASES}/:id/reveals/:reveal/allow`, async (context) => {
    const { id, reveal } = context.req.param();
    const viewer = viewerOf(desk, context);
    const allowed = await revealing.allow(viewer, id, reveal);
    if (!allowed.ok) return refuseCase(context, allowed.refusal);
    const waiting = await revealing.waiting(viewer);
    return context.json({ data: waiting.map((one) => toWaiting(desk, one)) });
  });

  routes.get('/control/v1/enforcement/reveals', async (context) => {
    const waiting = await revealing.waiting(viewerOf(desk, context));
    return context.json({ data: waiting.map((one) => toWaiting(desk, one)) });
  });
}

function toRevealView(desk: Desk, viewer: Viewer, { reveal, content }: Opened) {
  const times = content && { captured_at: toIso(content.capturedAtMs), expires_at: toIso(content.expiresAtMs) };
  const { prompt, reply, truncated } = content ?? { prompt: '', reply: '', truncated: false };
  return {
    content: times === null ? null : { id: reveal.requestId, prompt, reply, truncated, ...times },
    reveal_id: reveal.id,
    state: content === null ? 'awaits_second' : 'open',
    seconds_max: desk.deps.policy.revealMinutesMax * 60,
    budget: toBudget(desk.exposure.budgetOf(desk.reviewer(viewer.id), desk.deps.clock.wallMs())),
  };
}

function toWaiting(desk: Desk, { id, caseId, requestId, askedBy, atMs, reason }: Reveal) {
  return {
    id,
    case_id: caseId,
    request_id: requestId,
    asked_by: personView(desk, askedBy),
    at: toIso(atMs),
    reason,
  };
}

type DecidedBody = Omit<z.output<typeof bulkBody>, 'ids'> & {
  readonly note?: string | undefined;
  readonly alternatives?: string | undefined;
};

function toDecided({ outcome, conduct, step, reason, note, alternatives }: DecidedBody): Decided {
  return {
    outcome,
    conduct: conduct ?? null,
    step: step ?? null,
    reason,
    note: note ?? '',
    alternatives: alternatives ?? '',
  };
}

function countsOf(cases: readonly Case[], nameOf: (one: Case) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of cases) counts[nameOf(one)] = (counts[nameOf(one)] ?? 0) + 1;
  return counts;
}

async function answer(context: Context, desk: Desk, viewer: Viewer, one: Result<Case, CaseRefusal>): Promise<Response> {
  if (!one.ok) return refuseCase(context, one.refusal);
  return context.json(await toCaseView(desk, viewer, one.value));
}

function refuseCase(context: Context, { reason, message, status }: CaseRefusal): Response {
  return context.json({ error: { reason, message } }, status);
}
