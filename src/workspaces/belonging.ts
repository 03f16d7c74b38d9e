import type { Accounts, Standing, Stop } from '../accounts/index.ts';
import { OWN_PERMISSIONS, type OwnPermission, type Permission } from '../http/contract.ts';
import type { Leave } from '../http/guard.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { MemberRole } from './contract.ts';
import type { Member } from './members/member.ts';
import { readMembership } from './members/store.ts';
import { roleAllows } from './roles.ts';

/** What somebody is in an account. */
export interface Belonging {
  readonly role: MemberRole;
  /** Null in their own account. */
  readonly member: Member | null;
  /** What shuts them out of a workspace as a member; null when nothing does. */
  readonly stop: Stop | null;
}

export interface Belongings {
  /** Null for whoever does not belong there, and for an account that is not there. One indexed read at most. */
  of(personId: string, accountId: string): Promise<Belonging | null>;
  /** What the guard asks on every request: from the disk each time, so that a role that was cut is cut at once. */
  mayIn(personId: string, permission: Permission | OwnPermission, accountId: string): Promise<Leave>;
}

export interface BelongingDeps {
  readonly reader: Reader;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly standing: Pick<Standing, 'stopOfMember' | 'stopOfAccount' | 'on'>;
}

export function createBelongings({ reader, accounts, standing }: BelongingDeps): Belongings {
  async function of(personId: string, accountId: string): Promise<Belonging | null> {
    const account = accounts.get(accountId);
    if (account === null) return null;
    if (account.kind === 'person') return personId === accountId ? OWNER_OF_SELF : null;
    const member = await readMembership(reader, accountId, personId);
    if (member === null) return null;
    return { role: member.role, member, stop: standing.stopOfMember(accountId, member.id) };
  }

  async function mayIn(personId: string, permission: Permission | OwnPermission, accountId: string): Promise<Leave> {
    const belonging = await of(personId, accountId);
    // A member who is stopped is told so in the list of accounts, and finds nothing here.
    if (belonging === null || belonging.stop !== null) return 'unknown';
    if (!isOwn(permission) || !roleAllows(belonging.role, permission)) return 'no';
    if (permission.endsWith('.read') || standing.stopOfAccount(accountId) === null) return 'yes';
    return leftByStops(accountId, permission) ? 'yes' : 'no';
  }

  /** Of an account that is stopped: what its own people stopped they may undo, a plan that lapsed they may pay, a decision they may contest. */
  function leftByStops(accountId: string, permission: OwnPermission): boolean {
    if (permission === 'own.contest.write') return true;
    return standing
      .on({ kind: 'account', accountId })
      .every(
        ({ cause }) =>
          cause === 'owner' || cause === 'admin' || (cause === 'plan' && permission === 'own.billing.write'),
      );
  }

  return { of, mayIn };
}

const OWNER_OF_SELF: Belonging = { role: 'owner', member: null, stop: null };

function isOwn(permission: string): permission is OwnPermission {
  return (OWN_PERMISSIONS as readonly string[]).includes(permission);
}
