import { ok, refuse, type Result } from '../../base/result.ts';
import type { Asker } from '../ask.ts';
import type { GivenRole } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { domainOf, readCapturing, readDomainOwner } from '../domains/store.ts';
import {
  bindProvisioned,
  insertMember,
  isProvisioned,
  readMembershipsOf,
  refreshPerson,
  requireRoom,
} from '../members/store.ts';
import { type Member, mintMemberId, newMember } from '../members/member.ts';
import type { Person } from '../person.ts';
import type { WorkspaceRefusal } from '../refusal.ts';
import { readSso } from '../sso/store.ts';
import { readWorkspace } from './store.ts';

/** A workspace somebody may join by the address they have. */
export interface Joinable {
  readonly accountId: string;
  readonly role: GivenRole;
  readonly ssoRequired: boolean;
}

/** How people come into workspaces by the domain of their address. */
export interface Arrival {
  /** Binds them to memberships a directory made for their address, and keeps name and address as they are now. */
  greet(person: Person): Promise<void>;
  joinable(person: Person): Promise<Joinable | null>;
  join(asker: Asker, accountId: string): Promise<Result<Member, WorkspaceRefusal>>;
  /** Somebody came by the single sign-on of a workspace; makes them a member where they are none. */
  arrived(person: Person, accountId: string): Promise<Result<Member | null, WorkspaceRefusal>>;
}

export function createArrival(parts: WorkspaceParts): Arrival {
  const { storage, clock, mintId, people, belongings, trail } = parts;
  const { reader, writer } = storage;

  async function greet({ id, name, email }: Person): Promise<void> {
    const known = await readMembershipsOf(reader, id);
    const changed = known.some((member) => !member.directory && (member.name !== name || member.email !== email));
    const expected = email !== null && (await isProvisioned(reader, email));
    if (!changed && !expected) return;
    const bind = email === null ? [] : [bindProvisioned(id, email, domainOf(email))];
    await writer.write([...bind, refreshPerson(id, name, email)]);
  }

  async function joinable(person: Person): Promise<Joinable | null> {
    const captured = person.email === null ? null : await readCapturing(reader, domainOf(person.email));
    if (captured === null || (await belongings.of(person.id, captured.accountId)) !== null) return null;
    const sso = await readSso(reader, captured.accountId);
    return { accountId: captured.accountId, role: captured.joinRole, ssoRequired: sso?.required ?? false };
  }

  async function admit(
    person: Person,
    accountId: string,
    role: GivenRole,
    how: { readonly action: string; readonly networkPrefix: string | null },
  ): Promise<Result<Member, WorkspaceRefusal>> {
    const atMs = clock.wallMs();
    const workspace = await readWorkspace(reader, accountId);
    if (workspace === null || workspace.closesAtMs !== null) return refuse(NOT_JOINABLE);
    const member = newMember(person, { id: mintMemberId(mintId), accountId, role, atMs });
    const objects = { member: member.id };
    const actor = { kind: 'person', id: person.id } as const;
    const line = { accountId, actor, permission: 'signed_in', objects, ...how };
    const written = await writer.write([
      requireRoom(accountId, atMs),
      insertMember(member),
      ...trail.done(line, 200, { role }),
    ]);
    if (written.ok) return ok(member);
    return refuse(written.refusal.reason === 'rows' ? NO_ROOM : ALREADY_MEMBER);
  }

  async function join(asker: Asker, accountId: string): Promise<Result<Member, WorkspaceRefusal>> {
    const person = await people.find(asker.id);
    const found = person === null ? null : await joinable(person);
    if (person === null || found?.accountId !== accountId) return refuse(NOT_JOINABLE);
    if (found.ssoRequired) return refuse(BY_SSO);
    const how = { action: 'POST /portal/v1/joinable/{workspace}', networkPrefix: asker.networkPrefix };
    return admit(person, accountId, found.role, how);
  }

  async function arrived(person: Person, accountId: string): Promise<Result<Member | null, WorkspaceRefusal>> {
    await greet(person);
    const belonging = await belongings.of(person.id, accountId);
    if (belonging !== null) return ok(belonging.member);
    const sso = await readSso(reader, accountId);
    const owner = person.email === null ? null : await readDomainOwner(reader, domainOf(person.email));
    if (sso === null || owner !== accountId) return refuse(NOT_JOINABLE);
    return admit(person, accountId, sso.joinRole, { action: 'join by single sign-on', networkPrefix: null });
  }

  return { greet, joinable, join, arrived };
}

const NOT_JOINABLE: WorkspaceRefusal = {
  reason: 'not_joinable',
  message: 'this workspace cannot be joined with your mail address; ask one of its admins for an invitation',
};
const BY_SSO: WorkspaceRefusal = {
  reason: 'not_permitted',
  message: 'this workspace is joined by its single sign-on; sign in that way',
};
export const NO_ROOM: WorkspaceRefusal = {
  reason: 'too_many',
  message: 'this workspace has as many members and open invitations as there may be',
};
export const ALREADY_MEMBER: WorkspaceRefusal = {
  reason: 'already_member',
  message: 'they are a member of this workspace already',
};
