import type { z } from 'zod';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import type { Actor } from '../http/control-api.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import { type changeStaffBody, type inviteBody, type Role, STAFF_MAX } from './contract.ts';
import { CHANGED_MEANWHILE, type StaffRefusal } from './refusal.ts';
import { mayManage } from './roles.ts';
import type { Sessions } from './sessions.ts';
import { endSessionsOf } from './session-store.ts';
import {
  dropInvitationOf,
  insertInvitation,
  insertMember,
  type Member,
  readMember,
  readMembers,
  requireActing,
  requireOtherOwner,
  requireUnchanged,
  updateMember,
} from './store.ts';
import { digestToken, mintToken } from '../credentials/tokens.ts';

export interface PeopleDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly sessions: Sessions;
}

/** Somebody, and the token of their invitation: the only time it is told. */
export interface Invited {
  readonly member: Member;
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface Change {
  readonly before: Member;
  readonly after: Member;
}

/** The people of the staff, as those among them who may manage others see and change them. */
export interface People {
  list(): Promise<Member[]>;
  invite(actor: Actor, body: z.output<typeof inviteBody>): Promise<Result<Invited, StaffRefusal>>;
  /** A new role and being disabled end every session of the person at once. */
  change(actor: Actor, id: string, body: z.output<typeof changeStaffBody>): Promise<Result<Change, StaffRefusal>>;
  /** A link that sets a new password; until it is used, the old one goes on working. */
  reset(actor: Actor, id: string): Promise<Result<Invited, StaffRefusal>>;
}

/** 3 days. */
const INVITATION_MS = 259_200_000;
/** A day. */
const RESET_MS = 86_400_000;

export function createPeople(deps: PeopleDeps): People {
  return {
    list: () => readMembers(deps.reader),
    invite: (actor, body) => invite(deps, actor, body),
    change: (actor, id, body) => change(deps, actor, id, body),
    reset: (actor, id) => reset(deps, actor, id),
  };
}

function newInvitation({ clock, random, mintId }: PeopleDeps, staffId: string, lifeMs: number) {
  const token = mintToken(random);
  const expiresAtMs = clock.wallMs() + lifeMs;
  const statement = insertInvitation({ id: mintId('inv'), staffId, digest: digestToken(token), expiresAtMs });
  return { token, expiresAtMs, statement };
}

async function invite(
  deps: PeopleDeps,
  actor: Actor,
  body: z.output<typeof inviteBody>,
): Promise<Result<Invited, StaffRefusal>> {
  const { clock, mintId, sessions } = deps;
  if (!mayManage(roleOf(actor), body.role)) return refuse(onlyOwners(body.role));
  const member: Member = {
    id: mintId('staff'),
    email: body.email.toLowerCase(),
    name: body.name,
    role: body.role,
    password: null,
    createdAtMs: clock.wallMs(),
    disabledAtMs: null,
    signedInAtMs: null,
  };
  const { token, expiresAtMs, statement } = newInvitation(deps, member.id, INVITATION_MS);
  const guards = stillActing(actor);
  const written = await sessions.commit([...guards, insertMember(member, STAFF_MAX), statement]);
  if (written.ok) return ok({ member, token, expiresAtMs });
  if (written.refusal.reason === 'constraint') {
    const message = 'somebody has this mail address already; give them a new link instead, or another role';
    return refuse({ reason: 'email_taken', message });
  }
  if (written.refusal.statement < guards.length) return refuse(CHANGED_MEANWHILE);
  return refuse({
    reason: 'too_many_staff',
    message: `there are ${STAFF_MAX} people already, the most there may be`,
  });
}

async function change(
  deps: PeopleDeps,
  actor: Actor,
  id: string,
  body: z.output<typeof changeStaffBody>,
): Promise<Result<Change, StaffRefusal>> {
  const { reader, clock, sessions } = deps;
  const before = await readMember(reader, 'id', id);
  if (before === null) return refuse(notFound(id));
  const after: Member = {
    ...before,
    name: body.name ?? before.name,
    role: body.role ?? before.role,
    disabledAtMs: disabledAt(before, body.disabled, clock.wallMs()),
  };
  const standing = after.role !== before.role || after.disabledAtMs !== before.disabledAtMs;
  const allowed = checkChange(actor, before, after, standing);
  if (allowed !== null) return refuse(allowed);
  const leaves = isActiveOwner(before) && !isActiveOwner(after);
  const guards = [...stillActing(actor), requireUnchanged(before)];
  const written = await sessions.commit([
    ...guards,
    ...(leaves ? [requireOtherOwner(id)] : []),
    updateMember(after),
    ...(standing ? [endSessionsOf(id)] : []),
    ...(after.disabledAtMs === null ? [] : [dropInvitationOf(id)]),
  ]);
  if (written.ok) return ok({ before, after });
  if (leaves && written.refusal.statement === guards.length) return refuse(LAST_OWNER);
  return refuse(CHANGED_MEANWHILE);
}

async function reset(deps: PeopleDeps, actor: Actor, id: string): Promise<Result<Invited, StaffRefusal>> {
  const { reader, sessions } = deps;
  const member = await readMember(reader, 'id', id);
  if (member === null) return refuse(notFound(id));
  if (!mayManage(roleOf(actor), member.role)) return refuse(onlyOwners(member.role));
  if (actor.kind === 'staff' && actor.id === id) {
    return refuse({ reason: 'own_role', message: 'change your own password with the current one' });
  }
  if (member.disabledAtMs !== null) {
    return refuse({ reason: 'staff_disabled', message: `${id} is disabled; enable them first` });
  }
  const { token, expiresAtMs, statement } = newInvitation(
    deps,
    id,
    member.password === null ? INVITATION_MS : RESET_MS,
  );
  const written = await sessions.commit([...stillActing(actor), requireUnchanged(member), statement]);
  return written.ok ? ok({ member, token, expiresAtMs }) : refuse(CHANGED_MEANWHILE);
}

const LAST_OWNER: StaffRefusal = {
  reason: 'last_owner',
  message: 'this is the last owner who can sign in; make another one first',
};

/** Why somebody may not make this change; null when they may. */
function checkChange(actor: Actor, before: Member, after: Member, standing: boolean): StaffRefusal | null {
  const role = roleOf(actor);
  if (!mayManage(role, before.role)) return onlyOwners(before.role);
  if (!mayManage(role, after.role)) return onlyOwners(after.role);
  if (standing && actor.kind === 'staff' && actor.id === before.id) {
    return { reason: 'own_role', message: 'nobody changes their own role or disables themselves; ask another one' };
  }
  return null;
}

function disabledAt(before: Member, disabled: boolean | undefined, nowMs: number): number | null {
  if (disabled === undefined) return before.disabledAtMs;
  return disabled ? (before.disabledAtMs ?? nowMs) : null;
}

function isActiveOwner({ role, password, disabledAtMs }: Member): boolean {
  return role === 'owner' && password !== null && disabledAtMs === null;
}

/** Whoever holds the data folder can do what an owner can. */
function roleOf(actor: Actor): Role {
  assert(actor.kind !== 'person', 'nobody but the staff reaches its routes');
  return actor.kind === 'local' ? 'owner' : (actor.role as Role);
}

/** Whoever asks may have lost their role since the guard let them in. */
function stillActing(actor: Actor): WriteStatement[] {
  return actor.kind === 'staff' ? [requireActing(actor.id, actor.role)] : [];
}

function onlyOwners(role: Role): StaffRefusal {
  const message = role === 'owner' ? 'only an owner makes, changes and helps owners' : 'this role manages no staff';
  return { reason: 'not_permitted', message };
}

function notFound(id: string): StaffRefusal {
  return { reason: 'staff_not_found', message: `there is no ${id.slice(0, 64)} among the staff` };
}
