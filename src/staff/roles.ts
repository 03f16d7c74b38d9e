import { PERMISSIONS, type Permission } from '../http/contract.ts';
import { ROLES, type Role } from './contract.ts';

/**
 * What each role may do; the one place that says it. Reading what people wrote (`content.read`) is for whoever answers
 * for their safety and for the owner, who answers for everything; to administer the service does not need it.
 */
const TABLE: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== 'content.read'),
  // Stops accounts and keys that do harm; sees no balance, which no case needs.
  trust_safety: [
    'usage.read',
    'usage.export',
    'content.read',
    'apps.write',
    'accounts.read',
    'accounts.write',
    'keys.read',
    'keys.write',
    'prices.read',
    'alerts.write',
    'moderation.read',
    'moderation.write',
    'moderation.label',
    'signup.read',
    'signup.write',
    'fraud.read',
    'fraud.write',
    'enforcement.read',
    'enforcement.write',
    'rules.write',
    'system.read',
  ],
  // Moves money and sets prices; may set alerts on cost, and changes no account and no key.
  finance: [
    'usage.read',
    'usage.export',
    'accounts.read',
    'keys.read',
    'ledger.read',
    'ledger.write',
    'prices.read',
    'prices.write',
    'alerts.write',
    'moderation.read',
    'signup.read',
    'system.read',
  ],
  viewer: ['usage.read', 'accounts.read', 'keys.read', 'prices.read', 'moderation.read', 'signup.read', 'system.read'],
};

const SETS = new Map<string, ReadonlySet<string>>(ROLES.map((role) => [role, new Set<string>(TABLE[role])]));

/** Whether a role has a permission; a role nobody knows has none. */
export function roleMay(role: string, permission: string): boolean {
  return SETS.get(role)?.has(permission) ?? false;
}

/** In the order of `PERMISSIONS`. */
export function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => roleMay(role, permission));
}

/** Whether one role may make, change or help a person of another: only owners touch owners. */
export function mayManage(actor: Role, other: Role): boolean {
  return roleMay(actor, 'staff.write') && (other !== 'owner' || actor === 'owner');
}
