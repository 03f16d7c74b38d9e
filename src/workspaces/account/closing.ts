import type { CutOffReceipt } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Asker } from '../ask.ts';
import { CLOSING_MS } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { requireUnchanged, setAllLeft } from '../members/store.ts';
import { OWNERS_ONLY, WORKSPACE_ONLY, type WorkspaceRefusal } from '../refusal.ts';
import { closeForGood, readDueToClose, readUnsettled, readWorkspace, setClosing, setOpen, setStop } from './store.ts';

type ClosingParts = Pick<WorkspaceParts, 'storage' | 'clock' | 'standing' | 'trail'>;

/** The owner who asks, as a member. */
async function requireOwner({ belongings }: WorkspaceParts, asker: Asker, accountId: string) {
  const belonging = await belongings.of(asker.id, accountId);
  const member = belonging?.member ?? null;
  if (member === null) return refuse(WORKSPACE_ONLY);
  return member.role === 'owner' ? ok(member) : refuse(OWNERS_ONLY);
}

/** Stops a workspace at once, and closes it for good when its time is over. */
export async function closeWorkspace(
  parts: WorkspaceParts,
  asker: Asker,
  accountId: string,
  name: string,
): Promise<Result<CutOffReceipt, WorkspaceRefusal>> {
  const owner = await requireOwner(parts, asker, accountId);
  if (!owner.ok) return owner;
  if (parts.accounts.get(accountId)?.name !== name) return refuse(NAME_DIFFERS);
  const closesAtMs = parts.clock.wallMs() + CLOSING_MS;
  const unit = [requireUnchanged(owner.value), setClosing(accountId, closesAtMs)];
  const written = await parts.storage.writer.write(unit);
  return written.ok ? stopClosing(parts, accountId, asker.id) : refuse(CLOSING);
}

export async function reopenWorkspace(
  parts: WorkspaceParts,
  asker: Asker,
  accountId: string,
): Promise<Result<null, WorkspaceRefusal>> {
  const { reader, writer } = parts.storage;
  const owner = await requireOwner(parts, asker, accountId);
  if (!owner.ok) return owner;
  const stopId = (await readWorkspace(reader, accountId))?.stopId ?? null;
  const written = await writer.write([requireUnchanged(owner.value), setOpen(accountId)]);
  if (!written.ok) return refuse(NOT_CLOSING);
  if (stopId !== null) await parts.standing.lift(stopId, asker.id);
  await writer.write([setStop(accountId, null)]);
  return ok(null);
}

/** Stops a workspace that is closing, and notes by which stop. */
async function stopClosing(
  { storage, standing }: Pick<WorkspaceParts, 'storage' | 'standing'>,
  accountId: string,
  by: string,
): Promise<Result<CutOffReceipt, WorkspaceRefusal>> {
  const stopped = await standing.stop({
    subject: { kind: 'account', accountId },
    cause: 'owner',
    reason: 'the workspace is being closed by its owner',
    by,
    untilMs: null,
  });
  if (!stopped.ok) return refuse({ reason: 'standing', message: stopped.refusal.message });
  await storage.writer.write([setStop(accountId, stopped.value.stop.id)]);
  return ok(stopped.value);
}

/** Makes up for what a process left half done: a workspace is stopped while it is closing, and not when it is open again. */
export async function settleClosings(parts: ClosingParts): Promise<void> {
  for (const { accountId, closesAtMs, stopId } of await readUnsettled(parts.storage.reader)) {
    if (closesAtMs !== null) {
      // Also where somebody lifted the stop and left the workspace closing.
      if (parts.standing.stopOfAccount(accountId) === null) await stopClosing(parts, accountId, 'system');
    } else if (stopId !== null) {
      await parts.standing.lift(stopId, 'system');
      await parts.storage.writer.write([setStop(accountId, null)]);
    }
  }
}

/** Closes for good what has been closing for its time; the stop stays. */
export async function closeDue(parts: ClosingParts): Promise<void> {
  const { storage, clock, trail } = parts;
  for (const { accountId } of await readDueToClose(storage.reader, clock.wallMs())) {
    const atMs = clock.wallMs();
    const action = {
      accountId,
      actor: { kind: 'system', id: null },
      permission: 'own.account.write',
      action: 'close a workspace for good',
      objects: {},
      networkPrefix: null,
    } as const;
    // Refused where somebody has opened it again in between.
    await storage.writer.write([
      ...closeForGood(accountId, atMs),
      setAllLeft(accountId, atMs),
      ...trail.done(action, 200, null),
    ]);
  }
}

const NAME_DIFFERS: WorkspaceRefusal = {
  reason: 'name_differs',
  message: 'name: must be what the workspace is called, letter for letter',
};
const CLOSING: WorkspaceRefusal = { reason: 'closing', message: 'this workspace is closing already' };
const NOT_CLOSING: WorkspaceRefusal = { reason: 'not_closing', message: 'this workspace is not closing' };
