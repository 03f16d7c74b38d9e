/** Cases and what belongs to them, as they stand on the wire. */
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { toUnitView } from '../unit-view.ts';
import type { Case, CaseEvent, CaseFacts, Ruling } from './case.ts';
import type { BudgetView, CaseRowView, CaseView, ReviewerView } from './contract.ts';
import { NEEDS_TWO, offeredSteps } from './deciding.ts';
import type { Desk, Viewer } from './desk.ts';
import type { Budget } from './exposure.ts';
import { priorityOf } from './priority.ts';
import { isUndecided } from './routing.ts';
import { readEvents } from './store.ts';
import type { Wellbeing } from './wellbeing.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function personView(desk: Desk, id: string): { id: string; name: string } {
  return { id, name: desk.people().get(id)?.name ?? id };
}

export function toRow(desk: Desk, one: Case): CaseRowView {
  const nowMs = desk.deps.clock.wallMs();
  const isLocked = one.lock !== null && one.lock.untilMs > nowMs;
  return {
    id: one.id,
    kind: one.kind,
    queue: one.queue,
    state: one.state,
    conduct: one.conduct,
    severity: one.severity,
    unit: toUnitView(one.unit),
    account_id: one.owner.accountId,
    product: one.owner.product,
    language: one.language,
    priority: { ...priorityOf(one, nowMs) },
    requests: one.facts.requests,
    accounts: one.facts.accounts,
    incidents: one.incidents.length,
    opened_at: toIso(one.openedAtMs),
    due_at: toIso(one.dueMs),
    overdue: isUndecided(one) && one.dueMs <= nowMs,
    assignee: one.assignee === null ? null : personView(desk, one.assignee),
    locked_until: isLocked && one.lock !== null ? toIso(one.lock.untilMs) : null,
    wanted: one.proposal?.wanted ?? null,
    awaits_second: one.awaited !== null,
    outcome: isUndecided(one) ? null : (one.ruling?.outcome ?? null),
  };
}

export async function toCaseView(desk: Desk, viewer: Viewer, one: Case): Promise<CaseView> {
  const { reader } = desk.deps.storage;
  const events = await readEvents(reader, one.id);
  const { awaited } = one;
  return {
    ...toRow(desk, one),
    facts: toFacts(one.facts),
    incident_ids: [...one.incidents],
    request_ids: [...one.requestIds],
    sanction_id: one.sanctionId,
    decision_id: one.decisionId,
    report_id: one.reportId,
    rule: one.rule,
    ladder: {
      proposed: one.proposal?.step ?? null,
      wanted: one.proposal?.wanted ?? null,
      offered: [...offeredSteps(one)],
      needs_two: [...NEEDS_TWO],
    },
    notes: one.notes.map(({ by, atMs, text }) => ({ by: personView(desk, by), at: toIso(atMs), text })),
    events: events.map((event) => toEvent(desk, event)),
    ruling: one.ruling === null ? null : toRuling(desk, one.ruling),
    awaited:
      awaited === null
        ? null
        : { by: personView(desk, awaited.by), outcome: awaited.outcome, step: awaited.step, reason: awaited.reason },
    as_of: isoOrNull(one.asOfMs),
    barred: desk.barred(one, viewer),
    reveal_takes_two: desk.deps.policy.revealTakesTwo.includes(one.severity),
    budget: toBudget(desk.exposure.budgetOf(desk.reviewer(viewer.id), desk.deps.clock.wallMs())),
  };
}

function toFacts({
  categories,
  sources,
  firstAtMs,
  lastAtMs,
  alarmAt,
  certificateBound,
  stepNow,
  ...facts
}: CaseFacts) {
  return {
    ...facts,
    sources: [...sources],
    categories: categories.map((one) => ({ ...one })),
    first_at: toIso(firstAtMs),
    last_at: toIso(lastAtMs),
    alarm_at: alarmAt,
    certificate_bound: certificateBound,
    step_now: stepNow,
  };
}

function toEvent(desk: Desk, { id, atMs, actor, what, detail }: CaseEvent): CaseView['events'][number] {
  return { id, at: toIso(atMs), actor: personView(desk, actor), what, detail: { ...detail } };
}

function toRuling(desk: Desk, ruling: Ruling): CaseView['ruling'] {
  return {
    outcome: ruling.outcome,
    conduct: ruling.conduct,
    by: ruling.by.map((id) => personView(desk, id)),
    at: toIso(ruling.atMs),
    reason: ruling.reason,
    sanction_ids: [...ruling.sanctionIds],
    bulk_id: ruling.bulkId,
    undone_at: isoOrNull(ruling.undoneAtMs),
    undo_until: isoOrNull(ruling.undoUntilMs),
  };
}

export function toBudget(budget: Budget): BudgetView {
  return {
    minutes_used: Math.round((budget.usedMs / MINUTE_MS) * 10) / 10,
    minutes_max: budget.maxMs / MINUTE_MS,
    severe_used: budget.severeUsed,
    severe_max: budget.severeMax,
    streak: budget.streak,
    streak_max: budget.streakMax,
    streak_conduct: budget.streakConduct,
    resets_at: toIso(budget.resetsAtMs),
  };
}

export function toReviewerView({ person, reviewer, budget, ...work }: Wellbeing): ReviewerView {
  return {
    id: person.id,
    name: person.name,
    active: person.active,
    away: reviewer.away,
    languages: [...reviewer.languages],
    groups: [...reviewer.groups],
    restricted: reviewer.restricted,
    minutes_per_day: reviewer.minutesPerDay,
    severe_per_day: reviewer.severePerDay,
    budget: toBudget(budget),
    holds: work.holds,
    overdue: work.overdue,
    days: work.days.map(({ day, decided, severe, exposedMs }) => ({
      day: toIso(day * DAY_MS).slice(0, 10),
      decided,
      severe,
      minutes_exposed: Math.round((exposedMs / MINUTE_MS) * 10) / 10,
    })),
    late_decided: work.lateDecided,
    severe_days: work.severeDays,
    care: [...work.care],
  };
}
