import type { CutOffReceipt, Stop } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { MemberView, ReceiptView } from '../contract.ts';
import type { Member } from './member.ts';

export function toReceiptView({ stop, decidedAtMs, lastByteAtMs, closedAtMs, ...closed }: CutOffReceipt): ReceiptView {
  const { sessions, keys, streams } = closed;
  return {
    stop_id: stop.id,
    decided_at: toIso(decidedAtMs),
    last_byte_at: isoOrNull(lastByteAtMs),
    closed_at: toIso(closedAtMs),
    took_ms: closedAtMs - decidedAtMs,
    sessions,
    keys,
    streams,
  };
}

export function stopView(stop: Stop | null): MemberView['stopped'] {
  return stop && { id: stop.id, cause: stop.cause, reason: stop.reason, at: toIso(stop.atMs) };
}

export interface MemberFacts {
  readonly stop: Stop | null;
  readonly models: readonly string[] | null;
  /** The member who asks; null where that is no member. */
  readonly selfId: string | null;
}

export function toMemberView(member: Member, { stop, models, selfId }: MemberFacts): MemberView {
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    role: member.role,
    state: stateOf(member, stop),
    stopped: stopView(member.leftAtMs === null ? stop : null),
    models: models && [...models],
    directory: member.directory,
    self: member.id === selfId,
    created_at: toIso(member.createdAtMs),
    left_at: isoOrNull(member.leftAtMs),
  };
}

function stateOf(member: Member, stop: Stop | null): MemberView['state'] {
  if (member.leftAtMs !== null) return 'left';
  if (stop !== null) return 'stopped';
  return member.personId === null ? 'provisioned' : 'active';
}
