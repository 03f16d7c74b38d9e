import type { CutOffReceipt, StopCause } from '../../accounts/index.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { WorkspaceParts } from '../deps.ts';
import type { WorkspaceRefusal } from '../refusal.ts';
import { readLeavers, setCutOff } from './store.ts';

/** Whom to cut off, and what they are told. */
export interface MemberStop {
  readonly accountId: string;
  readonly memberId: string;
  readonly cause: Extract<StopCause, 'owner' | 'admin' | 'scim' | 'deletion'>;
  readonly reason: string;
  /** A person, or the token of a directory. */
  readonly by: string;
}

type CutOffParts = Pick<WorkspaceParts, 'standing' | 'storage' | 'clock'>;

/** Stops the keys of a member, and what they have in progress, until it is lifted. */
export async function stopMember(
  { standing }: Pick<WorkspaceParts, 'standing'>,
  { accountId, memberId, cause, reason, by }: MemberStop,
): Promise<Result<CutOffReceipt, WorkspaceRefusal>> {
  const subject = { kind: 'member', accountId, member: memberId } as const;
  const stopped = await standing.stop({ subject, cause, reason, by, untilMs: null });
  if (stopped.ok) return stopped;
  const { reason: why, message } = stopped.refusal;
  return refuse({ reason: why === 'invalid_field' ? why : 'standing', message });
}

/** The same for somebody who left, whom nothing lets in again; noted, so that it is made up for where it was cut short. */
export async function cutOffLeaver(
  parts: CutOffParts,
  stop: MemberStop,
): Promise<Result<CutOffReceipt, WorkspaceRefusal>> {
  const stopped = await stopMember(parts, stop);
  if (stopped.ok) await parts.storage.writer.write([setCutOff(stop.memberId, parts.clock.wallMs())]);
  return stopped;
}

/** Cuts off whoever left while the process ended in between. */
export async function finishCutOffs(parts: CutOffParts): Promise<void> {
  for (const { id, accountId, cause, by } of await readLeavers(parts.storage.reader)) {
    await cutOffLeaver(parts, { accountId, memberId: id, cause, reason: LEFT, by });
  }
}

export const LEFT = 'no longer a member of this workspace';
