import { type Context, Hono } from 'hono';
import type { Accounts } from '../../accounts/index.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { readLimit } from '../../http/paging.ts';
import {
  type Appeal,
  APPEAL_STATES,
  type AppealFilter,
  type AppealRefusal,
  type Appeals,
  OPEN_STATES,
  OUTCOMES,
} from './appeal.ts';
import {
  appealListQuery,
  APPEALS_PAGE_MAX,
  assignBody,
  decideAppealBody,
  previewAppealBody,
  triageBody,
} from './contract.ts';
import type { AppealsDeps } from './deps.ts';
import { type AppealParts, toAppealDetailView, toAppealView, toPreviewView } from './views.ts';

export interface AppealRoutesDeps extends Pick<AppealsDeps, 'decisions' | 'incidents' | 'reviewers'> {
  readonly appeals: Appeals;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly clock: Clock;
}

type Routes = Hono<{ Variables: ControlVariables }>;
type RoutesContext = Context<{ Variables: ControlVariables }>;

const PATH = '/control/v1/enforcement/appeals';

/** The control API of appeals. */
export function appealRoutes(deps: AppealRoutesDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  const { appeals } = deps;

  routes.get(PATH, async (context) => {
    const limit = readLimit(context, APPEALS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = appealListQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const { state, reviewer = null, account = null, after = null } = query.data;
    const filter = { states: statesOf(state), reviewer, accountId: account };
    const found = await appeals.list(filter, { after, limit: limit.value + 1 });
    const page = found.slice(0, limit.value);
    const view = await viewing(deps, idOf(context.get('actor')));
    const data = await Promise.all(page.map(async ({ appeal }) => toAppealView(appeal, await view(appeal))));
    return context.json({ data, next: found.length > page.length ? (page.at(-1)?.cursor ?? null) : null });
  });

  routes.get(`${PATH}/:id`, async (context) => {
    const appeal = await appeals.get(context.req.param('id'));
    return appeal === null ? refuse(context, NOT_FOUND) : show(context, appeal, deps);
  });

  routes.get(`${PATH}/:id/reviewers`, async (context) => {
    const appeal = await appeals.get(context.req.param('id'));
    if (appeal === null) return refuse(context, NOT_FOUND);
    const barred = await appeals.barredFrom(appeal.decisionId);
    const data = (await deps.reviewers()).filter(({ id }) => !barred.has(id));
    return context.json({ data: data.map(({ id, name }) => ({ id, name })) });
  });

  addChanges(routes, deps);
  return routes;
}

function addChanges(routes: Routes, deps: AppealRoutesDeps): void {
  const { appeals } = deps;

  routes.post(`${PATH}/:id/triage`, async (context) => {
    const body = await readBody(context, triageBody);
    if (!body.ok) return body.refusal;
    context.set('changes', { urgent: body.value.urgent });
    return answer(
      context,
      deps,
      await appeals.triage(context.req.param('id'), body.value.urgent, idOf(context.get('actor'))),
    );
  });

  routes.post(`${PATH}/:id/assign`, async (context) => {
    const body = await readBody(context, assignBody);
    if (!body.ok) return body.refusal;
    const by = idOf(context.get('actor'));
    const reviewer = body.value.reviewer ?? by;
    context.set('changes', { reviewer });
    return answer(context, deps, await appeals.assign(context.req.param('id'), reviewer, by));
  });

  routes.post(`${PATH}/:id/preview`, async (context) => {
    const body = await readBody(context, previewAppealBody);
    if (!body.ok) return body.refusal;
    const preview = await appeals.preview(context.req.param('id'), body.value);
    if (preview !== null) return context.json(toPreviewView(preview));
    if (body.value.outcome !== 'upheld') return refuse(context, NOT_FOUND);
    return context.json(toPreviewView(NOTHING));
  });

  routes.post(`${PATH}/:id/decide`, async (context) => {
    const body = await readBody(context, decideAppealBody);
    if (!body.ok) return body.refusal;
    const { outcome, reason, harmless, step } = body.value;
    context.set('changes', { outcome, reason, harmless, step });
    return answer(context, deps, await appeals.decide(context.req.param('id'), body.value, idOf(context.get('actor'))));
  });
}

const NOTHING = { sanctions: [], stops: 0, incidents: [], vesting: false, grants: [], requests: 0 } as const;

function statesOf(state: string | undefined): AppealFilter['states'] {
  if (state === undefined) return null;
  if (state === 'open') return OPEN_STATES;
  if (state === 'answered') return OUTCOMES;
  return APPEAL_STATES.filter((one) => one === state);
}

/** What appeals are shown with to whoever asks. */
async function viewing({ appeals, decisions, accounts, reviewers, clock }: AppealRoutesDeps, asker: string) {
  const names = new Map((await reviewers()).map(({ id, name }) => [id, name]));
  return async function view({ decisionId, accountId }: Appeal): Promise<AppealParts> {
    const decision = await decisions.get(decisionId);
    assert(decision !== null, 'decisions are kept for ever');
    return {
      decision,
      accountName: accounts.get(accountId)?.name ?? null,
      nameOf: (staffId) => names.get(staffId) ?? null,
      isBarred: (await appeals.barredFrom(decisionId)).has(asker),
      nowMs: clock.wallMs(),
    };
  };
}

async function show(context: RoutesContext, appeal: Appeal, deps: AppealRoutesDeps): Promise<Response> {
  const parts = await (await viewing(deps, idOf(context.get('actor'))))(appeal);
  const ids = parts.decision.facts?.incidents ?? [];
  const incidents = (await Promise.all(ids.map((id) => deps.incidents.get(id)))).filter((one) => one !== null);
  const given = appeal.answerId === null ? null : await deps.decisions.get(appeal.answerId);
  const restitution = await deps.appeals.restitutionOf(appeal.id);
  return context.json(toAppealDetailView(appeal, { ...parts, incidents, answer: given, restitution }));
}

async function answer(
  context: RoutesContext,
  deps: AppealRoutesDeps,
  result: Awaited<ReturnType<Appeals['decide']>>,
): Promise<Response> {
  return result.ok ? show(context, result.value, deps) : refuse(context, result.refusal);
}

const NOT_FOUND: AppealRefusal = { reason: 'appeal_not_found', message: 'there is no such appeal' };

const STATUS = {
  decision_not_found: 404,
  appeal_not_found: 404,
  not_contestable: 409,
  already_open: 409,
  already_answered: 409,
  too_many_appeals: 409,
  too_late: 409,
  too_often: 429,
  not_a_reviewer: 400,
  own_decision: 403,
  not_yours: 409,
  invalid_field: 400,
  changed_meanwhile: 409,
} as const satisfies Record<AppealRefusal['reason'], number>;

/** By the status of its reason. */
function refuse(context: Context, { reason, message }: AppealRefusal): Response {
  return context.json({ error: { reason, message } }, STATUS[reason]);
}

function idOf(actor: Actor): string {
  return actor.kind === 'staff' ? actor.id : 'local';
}
