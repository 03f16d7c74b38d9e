/** What the portal asks of accounts and whoever belongs to them; made by the workspaces and handed in. */
import type { Context } from 'hono';
import type { ControlVariables } from '../http/control-api.ts';
import type { OwnPermission } from '../http/contract.ts';

/** What somebody is in an account: of their own they are the owner. */
export interface Membership {
  readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'viewer';
  /** What their keys carry; null in their own account. */
  readonly member: string | null;
  may(permission: OwnPermission): boolean;
}

export interface Member {
  readonly member: string;
  readonly name: string;
  readonly role: Membership['role'];
}

export interface DeclaredApp {
  readonly app: string;
  readonly name: string;
  /** An archived app gets no new keys. */
  readonly archived: boolean;
}

export interface Belonging {
  /** Null for whoever does not belong to it. */
  of(accountId: string, personId: string): Promise<Membership | null>;
  /** Those who are members now. */
  members(accountId: string): Promise<readonly Member[]>;
  /** Null for whoever is not a member, or not any more. */
  member(accountId: string, member: string): Promise<Member | null>;
  /** What members are called, those who have left too, as far as it is known. */
  memberNames(accountId: string, members: readonly string[]): Promise<ReadonlyMap<string, string>>;
  apps(accountId: string): Promise<readonly DeclaredApp[]>;
  /** Models that keys of this app and member may use, from memory; null: all there are. */
  modelsFor(
    accountId: string,
    of: { readonly app: string | null; readonly member: string | null },
  ): readonly string[] | null;
}

/** Who asks, and in which account. */
export interface Asker {
  readonly accountId: string;
  readonly personId: string;
  readonly membership: Membership;
}

export type PortalContext = Context<{ Variables: ControlVariables }>;

/** Null where somebody else than a person asks, or one who has left since the guard let them through. */
export async function askerOf(context: PortalContext, belonging: Belonging): Promise<Asker | null> {
  const actor = context.get('actor');
  const accountId = context.req.param('account') ?? '';
  const membership = actor.kind === 'person' ? await belonging.of(accountId, actor.id) : null;
  return actor.kind === 'person' && membership !== null ? { accountId, personId: actor.id, membership } : null;
}

/** They see the keys of others and what those do, too. */
export function seesAll({ role, member }: Membership): boolean {
  return member === null || role !== 'developer';
}

/** They may make keys for others, and end theirs. */
export function managesAll({ member, may }: Membership): boolean {
  return member === null || may('own.members.write');
}
