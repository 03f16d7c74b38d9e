import { toIso, isoOrNull } from '../../base/calendar.ts';
import type { WorkspaceParts } from '../deps.ts';
import { deleteInvitationsTo, readInvitationsTo } from '../invitations/store.ts';
import { cutOffLeaver, LEFT } from '../members/cut-off.ts';
import { erasePerson, readHistoryOf, readMembershipsOf, readOwnedAlone, setLeft } from '../members/store.ts';
import { readActionsBy } from '../trail/store.ts';

/** What workspaces keep of one person, to be taken away and to be erased. */
export interface PersonalData {
  /** As JSON, in the words of the portal. */
  exportOf(personId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Workspaces that would be without an owner: they are handed over or closed before the person may go. */
  ownedAlone(personId: string): Promise<readonly string[]>;
  /**
   * Ends every membership, cuts off what the person has there, and forgets name and address; that somebody was a member,
   * and what they did there, stays in the books of the workspace under their id.
   */
  erase(personId: string): Promise<void>;
}

/** The newest actions of an export. */
const ACTIONS_MAX = 10_000;

export function createPersonalData(parts: WorkspaceParts): PersonalData {
  const { storage, clock, accounts, people } = parts;
  const { reader, writer } = storage;

  async function exportOf(personId: string): Promise<Readonly<Record<string, unknown>>> {
    const email = (await people.find(personId))?.email ?? null;
    const memberships = await readHistoryOf(reader, personId);
    const invitations = email === null ? [] : await readInvitationsTo(reader, email);
    const actions = await readActionsBy(reader, personId, ACTIONS_MAX);
    const nameOf = (accountId: string) => accounts.get(accountId)?.name ?? null;
    return {
      memberships: memberships.map((member) => ({
        workspace: member.accountId,
        name: nameOf(member.accountId),
        member: member.id,
        role: member.role,
        directory: member.directory,
        external_id: member.externalId,
        since: toIso(member.createdAtMs),
        left_at: isoOrNull(member.leftAtMs),
      })),
      invitations: invitations.map((one) => ({
        workspace: nameOf(one.accountId),
        role: one.role,
        created_at: toIso(one.createdAtMs),
        expires_at: toIso(one.expiresAtMs),
      })),
      actions: actions.map((one) => ({
        at: toIso(one.at_ms),
        account: one.account_id,
        action: one.action,
        objects: JSON.parse(one.objects) as unknown,
        network_prefix: one.network_prefix,
      })),
    };
  }

  async function erase(personId: string): Promise<void> {
    const email = (await people.find(personId))?.email ?? null;
    for (const { id, accountId } of await readMembershipsOf(reader, personId)) {
      const written = await writer.write([setLeft(id, 'deletion', personId, clock.wallMs())]);
      if (!written.ok) continue;
      await cutOffLeaver(parts, { accountId, memberId: id, cause: 'deletion', reason: LEFT, by: personId });
    }
    await writer.write([erasePerson(personId), ...(email === null ? [] : [deleteInvitationsTo(email)])]);
  }

  return { exportOf, ownedAlone: (personId) => readOwnedAlone(reader, personId), erase };
}
