import type { CutOffReceipt, Stop, StopSubject } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Names } from '../names.ts';
import type { CutOffReceiptView, StopView } from './contract.ts';

export interface StopViewParts {
  readonly names: Names;
  readonly nowMs: number;
}

/** Decided in the account itself; whatever else stops it is for the operator to lift. */
export function isOwn({ cause }: Stop): boolean {
  return cause === 'owner' || cause === 'admin';
}

export function toStopView(stop: Stop, parts: StopViewParts): StopView {
  const { id, subject, cause, reason, atMs, untilMs, lifted } = stop;
  const { names, nowMs } = parts;
  return {
    id,
    subject: subject.kind,
    subject_id: idOf(subject),
    subject_name: nameOf(subject, names),
    cause,
    reason,
    state: lifted !== null ? 'lifted' : untilMs !== null && untilMs <= nowMs ? 'ended' : 'in_force',
    since: toIso(atMs),
    until: isoOrNull(untilMs),
    lifted_at: isoOrNull(lifted?.atMs ?? null),
    own: isOwn(stop),
  };
}

export function toReceiptView(receipt: CutOffReceipt, parts: StopViewParts): CutOffReceiptView {
  return {
    stop: toStopView(receipt.stop, parts),
    decided_at: toIso(receipt.decidedAtMs),
    last_byte_at: isoOrNull(receipt.lastByteAtMs),
    closed_at: toIso(receipt.closedAtMs),
    sessions: receipt.sessions,
    keys: receipt.keys,
    streams: receipt.streams,
  };
}

function idOf(subject: StopSubject): string {
  switch (subject.kind) {
    case 'account':
      return subject.accountId;
    case 'member':
      return subject.member;
    case 'app':
      return subject.app;
    case 'key':
      return subject.keyId;
    case 'end_user':
      return subject.endUser;
  }
}

function nameOf(subject: StopSubject, names: Names): string | null {
  return subject.kind === 'account' || subject.kind === 'end_user' ? null : names[subject.kind](idOf(subject));
}
