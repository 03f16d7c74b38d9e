/** The control API of queues, of the people who review, and of how well they agree. */
import type { Context } from 'hono';
import { isoOrNull } from '../../base/calendar.ts';
import { readBody, refuseField } from '../../http/body.ts';
import { type CaseHono, viewerOf } from './asker.ts';
import { agreementQuery, awayBody, CASE_KINDS, reviewerBody } from './contract.ts';
import type { Desk, Viewer } from './desk.ts';
import { type Asking, asOfNow, barredFrom, type Reviewer } from './routing.ts';
import { agreementOf } from './second-reading.ts';
import { putReviewer, readReviews } from './store.ts';
import { personView, toBudget, toReviewerView } from './views.ts';
import { wellbeingOf } from './wellbeing.ts';
import { holdsOf } from './working.ts';

const REVIEWERS = '/control/v1/enforcement/reviewers';
const AGREEMENT_DAYS = 90;
const AGREEMENT_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

export function addPeopleRoutes(routes: CaseHono, desk: Desk): void {
  const { clock, storage, policy } = desk.deps;

  routes.get('/control/v1/enforcement/queues', (context) => context.json({ data: queuesOf(desk) }));

  routes.get(`${REVIEWERS}/me`, (context) => context.json(ownView(desk, viewerOf(desk, context))));

  routes.post(`${REVIEWERS}/me/away`, async (context) => {
    const body = await readBody(context, awayBody);
    if (!body.ok) return body.refusal;
    const viewer = viewerOf(desk, context);
    await keepReviewer(desk, { ...desk.reviewer(viewer.id), away: body.value.away });
    return context.json(ownView(desk, viewer));
  });

  routes.get(REVIEWERS, async (context) => {
    await desk.refreshStaff();
    const everybody = await wellbeingOf(desk);
    return context.json({ data: everybody.map(toReviewerView) });
  });

  routes.put(`${REVIEWERS}/:id`, async (context) => {
    const body = await readBody(context, reviewerBody);
    if (!body.ok) return body.refusal;
    const id = context.req.param('id');
    if (!desk.people().has(id)) return refusePerson(context, id);
    const { minutes_per_day: minutes, severe_per_day: severe, ...rest } = body.value;
    const before = desk.reviewer(id);
    await keepReviewer(desk, {
      ...before,
      languages: rest.languages ?? before.languages,
      groups: rest.groups ?? before.groups,
      restricted: rest.restricted ?? before.restricted,
      away: rest.away ?? before.away,
      minutesPerDay: minutes === undefined ? before.minutesPerDay : minutes,
      severePerDay: severe === undefined ? before.severePerDay : severe,
    });
    context.set('changes', body.value);
    const found = (await wellbeingOf(desk)).find(({ person }) => person.id === id);
    return found === undefined ? refusePerson(context, id) : context.json(toReviewerView(found));
  });

  routes.get('/control/v1/enforcement/agreement', async (context) => {
    const query = agreementQuery.safeParse(context.req.query());
    const days = query.success ? Number(query.data.days ?? AGREEMENT_DAYS) : 0;
    if (days < 1 || days > AGREEMENT_DAYS_MAX) {
      return refuseField(context, `days: must be a whole number from 1 to ${AGREEMENT_DAYS_MAX}`);
    }
    await desk.refreshStaff();
    const { all, queues, pairs } = agreementOf(await readReviews(storage.reader, clock.wallMs() - days * DAY_MS));
    return context.json({
      days,
      sample_percent: policy.doubleReviewPercent,
      all,
      queues: [...queues],
      pairs: pairs.map(({ people, ...kappa }) => ({ people: people.map((id) => personView(desk, id)), ...kappa })),
    });
  });
}

async function keepReviewer(desk: Desk, reviewer: Reviewer): Promise<void> {
  desk.reviewers.set(reviewer.id, reviewer);
  await desk.deps.storage.writer.write([putReviewer(reviewer)]);
  await desk.refreshStaff(true);
}

function ownView(desk: Desk, viewer: Viewer) {
  const reviewer = desk.reviewer(viewer.id);
  return {
    budget: toBudget(desk.exposure.budgetOf(reviewer, desk.deps.clock.wallMs())),
    holds: holdsOf(desk, viewer.id).length,
    away: reviewer.away,
  };
}

function queuesOf(desk: Desk) {
  const { clock, policy } = desk.deps;
  const nowMs = clock.wallMs();
  const byQueue = Map.groupBy(
    [...desk.table.all()].map((one) => asOfNow(one, nowMs)),
    ({ queue }) => queue,
  );
  const here = [...desk.people().values()]
    .filter(({ id, active, mayReview }) => active && mayReview && !desk.reviewer(id).away)
    .map(({ id }) => desk.asking({ id, leads: false }));
  return policy.queues.map(({ queue, kinds, restricted, dueHours }) => {
    const cases = byQueue.get(queue) ?? [];
    const waiting = cases.filter(({ assignee }) => assignee === null);
    const first = waiting.reduce((oldest, { openedAtMs }) => Math.min(oldest, openedAtMs), Number.POSITIVE_INFINITY);
    const mayTake = (asking: Asking) =>
      waiting.length === 0
        ? !restricted || asking.reviewer.restricted
        : waiting.some((one) => barredFrom(one, asking) === null);
    return {
      name: queue,
      kinds: [...(kinds ?? CASE_KINDS)],
      restricted,
      due_hours: dueHours,
      waiting: waiting.length,
      assigned: cases.length - waiting.length,
      overdue: cases.filter(({ dueMs }) => dueMs <= nowMs).length,
      oldest_at: isoOrNull(Number.isFinite(first) ? first : null),
      reviewers: here.filter(mayTake).length,
    };
  });
}

function refusePerson(context: Context, id: string): Response {
  return context.json({ error: { reason: 'reviewer_not_found', message: `there is no reviewer ${id}` } }, 404);
}
