import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Clock } from '../../base/clock.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Follow, SignalInput } from '../follow/follow.ts';
import { whatIf } from '../follow/replay.ts';
import type { Reading } from '../incident.ts';
import type { Proposal } from '../judgement.ts';
import type { JudgementParameters } from '../judgement/parameters.ts';
import { unitNamed } from '../unit.ts';
import {
  figuresQuery,
  incidentListQuery,
  INCIDENTS_PAGE_MAX,
  raiseSignalBody,
  SIGNALS_SHOWN_MAX,
  whatIfBody,
} from './contract.ts';
import { toFiguresView, toIncidentView, toProposalView, toReadingView, toSignalView } from './views.ts';

export interface SignalRouteParts {
  readonly follow: Pick<Follow, 'store' | 'get' | 'figuresOf' | 'raise'>;
  readonly reader: Reader;
  readonly clock: Clock;
  /** By what judgement goes now. */
  readonly parameters: JudgementParameters;
  readonly accountExists: (accountId: string) => boolean;
}

type Routes = Hono<{ Variables: ControlVariables }>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A report of what is to come would be judged before it happened. */
const AHEAD_MS_MAX = 60_000;

/** The control API of signals, incidents and figures. */
export function signalRoutes(parts: SignalRouteParts): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addIncidents(routes, parts);
  routes.get('/control/v1/enforcement/units/figures', (context) => {
    const query = readQuery(context, figuresQuery);
    if (!query.ok) return query.refusal;
    const { account, kind = 'account', name } = query.value;
    const unit = unitNamed(kind, account, name ?? null);
    if (unit === null) return refuseField(context, `name: is needed for a unit of the kind ${kind}`);
    if (!parts.accountExists(account)) return refuseUnknown(context, `there is no account ${account}`);
    return context.json(toFiguresView(parts.follow.figuresOf(unit)));
  });
  routes.post('/control/v1/enforcement/signals', (context) => raise(context, parts));
  routes.post('/control/v1/enforcement/incidents/what-if', async (context) => {
    const body = await readBody(context, whatIfBody);
    if (!body.ok) return body.refusal;
    const otherwise = otherwiseOf(body.value, parts.parameters);
    if (!otherwise.ok) return refuseField(context, otherwise.refusal);
    const sinceMs = parts.clock.wallMs() - body.value.days * DAY_MS;
    return context.json(await whatIf(parts.reader, sinceMs, parts.parameters, otherwise.value));
  });
  return routes;
}

function addIncidents(routes: Routes, { follow }: SignalRouteParts): void {
  routes.get('/control/v1/enforcement/incidents', async (context) => {
    const limit = readLimit(context, INCIDENTS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = readQuery(context, incidentListQuery);
    if (!query.ok) return query.refusal;
    const { account, state, conduct, before } = query.value;
    const filter = { accountId: account, state, conduct, before, limit: limit.value + 1 };
    return context.json(pageOf(await follow.store.incidents(filter), limit.value, toIncidentView));
  });

  routes.get('/control/v1/enforcement/incidents/:id', async (context) => {
    const id = context.req.param('id');
    const incident = await follow.get(id);
    if (incident === null) return refuseUnknown(context, `there is no incident ${id}`);
    const heard = await follow.store.ofIncident(id);
    const signals = await follow.store.signalsOf([id]);
    return context.json({
      ...toIncidentView(incident),
      signal_list: signals.slice(-SIGNALS_SHOWN_MAX).map(({ signal }) => toSignalView(signal)),
      readings: heard.filter(({ kind }) => kind === 'reading').map(({ input }) => toReadingView(input as Reading)),
      proposals: heard.flatMap(({ outcome }) =>
        (outcome as { readonly proposals: readonly Proposal[] }).proposals.map(toProposalView),
      ),
    });
  });
}

async function raise(context: Context<{ Variables: ControlVariables }>, parts: SignalRouteParts): Promise<Response> {
  const body = await readBody(context, raiseSignalBody);
  if (!body.ok) return body.refusal;
  const { account_id: accountId, at, source, conduct, confidence } = body.value;
  if (!parts.accountExists(accountId)) return refuseUnknown(context, `there is no account ${accountId}`);
  const nowMs = parts.clock.wallMs();
  const atMs = at === null ? nowMs : Date.parse(at);
  if (atMs > nowMs + AHEAD_MS_MAX) return refuseField(context, 'at: must not lie ahead');
  const actor = context.get('actor');
  const input: SignalInput = {
    atMs: Math.min(atMs, nowMs),
    source,
    sourceVersion: actor.kind === 'staff' ? `staff:${actor.id}` : 'local',
    owner: {
      accountId,
      keyId: body.value.key_id,
      app: body.value.app,
      member: null,
      endUser: body.value.end_user,
      product: null,
    },
    requestId: body.value.request_id,
    conduct,
    confidence,
  };
  const { signalId, incidentId } = await parts.follow.raise(input);
  context.set('changes', { account_id: accountId, signal_id: signalId, conduct, note: body.value.note });
  const incident = await parts.follow.get(incidentId);
  const signals = await parts.follow.store.signalsOf([incidentId]);
  const signal = signals.find((noted) => noted.signal.id === signalId)?.signal;
  if (incident === null || signal === undefined)
    return refuseUnknown(context, `account ${accountId} was erased meanwhile`);
  return context.json({ signal: toSignalView(signal), incident: toIncidentView(incident) }, 201);
}

function otherwiseOf(body: z.output<typeof whatIfBody>, now: JudgementParameters): Result<JudgementParameters, string> {
  const usual = { ...now.usual, p0: body.p0 ?? now.usual.p0, p1: body.p1 ?? now.usual.p1 };
  if (usual.p0 >= usual.p1) return refuse('p0: must be below p1');
  const changed = new Map(body.ladder?.map((rung) => [rung.step, rung]));
  const ladder = now.ladder.map((rung) => changed.get(rung.step) ?? rung);
  for (const [at, rung] of ladder.entries()) {
    const before = ladder[at - 1];
    if (before !== undefined && (rung.score < before.score || rung.cusum < before.cusum)) {
      return refuse(`ladder: ${rung.step} must not be entered before ${before.step}`);
    }
  }
  return ok({
    ...now,
    usual,
    ladder,
    sureFrom: body.sure_from ?? now.sureFrom,
    foldMs: body.fold_minutes === undefined ? now.foldMs : body.fold_minutes * MINUTE_MS,
    againEvery: body.again_every ?? now.againEvery,
    againWeight: body.again_weight ?? now.againWeight,
  });
}

function readQuery<Schema extends z.ZodObject>(context: Context, schema: Schema): Result<z.output<Schema>, Response> {
  const parsed = schema.safeParse(context.req.query());
  return parsed.success ? ok(parsed.data) : refuse(refuseField(context, firstProblem(parsed.error)));
}

function refuseUnknown(context: Context, message: string): Response {
  return context.json({ error: { reason: 'not_found', message } }, 404);
}
