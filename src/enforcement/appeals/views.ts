import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Decision } from '../decision.ts';
import type { Incident } from '../incident.ts';
import type { Appeal, RestitutionPreview, StepDone } from './appeal.ts';
import type { AppealDetailView, AppealPreviewView, AppealView } from './contract.ts';
import { isOpen } from './desk.ts';

/** What an appeal is shown with. */
export interface AppealParts {
  readonly decision: Decision;
  readonly accountName: string | null;
  /** What somebody of the staff is called; null for whoever is not, or not any more. */
  readonly nameOf: (staffId: string) => string | null;
  /** Whoever asks had a part in what is contested. */
  readonly isBarred: boolean;
  readonly nowMs: number;
}

export function toAppealView(appeal: Appeal, parts: AppealParts): AppealView {
  const { decision, accountName, nameOf, isBarred, nowMs } = parts;
  return {
    id: appeal.id,
    decision_id: appeal.decisionId,
    sanction_id: appeal.sanctionId,
    account_id: appeal.accountId,
    account_name: accountName,
    step: decision.step,
    conduct: decision.facts?.conduct ?? null,
    source: appeal.source,
    language: appeal.language,
    state: appeal.state,
    state_at: toIso(appeal.stateAtMs),
    filed_at: toIso(appeal.filedAtMs),
    due_at: toIso(appeal.dueAtMs),
    overdue: isOpen(appeal) && appeal.dueAtMs < nowMs,
    urgent: appeal.urgent,
    reviewer: appeal.reviewer === null ? null : { id: appeal.reviewer, name: nameOf(appeal.reviewer) },
    barred: isBarred ? 'own_decision' : null,
  };
}

export interface AppealDetailParts extends AppealParts {
  readonly incidents: readonly Incident[];
  readonly answer: Decision | null;
  readonly restitution: readonly StepDone[];
}

export function toAppealDetailView(appeal: Appeal, parts: AppealDetailParts): AppealDetailView {
  const { decision, incidents, answer, restitution } = parts;
  const isRestored = appeal.state === 'overturned' || appeal.state === 'partly';
  return {
    ...toAppealView(appeal, parts),
    text: appeal.text,
    decision: toContestedView(decision, parts),
    incidents: incidents.map(toRestedOnView),
    answer: answer && { id: answer.id, at: toIso(answer.atMs), notice: answer.notice },
    restitution: isRestored
      ? restitution.map(({ step, doneAtMs, count }) => ({ step, done_at: isoOrNull(doneAtMs), count }))
      : [],
  };
}

function toContestedView(decision: Decision, { nameOf }: AppealParts): AppealDetailView['decision'] {
  const { author, facts, certificate } = decision;
  return {
    id: decision.id,
    at: toIso(decision.atMs),
    policy: decision.policy,
    step: decision.step,
    automated_decision: decision.automatedDecision,
    author:
      author.kind === 'staff'
        ? { kind: author.kind, ids: [...author.ids], names: author.ids.map((id) => nameOf(id) ?? id), version: null }
        : { kind: author.kind, ids: [], names: [], version: author.version },
    requests: facts?.requests ?? null,
    sources: [...(facts?.sources ?? [])],
    categories: [...(facts?.categories ?? [])],
    score: facts?.score ?? null,
    certificate: certificate && { ...certificate },
    alternatives: decision.alternatives,
    starts_at: toIso(decision.startMs),
    until: isoOrNull(decision.untilMs),
    notice: decision.notice,
  };
}

function toRestedOnView(incident: Incident): AppealDetailView['incidents'][number] {
  const { id, conduct, state, confidence, openedAtMs, lastAtMs, signalCount, requestIds, readBy } = incident;
  return {
    id,
    conduct,
    state,
    confidence,
    opened_at: toIso(openedAtMs),
    last_at: toIso(lastAtMs),
    signals: signalCount,
    request_ids: [...requestIds],
    read_by: readBy,
  };
}

export function toPreviewView(preview: RestitutionPreview): AppealPreviewView {
  const { sanctions, stops, incidents, vesting, grants, requests } = preview;
  return {
    sanctions: sanctions.map(({ id, accountId, step }) => ({ id, account_id: accountId, step })),
    stops,
    incidents: [...incidents],
    vesting,
    grants: grants.map(({ id, nano, untilMs }) => ({ id, amount_nano: String(nano), until: toIso(untilMs) })),
    requests,
  };
}
