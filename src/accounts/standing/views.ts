import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { CutOffView, StopBody, StopView } from './contract.ts';
import type { CutOffReceipt, Stop, StopSubject } from './stop.ts';

export function toStopView(stop: Stop, nowMs: number): StopView {
  const { id, subject, cause, reason, by, atMs, untilMs, lifted } = stop;
  return {
    id,
    account_id: subject.accountId,
    subject: onWire(subject),
    cause,
    reason,
    by,
    at: toIso(atMs),
    until: isoOrNull(untilMs),
    lifted_at: isoOrNull(lifted?.atMs ?? null),
    lifted_by: lifted?.by ?? null,
    in_force: lifted === null && (untilMs === null || untilMs > nowMs),
  };
}

export function toCutOffView(receipt: CutOffReceipt, nowMs: number): CutOffView {
  return {
    stop: toStopView(receipt.stop, nowMs),
    decided_at: toIso(receipt.decidedAtMs),
    last_byte_at: isoOrNull(receipt.lastByteAtMs),
    closed_at: toIso(receipt.closedAtMs),
    sessions_closed: receipt.sessions,
    keys_stopped: receipt.keys,
    streams_cut: receipt.streams,
  };
}

export function toSubject(accountId: string, subject: StopBody['subject']): StopSubject {
  switch (subject.kind) {
    case 'account':
      return { kind: 'account', accountId };
    case 'member':
      return { kind: 'member', accountId, member: subject.member };
    case 'app':
      return { kind: 'app', accountId, app: subject.app };
    case 'key':
      return { kind: 'key', accountId, keyId: subject.key_id };
    case 'end_user':
      return { kind: 'end_user', accountId, endUser: subject.end_user };
  }
}

function onWire(subject: StopSubject): StopView['subject'] {
  switch (subject.kind) {
    case 'account':
      return { kind: 'account' };
    case 'member':
      return { kind: 'member', member: subject.member };
    case 'app':
      return { kind: 'app', app: subject.app };
    case 'key':
      return { kind: 'key', key_id: subject.keyId };
    case 'end_user':
      return { kind: 'end_user', end_user: subject.endUser };
  }
}
