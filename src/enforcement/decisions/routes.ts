import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';
import { toIso } from '../../base/calendar.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { firstProblem, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import { DECISIONS_PAGE_MAX, decisionsQuery, recordVerificationQuery, spanQuery, statementsQuery } from './contract.ts';
import type { Decisions } from './decisions.ts';
import { dsaStatement } from './dsa.ts';
import { makeReport, type TransparencyDeps } from './transparency.ts';
import { toDecisionView, toDetailView } from './views.ts';
import { statementOf } from './words/statement.ts';

export interface DecisionRoutesDeps extends Omit<TransparencyDeps, 'audit'> {
  readonly decisions: Decisions;
  readonly audit: Audit;
}

/** The control API of decisions, of what is published of them, and of the tamper-evident record. */
export function decisionRoutes(deps: DecisionRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const { decisions } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/control/v1/enforcement/decisions', async (context) => {
    const query = readQuery(context, decisionsQuery);
    const limit = readLimit(context, DECISIONS_PAGE_MAX);
    if (!query.ok) return query.refusal;
    if (!limit.ok) return limit.refusal;
    const { account, kind, step, conduct, automation, from, to, before } = query.value;
    const filter = {
      ...(account !== undefined && { accountId: account }),
      ...(kind !== undefined && { kind }),
      ...(step !== undefined && { step }),
      ...(conduct !== undefined && { conduct }),
      ...(automation !== undefined && { automation }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    };
    const found = await decisions.list(filter, { before: before ?? null, limit: limit.value + 1 });
    return context.json(pageOf(found, limit.value, toDecisionView));
  });

  routes.get('/control/v1/enforcement/decisions/:id', async (context) => {
    const detail = await decisions.show(context.req.param('id'));
    return detail === null ? refuseUnknown(context) : context.json(toDetailView(detail));
  });

  routes.get('/control/v1/enforcement/decisions/:id/statement', async (context) => {
    const decision = await decisions.get(context.req.param('id'));
    if (decision === null) return refuseUnknown(context);
    return context.json({ decision_id: decision.id, parts: statementOf(decision) });
  });

  addPublishing(routes, deps);
  addRecord(routes, deps.audit);
  return routes;
}

function addPublishing(routes: Hono<{ Variables: ControlVariables }>, deps: DecisionRoutesDeps): void {
  routes.get('/control/v1/enforcement/transparency', async (context) => {
    const span = readSpan(context, spanQuery);
    return span.ok ? context.json(await makeReport(deps, span.value.fromMs, span.value.toMs)) : span.refusal;
  });

  routes.get('/control/v1/enforcement/statements', async (context) => {
    const span = readSpan(context, statementsQuery);
    const limit = readLimit(context, DECISIONS_PAGE_MAX);
    if (!span.ok) return span.refusal;
    if (!limit.ok) return limit.refusal;
    const { fromMs, toMs, query } = span.value;
    const filter = { fromMs, toMs, kind: 'sanction' as const };
    const found = await deps.decisions.from(filter, query.after ?? '', limit.value);
    const data = found.map(dsaStatement).filter((one) => one !== null);
    return context.json({ data, next: found.length === limit.value ? (found.at(-1)?.id ?? null) : null });
  });
}

function addRecord(routes: Hono<{ Variables: ControlVariables }>, audit: Audit): void {
  routes.get('/control/v1/enforcement/record/head', async (context) => {
    const { seq, hash, atMs, key, signature } = await audit.head();
    return context.json({ seq, hash, at: toIso(atMs), key, signature });
  });

  routes.get('/control/v1/enforcement/record/verification', async (context) => {
    const query = readQuery(context, recordVerificationQuery);
    if (!query.ok) return query.refusal;
    const { seq, hash } = query.value;
    if ((seq === undefined) !== (hash === undefined))
      return refuseField(context, 'seq: goes with the hash of the head');
    const kept = seq === undefined || hash === undefined ? null : { seq: Number(seq), hash };
    const { entries, broken } = await audit.verify(kept);
    return context.json({ whole: broken === null, entries, broken });
  });
}

function readQuery<Schema extends z.ZodType>(context: Context, schema: Schema): Result<z.output<Schema>, Response> {
  const parsed = schema.safeParse(context.req.query());
  return parsed.success ? ok(parsed.data) : refuse(refuseField(context, firstProblem(parsed.error)));
}

/** A span that begins before it ends. */
function readSpan<Schema extends z.ZodType<{ from: string; to: string }>>(context: Context, schema: Schema) {
  const query = readQuery(context, schema);
  if (!query.ok) return query;
  const [fromMs, toMs] = [Date.parse(query.value.from), Date.parse(query.value.to)];
  if (fromMs >= toMs) return refuse(refuseField(context, 'to: must be after from'));
  return ok({ fromMs, toMs, query: query.value });
}

function refuseUnknown(context: Context): Response {
  const message = 'there is no decision of this id; look it up in the list of decisions';
  return context.json({ error: { reason: 'decision_not_found', message } }, 404);
}
