import { assert } from '../../base/assert.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { SEVERITIES } from '../conduct.ts';
import type { SanctionOrder } from '../sanction.ts';
import { toUnitView } from '../unit-view.ts';
import { type Unit, unitNamed } from '../unit.ts';
import type { ImposeBody, PreviewView, SanctionView, WaitingView } from './contract.ts';
import type { Preview } from './sanctions.ts';
import { type HeldSanction, isFelt } from './table.ts';
import type { WaitingOrder } from './waiting.ts';

export function toSanctionView(one: HeldSanction, nowMs: number): SanctionView {
  return {
    id: one.id,
    decision_id: one.decisionId,
    unit: toUnitView(one.unit),
    step: one.step,
    scope: one.scope && { models: [...one.scope.models], tools: one.scope.tools },
    conduct: one.conduct,
    state: stateOf(one, nowMs),
    decided_at: toIso(one.decidedAtMs),
    start: toIso(one.startMs),
    applied_at: isoOrNull(one.appliedAtMs),
    until: isoOrNull(one.untilMs),
    stop_id: one.stopId,
    linked_to: one.linkedTo,
    ended_at: isoOrNull(one.ended?.atMs ?? null),
    ended_by: one.ended?.by ?? null,
    acknowledged_at: isoOrNull(one.acknowledgedAtMs),
  };
}

function stateOf(one: HeldSanction, nowMs: number): SanctionView['state'] {
  if (one.ended !== null) return one.ended.how;
  if (isFelt(one, nowMs)) return 'in_force';
  return one.startMs > nowMs ? 'waiting' : 'expired';
}

export function toPreviewView({ refusal, untilMs, accounts, replaces, notice, redress }: Preview): PreviewView {
  return { refusal, until: isoOrNull(untilMs), accounts, replaces: [...replaces], notice, redress };
}

export function toWaitingView({ id, order, by, atMs, expiresAtMs }: WaitingOrder, preview: Preview): WaitingView {
  const { unit, step, facts, alternatives } = order;
  return {
    id,
    unit: toUnitView(unit),
    step,
    conduct: facts.conduct,
    alternatives,
    by,
    at: toIso(atMs),
    expires_at: toIso(expiresAtMs),
    notice: preview.notice,
  };
}

/** What somebody of the staff orders; whoever asks is its author. */
export function toOrder(body: ImposeBody): Omit<SanctionOrder, 'author'> {
  const { step, scope, conduct, note, alternatives } = body;
  return {
    unit: toUnit(body.unit),
    step,
    scope,
    untilMs: body.until === null ? null : Date.parse(body.until),
    facts: {
      conduct,
      severity: SEVERITIES[conduct],
      incidents: body.incidents,
      requests: body.requests,
      firstAtMs: Date.parse(body.first_at),
      lastAtMs: Date.parse(body.last_at),
      sources: body.sources,
      categories: body.categories,
      score: null,
    },
    certificate: null,
    note,
    alternatives,
    linkedTo: null,
    delayMs: 0,
  };
}

/** The body says that it is named where it must be. */
function toUnit({ kind, account_id: accountId, name }: ImposeBody['unit']): Unit {
  const unit = unitNamed(kind, accountId, name);
  assert(unit !== null, 'a part is named');
  return unit;
}
