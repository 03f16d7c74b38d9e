import type { CutOffReceipt, StopCause } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Asker } from '../ask.ts';
import type { MemberRole } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import {
  CHANGED_MEANWHILE,
  LAST_OWNER,
  MEMBER_NOT_FOUND,
  OWNERS_ONLY,
  WORKSPACE_ONLY,
  type WorkspaceRefusal,
} from '../refusal.ts';
import { mayManage } from '../roles.ts';
import { cutOffLeaver, LEFT, stopMember } from './cut-off.ts';
import type { Member } from './member.ts';
import { type LeaveCause, readMember, requireOtherOwner, requireUnchanged, setLeft, setRole } from './store.ts';

export interface MemberCut {
  readonly member: Member;
  readonly receipt: CutOffReceipt;
}

type Refusable<Value> = Promise<Result<Value, WorkspaceRefusal>>;

/** What those who may manage others do with them. Whether they may at all the guard has said; of whom is said here. */
export interface Members {
  changeRole(asker: Asker, accountId: string, memberId: string, role: MemberRole): Refusable<Member>;
  /** Ends a membership and cuts off what the member has here. */
  remove(asker: Asker, accountId: string, memberId: string): Refusable<MemberCut>;
  leave(asker: Asker, accountId: string): Refusable<MemberCut>;
  stop(asker: Asker, accountId: string, memberId: string, reason: string): Refusable<MemberCut>;
  resume(asker: Asker, accountId: string, memberId: string): Refusable<Member>;
  /** The member becomes owner and whoever asks, who must be one, becomes admin. */
  transfer(asker: Asker, accountId: string, memberId: string): Refusable<Member>;
}

export function createMembers(parts: WorkspaceParts): Members {
  return {
    changeRole: (asker, accountId, memberId, role) => changeRole(parts, { asker, accountId, memberId }, role),
    remove: (asker, accountId, memberId) => remove(parts, { asker, accountId, memberId }),
    leave: (asker, accountId) => leave(parts, asker, accountId),
    stop: (asker, accountId, memberId, reason) => stop(parts, { asker, accountId, memberId }, reason),
    resume: (asker, accountId, memberId) => resume(parts, { asker, accountId, memberId }),
    transfer: (asker, accountId, memberId) => transfer(parts, { asker, accountId, memberId }),
  };
}

interface Ask {
  readonly asker: Asker;
  readonly accountId: string;
  readonly memberId: string;
}

/** Who asks and whom about, where the one may manage the other. */
async function pair({ storage, belongings }: WorkspaceParts, { asker, accountId, memberId }: Ask) {
  const mine = (await belongings.of(asker.id, accountId))?.member ?? null;
  if (mine === null) return refuse(WORKSPACE_ONLY);
  const member = await readMember(storage.reader, accountId, memberId);
  if (member === null || member.leftAtMs !== null) return refuse(MEMBER_NOT_FOUND);
  if (member.id === mine.id) return refuse(OWN_ROLE);
  if (!mayManage(mine.role, member.role)) return refuse(OWNERS_ONLY);
  return ok({ mine, member });
}

async function changeRole(parts: WorkspaceParts, ask: Ask, role: MemberRole): Refusable<Member> {
  const found = await pair(parts, ask);
  if (!found.ok) return found;
  const { mine, member } = found.value;
  if (!mayManage(mine.role, role)) return refuse(OWNERS_ONLY);
  const unfit = role === 'owner' ? unfitToOwn(parts, member) : null;
  if (unfit !== null) return refuse(unfit);
  const guards = [requireUnchanged(mine), requireUnchanged(member)];
  const { accountId, id } = member;
  const leaves = member.role === 'owner' && role !== 'owner' ? [requireOtherOwner(accountId, id)] : [];
  const { storage, clock } = parts;
  const written = await storage.writer.write([...guards, ...leaves, setRole(id, role, clock.wallMs())]);
  if (written.ok) return ok({ ...member, role });
  return refuse(written.refusal.statement < guards.length ? CHANGED_MEANWHILE : LAST_OWNER);
}

/** An owner is somebody who can come in. */
function unfitToOwn({ standing }: WorkspaceParts, member: Member): WorkspaceRefusal | null {
  if (member.personId === null) return PROVISIONED;
  return standing.stopOfMember(member.accountId, member.id) === null ? null : STOPPED;
}

/** In the unit in which somebody leaves it is decided whether an owner stays. */
async function end(
  parts: WorkspaceParts,
  member: Member,
  left: { readonly by: string; readonly cause: LeaveCause; readonly guards: readonly WriteStatement[] },
): Refusable<MemberCut> {
  const { id, accountId } = member;
  const { by, cause, guards } = left;
  const others = member.role === 'owner' ? [requireOtherOwner(accountId, id)] : [];
  const atMs = parts.clock.wallMs();
  const written = await parts.storage.writer.write([...guards, ...others, setLeft(id, cause, by, atMs)]);
  if (!written.ok) return refuse(written.refusal.statement < guards.length ? CHANGED_MEANWHILE : LAST_OWNER);
  const receipt = await cutOffLeaver(parts, { accountId, memberId: id, cause, reason: LEFT, by });
  return receipt.ok ? ok({ member: { ...member, leftAtMs: atMs }, receipt: receipt.value }) : receipt;
}

async function remove(parts: WorkspaceParts, ask: Ask): Refusable<MemberCut> {
  const found = await pair(parts, ask);
  if (!found.ok) return found;
  const { mine, member } = found.value;
  const guards = [requireUnchanged(mine), requireUnchanged(member)];
  return end(parts, member, { by: ask.asker.id, cause: 'admin', guards });
}

async function leave(parts: WorkspaceParts, asker: Asker, accountId: string): Refusable<MemberCut> {
  const mine = (await parts.belongings.of(asker.id, accountId))?.member ?? null;
  if (mine === null) return refuse(WORKSPACE_ONLY);
  return end(parts, mine, { by: asker.id, cause: 'owner', guards: [requireUnchanged(mine)] });
}

async function stop(parts: WorkspaceParts, ask: Ask, reason: string): Refusable<MemberCut> {
  const found = await pair(parts, ask);
  if (!found.ok) return found;
  const { member } = found.value;
  const { accountId, memberId } = ask;
  if (member.role === 'owner') return refuse(STOP_OWNER);
  if (parts.standing.stopOfMember(accountId, memberId) !== null) return refuse(STOPPED);
  const receipt = await stopMember(parts, { accountId, memberId, cause: 'admin', reason, by: ask.asker.id });
  return receipt.ok ? ok({ member, receipt: receipt.value }) : receipt;
}

async function resume(parts: WorkspaceParts, ask: Ask): Refusable<Member> {
  const found = await pair(parts, ask);
  if (!found.ok) return found;
  const lifted = await liftMember(parts, found.value.member, ask.asker.id);
  return lifted.ok ? ok(found.value.member) : lifted;
}

async function transfer(parts: WorkspaceParts, ask: Ask): Refusable<Member> {
  const found = await pair(parts, ask);
  if (!found.ok) return found;
  const { mine, member } = found.value;
  if (mine.role !== 'owner') return refuse(OWNERS_ONLY);
  const unfit = unfitToOwn(parts, member);
  if (unfit !== null) return refuse(unfit);
  const atMs = parts.clock.wallMs();
  const written = await parts.storage.writer.write([
    requireUnchanged(mine),
    requireUnchanged(member),
    setRole(member.id, 'owner', atMs),
    setRole(mine.id, 'admin', atMs),
  ]);
  return written.ok ? ok({ ...member, role: 'owner' }) : refuse(CHANGED_MEANWHILE);
}

/** Lifts what its own people or its directory stopped of a member; what the operator stopped only the operator lifts. */
export async function liftMember(
  { standing }: Pick<WorkspaceParts, 'standing'>,
  { accountId, id: memberId }: Pick<Member, 'accountId' | 'id'>,
  by: string,
  causes: readonly StopCause[] = ['owner', 'admin', 'scim'],
): Promise<Result<null, WorkspaceRefusal>> {
  const inForce = standing.on({ kind: 'member', accountId, member: memberId });
  const ours = inForce.filter(({ cause }) => causes.includes(cause));
  for (const { id } of ours) await standing.lift(id, by);
  if (inForce.length === 0) return refuse(NOT_STOPPED);
  return ours.length === inForce.length ? ok(null) : refuse(NOT_OURS);
}

const OWN_ROLE: WorkspaceRefusal = {
  reason: 'own_role',
  message: 'nobody does this to themselves; ask another admin, or leave the workspace',
};
const STOP_OWNER: WorkspaceRefusal = {
  reason: 'not_permitted',
  message: 'an owner is not stopped; give them another role first, which needs another owner',
};
const STOPPED: WorkspaceRefusal = {
  reason: 'already_stopped',
  message: 'this member is stopped; let them in again first',
};
const NOT_STOPPED: WorkspaceRefusal = { reason: 'not_stopped', message: 'nothing stops this member' };
const NOT_OURS: WorkspaceRefusal = {
  reason: 'not_permitted',
  message: 'the operator of the service stopped this member, and only they can lift it',
};
const PROVISIONED: WorkspaceRefusal = {
  reason: 'member_provisioned',
  message: 'they have not signed in yet; ask them to sign in first',
};
