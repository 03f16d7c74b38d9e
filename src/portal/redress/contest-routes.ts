import { type Context, Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Appeals, Decisions, Sanctions } from '../../enforcement/index.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { type PortalRefusal, say } from '../refusals.ts';
import { contestBody, type ContestView } from './contract.ts';
import { answersOf } from './redress.ts';
import { explain } from './routes.ts';
import { toOwnDecisionView } from './views.ts';

export interface ContestDeps {
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly appeals: Pick<Appeals, 'openToken' | 'contestOf' | 'file'>;
  readonly decisions: Pick<Decisions, 'get'>;
  readonly sanctions: Pick<Sanctions, 'get'>;
}

type Routes = Hono<{ Variables: ControlVariables }>;
type ContestContext = Context<{ Variables: ControlVariables }>;

const PATH = '/portal/v1/contest/:token';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const READ_PER_MINUTE_MAX = 60;
const FILED_PER_HOUR_MAX = 10;

/** What the address in a refusal opens to whoever holds it: this one notice, and one appeal against it. */
export function contestRoutes(deps: ContestDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  const { appeals } = deps;

  routes.get(PATH, async (context) => {
    if (isTooOften(context, deps, 'read', READ_PER_MINUTE_MAX, MINUTE_MS)) return say(context, TOO_OFTEN);
    const found = await open(context.req.param('token'), deps);
    return found === null ? say(context, GONE) : context.json(await toContestView(found, deps));
  });

  routes.post(PATH, async (context) => {
    if (isTooOften(context, deps, 'contest', FILED_PER_HOUR_MAX, HOUR_MS)) return say(context, TOO_OFTEN);
    const body = await readBody(context, contestBody);
    if (!body.ok) return body.refusal;
    const found = await open(context.req.param('token'), deps);
    if (found === null) return say(context, GONE);
    // One, whatever became of it: more is said by whoever is signed in.
    if (found.appeals.length > 0) return say(context, CONTESTED);
    const { id: decisionId, accountId } = found.decision;
    const filed = await appeals.file({ ...body.value, decisionId, accountId, source: 'contest', filedBy: null });
    if (!filed.ok) return say(context, explain(filed.refusal));
    const { state, filedAtMs, dueAtMs } = filed.value;
    return context.json({ state, filed_at: toIso(filedAtMs), due_at: toIso(dueAtMs) }, 201);
  });

  return routes;
}

async function open(token: string, { appeals, clock }: ContestDeps) {
  const decisionId = appeals.openToken(token);
  const contest = decisionId === null ? null : await appeals.contestOf(decisionId);
  return contest !== null && contest.decision.startMs <= clock.wallMs() ? contest : null;
}

async function toContestView(
  { decision, appeals, untilMs }: NonNullable<Awaited<ReturnType<typeof open>>>,
  deps: ContestDeps,
): Promise<ContestView> {
  const sanction = decision.sanctionId === null ? null : await deps.sanctions.get(decision.sanctionId);
  const answers = await answersOf(appeals, deps.decisions);
  const names = { app: () => null, key: () => null };
  const parts = { names, nowMs: deps.clock.wallMs() };
  const { appeals: _, sanction_id: __, ...view } = toOwnDecisionView(decision, { sanction, appeals, answers }, parts);
  const [newest] = appeals;
  return {
    decision: { ...view, subject: { kind: view.subject.kind, name: null } },
    appeal:
      newest === undefined
        ? null
        : {
            state: newest.state,
            filed_at: toIso(newest.filedAtMs),
            due_at: toIso(newest.dueAtMs),
            answer: answers.get(newest.answerId ?? '')?.notice ?? null,
          },
    may_contest: untilMs !== null && newest === undefined,
  };
}

function isTooOften(
  context: ContestContext,
  { attempts }: ContestDeps,
  what: string,
  max: number,
  windowMs: number,
): boolean {
  const from = context.get('networkPrefix') ?? 'unknown';
  return attempts.take([{ key: `contest ${what} ${from}`, max, windowMs }]) !== null;
}

const GONE: PortalRefusal = {
  status: 404,
  reason: 'contest_not_found',
  message: 'this address is not good, or its time is over; sign in to see what holds against your account',
};
const CONTESTED: PortalRefusal = {
  status: 409,
  reason: 'already_contested',
  message: 'this was contested already; sign in to say more',
};
const TOO_OFTEN: PortalRefusal = { status: 429, reason: 'too_often', message: 'too many tries; wait and try again' };
