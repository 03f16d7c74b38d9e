import { Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import { type AppealRefusal, rankOf, reportBody, type ReportRefusal, STEPS } from '../../enforcement/index.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Asker } from '../belonging.ts';
import { absent, asAsker, type PortalRefusal, say } from '../refusals.ts';
import { ACCESSES_PAGE_MAX, DECISIONS_PAGE_MAX, fileAppealBody } from './contract.ts';
import { answersOf, findDecision, listHeld, mayKnow, openRecord, type RedressDeps } from './redress.ts';
import { toHeldView, toOwnAppealView, toOwnDecisionView } from './views.ts';

type Routes = Hono<{ Variables: ControlVariables }>;

const ACCOUNT = '/portal/v1/accounts/:account';

/** What is held against an account and why, appeals, who read what it wrote, and reports. */
export function portalRedressRoutes(deps: RedressDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addStanding(routes, deps);
  addAppeals(routes, deps);
  addAccesses(routes, deps);
  return routes;
}

function addStanding(routes: Routes, deps: RedressDeps): void {
  const { belonging, decisions, sanctions } = deps;

  routes.get(
    `${ACCOUNT}/standing`,
    asAsker(belonging, async (context, asker) => {
      const record = await openRecord(deps, asker);
      const held = await listHeld(deps, asker, record);
      const views = held.map(async ({ sanction, decision }) =>
        toHeldView(sanction, decision, await record.aboutOf(decision), record.parts),
      );
      const holds = (await Promise.all(views)).sort((one, other) => rankOf(other.step) - rankOf(one.step));
      return context.json({ holds, ladder: STEPS });
    }),
  );

  routes.get(
    `${ACCOUNT}/decisions`,
    asAsker(belonging, async (context, asker) => {
      const limit = readLimit(context, DECISIONS_PAGE_MAX);
      if (!limit.ok) return limit.refusal;
      const before = context.req.query('after') ?? null;
      const found = await decisions.list({ accountId: asker.accountId }, { before, limit: limit.value + 1 });
      const { data, next } = pageOf(found, limit.value, (decision) => decision);
      const record = await openRecord(deps, asker);
      const known = data.filter((decision) => mayKnow(decision, asker, deps));
      const views = known.map(async (decision) =>
        toOwnDecisionView(decision, await record.aboutOf(decision), record.parts),
      );
      return context.json({ data: await Promise.all(views), next });
    }),
  );

  async function show(asker: Asker, id: string) {
    const decision = await findDecision(deps, asker, id);
    if (decision === null) return null;
    const record = await openRecord(deps, asker);
    return toOwnDecisionView(decision, await record.aboutOf(decision), record.parts);
  }

  routes.get(
    `${ACCOUNT}/decisions/:decision`,
    asAsker(belonging, async (context, asker) => {
      const view = await show(asker, context.req.param('decision') ?? '');
      return view === null ? say(context, absent('decision')) : context.json(view);
    }),
  );

  routes.post(
    `${ACCOUNT}/decisions/:decision/acknowledge`,
    asAsker(belonging, async (context, asker) => {
      const decision = await findDecision(deps, asker, context.req.param('decision') ?? '');
      if (decision === null) return say(context, absent('decision'));
      if (decision.kind !== 'sanction' || decision.sanctionId === null) return say(context, NOTHING_TO_ACKNOWLEDGE);
      const acknowledged = await sanctions.acknowledge(decision.sanctionId, asker.personId);
      if (!acknowledged.ok) return say(context, absent('decision'));
      return context.json(await show(asker, decision.id));
    }),
  );
}

const NOTHING_TO_ACKNOWLEDGE: PortalRefusal = {
  status: 409,
  reason: 'nothing_to_acknowledge',
  message: 'this decision asks for nothing to be acknowledged',
};

function addAppeals(routes: Routes, deps: RedressDeps): void {
  const { belonging, appeals, decisions } = deps;

  /** Of this account, about a decision that who asks may know of. */
  async function findAppeal(asker: Asker, id: string) {
    const appeal = await appeals.get(id);
    if (appeal?.accountId !== asker.accountId) return null;
    return (await findDecision(deps, asker, appeal.decisionId)) === null ? null : appeal;
  }
  async function show(appeal: NonNullable<Awaited<ReturnType<typeof findAppeal>>>) {
    return toOwnAppealView(appeal, appeal.answerId === null ? null : await decisions.get(appeal.answerId));
  }

  routes.get(
    `${ACCOUNT}/appeals`,
    asAsker(belonging, async (context, asker) => {
      const filed = await appeals.ofAccount(asker.accountId);
      const known = await Promise.all(filed.map(({ id }) => findAppeal(asker, id)));
      const own = known.filter((appeal) => appeal !== null);
      const answers = await answersOf(own, decisions);
      const data = own.map((appeal) => toOwnAppealView(appeal, answers.get(appeal.answerId ?? '') ?? null));
      return context.json({ data });
    }),
  );

  routes.post(
    `${ACCOUNT}/appeals`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, fileAppealBody);
      if (!body.ok) return body.refusal;
      const { decision_id: decisionId, language, text } = body.value;
      if ((await findDecision(deps, asker, decisionId)) === null) return say(context, absent('decision'));
      const { accountId, personId } = asker;
      const filed = await appeals.file({ decisionId, accountId, source: 'portal', filedBy: personId, language, text });
      if (!filed.ok) return say(context, explain(filed.refusal));
      context.set('changes', { appeal: filed.value.id, decision: decisionId });
      return context.json(await show(filed.value), 201);
    }),
  );

  routes.get(
    `${ACCOUNT}/appeals/:appeal`,
    asAsker(belonging, async (context, asker) => {
      const appeal = await findAppeal(asker, context.req.param('appeal') ?? '');
      return appeal === null ? say(context, absent('appeal')) : context.json(await show(appeal));
    }),
  );

  routes.post(
    `${ACCOUNT}/appeals/:appeal/withdraw`,
    asAsker(belonging, async (context, asker) => {
      const appeal = await findAppeal(asker, context.req.param('appeal') ?? '');
      if (appeal === null) return say(context, absent('appeal'));
      const withdrawn = await appeals.withdraw(appeal.id, asker.accountId);
      return withdrawn.ok ? context.json(await show(withdrawn.value)) : say(context, explain(withdrawn.refusal));
    }),
  );
}

function addAccesses(routes: Routes, deps: RedressDeps): void {
  const { belonging, reports } = deps;

  routes.get(
    `${ACCOUNT}/accesses`,
    asAsker(belonging, async (context, asker) => {
      const limit = readLimit(context, ACCESSES_PAGE_MAX);
      if (!limit.ok) return limit.refusal;
      const after = context.req.query('after') ?? null;
      const found = await deps.accessesOf(asker.accountId, { after, limit: limit.value + 1 });
      const roles = new Map(
        await Promise.all(
          [...new Set(found.map(({ actor }) => actor))].map(async (id) => [id, await deps.roleOf(id)] as const),
        ),
      );
      const page = pageOf(found, limit.value, ({ id, atMs, requestId, actor, reason }) => ({
        id,
        at: toIso(atMs),
        request_id: requestId,
        role: roles.get(actor) ?? null,
        reason,
      }));
      return context.json(page);
    }),
  );

  routes.post(
    `${ACCOUNT}/reports`,
    asAsker(belonging, async (context, { accountId, personId }) => {
      const body = await readBody(context, reportBody);
      if (!body.ok) return body.refusal;
      const { request_id: requestId, app, category, text } = body.value;
      const filed = await reports.file({ reporterId: personId, personId, accountId, requestId, app, category, text });
      if (!filed.ok) return say(context, explainReport(filed.refusal));
      const { id, atMs, repeated } = filed.value;
      return context.json({ id, at: toIso(atMs), category, request_id: requestId, app, repeated }, 202);
    }),
  );
}

function explainReport({ reason, message }: ReportRefusal): PortalRefusal {
  return { status: reason === 'too_often' ? 429 : 400, reason, message };
}

const STATUS: Partial<Record<AppealRefusal['reason'], PortalRefusal['status']>> = {
  decision_not_found: 404,
  appeal_not_found: 404,
  invalid_field: 400,
  too_often: 429,
};

export function explain({ reason, message }: AppealRefusal): PortalRefusal {
  return { status: STATUS[reason] ?? 409, reason, message };
}
