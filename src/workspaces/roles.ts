import { OWN_PERMISSIONS, type OwnPermission } from '../http/contract.ts';
import type { MemberRole } from './contract.ts';

const READING = ['own.account.read', 'own.usage.read', 'own.keys.read', 'own.members.read'] as const;

/** What a role may do in a workspace; the one place that says so. */
const ROLES: Readonly<Record<MemberRole, ReadonlySet<OwnPermission>>> = {
  owner: new Set(OWN_PERMISSIONS),
  // Everything but what costs money.
  admin: new Set(OWN_PERMISSIONS.filter((permission) => permission !== 'own.billing.write')),
  developer: new Set([...READING, 'own.keys.write']),
  billing: new Set(['own.account.read', 'own.usage.read', 'own.members.read', 'own.billing.read', 'own.billing.write']),
  viewer: new Set(READING),
};

export function roleAllows(role: MemberRole, permission: OwnPermission): boolean {
  return ROLES[role].has(permission);
}

export function permissionsOf(role: MemberRole): OwnPermission[] {
  return OWN_PERMISSIONS.filter((permission) => ROLES[role].has(permission));
}

/** Whether somebody in one role may give, change or take away another: owners are made and unmade by owners alone. */
export function mayManage(role: MemberRole, other: MemberRole): boolean {
  return role === 'owner' || (role === 'admin' && other !== 'owner');
}
