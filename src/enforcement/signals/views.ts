import { toIso } from '../../base/calendar.ts';
import type { Incident, Reading } from '../incident.ts';
import type { Proposal, UnitFigures } from '../judgement.ts';
import type { Signal } from '../signal.ts';
import { toUnitView } from '../unit-view.ts';
import type { Owner } from '../unit.ts';
import type { FiguresView, IncidentPictureView, IncidentView, ProposalView, SignalView } from './contract.ts';

function toOwnerView(owner: Owner): IncidentView['owner'] {
  const { accountId, keyId, app, member, endUser, product } = owner;
  return { account_id: accountId, key_id: keyId, app, member, end_user: endUser, product };
}

export function toIncidentView(incident: Incident): IncidentView {
  return {
    id: incident.id,
    owner: toOwnerView(incident.owner),
    conduct: incident.conduct,
    severity: incident.severity,
    state: incident.state,
    opened_at: toIso(incident.openedAtMs),
    last_at: toIso(incident.lastAtMs),
    signals: incident.signalCount,
    requests: [...incident.requestIds],
    confidence: incident.confidence,
    read_by: incident.readBy,
  };
}

export function toSignalView(signal: Signal): SignalView {
  return {
    id: signal.id,
    at: toIso(signal.atMs),
    source: signal.source,
    source_version: signal.sourceVersion,
    request_id: signal.requestId,
    conduct: signal.conduct,
    confidence: signal.confidence,
    language: signal.language,
  };
}

export function toReadingView({ atMs, outcome, confidence, by }: Reading): IncidentPictureView['readings'][number] {
  return { at: toIso(atMs), outcome, confidence, by };
}

export function toProposalView(proposal: Proposal): ProposalView {
  return {
    at: toIso(proposal.atMs),
    unit: toUnitView(proposal.unit),
    step: proposal.step,
    wanted: proposal.wanted,
    score: proposal.score,
    cusum: proposal.cusum,
    alarm_at: proposal.alarmAt,
    bound: proposal.certificate?.bound ?? null,
  };
}

export function toFiguresView(figures: UnitFigures): FiguresView {
  return {
    unit: toUnitView(figures.unit),
    score: figures.score,
    cusum: figures.cusum,
    alarm_at: figures.alarmAt,
    posterior: figures.posterior,
    requests: figures.requests,
    incidents: figures.incidents.map(toIncidentView),
  };
}
