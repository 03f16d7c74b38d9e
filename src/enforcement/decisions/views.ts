import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Decision } from '../decision.ts';
import type { Facts } from '../sanction.ts';
import { toUnitView } from '../unit-view.ts';
import type { DecisionDetailView, DecisionView } from './contract.ts';
import type { DecisionDetail } from './decisions.ts';

export function toDecisionView(decision: Decision): DecisionView {
  const { id, kind, atMs, unit, step, policy, ground, certificate, alternatives, author, territory } = decision;
  const { notice, redress, facts, scope } = decision;
  return {
    id,
    kind,
    at: toIso(atMs),
    unit: toUnitView(unit),
    sanction_id: decision.sanctionId,
    about: decision.about,
    step,
    scope: scope && { models: [...scope.models], tools: scope.tools },
    policy,
    ground,
    facts: facts && toFactsView(facts),
    automated_detection: decision.automatedDetection,
    automated_decision: decision.automatedDecision,
    certificate,
    alternatives,
    author: author.kind === 'staff' ? { kind: 'staff', ids: [...author.ids] } : author,
    territory,
    start: toIso(decision.startMs),
    until: isoOrNull(decision.untilMs),
    notice,
    redress,
  };
}

function toFactsView({
  conduct,
  severity,
  incidents,
  requests,
  firstAtMs,
  lastAtMs,
  sources,
  categories,
  score,
}: Facts) {
  return {
    conduct,
    severity,
    incidents: [...incidents],
    requests,
    first_at: toIso(firstAtMs),
    last_at: toIso(lastAtMs),
    sources: [...sources],
    categories: [...categories],
    score,
  };
}

export function toDetailView({ decision, recorded, toldAtMs, followedBy }: DecisionDetail): DecisionDetailView {
  return {
    decision: toDecisionView(decision),
    recorded: recorded && {
      seq: recorded.entry.seq,
      hash: recorded.entry.hash,
      prev_hash: recorded.entry.prevHash,
      intact: recorded.intact,
    },
    told_at: isoOrNull(toldAtMs),
    followed_by: [...followedBy],
  };
}
