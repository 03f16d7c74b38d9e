/** Whom something is held against. Enforcement acts on the smallest unit that stops it: end user, key, app, account, operator. */

/** Whose a request is, as its usage event says. */
export interface Owner {
  readonly accountId: string;
  readonly keyId: string | null;
  readonly app: string | null;
  /** Of a workspace. */
  readonly member: string | null;
  /** As the caller wrote it, at most 128 characters. */
  readonly endUser: string | null;
  readonly product: string | null;
}

/** `operator`: all accounts that hard links hold together; named by the id of its oldest account. */
export type Unit =
  | { readonly kind: 'end_user'; readonly accountId: string; readonly endUser: string }
  | { readonly kind: 'key'; readonly accountId: string; readonly keyId: string }
  | { readonly kind: 'app'; readonly accountId: string; readonly app: string }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'operator'; readonly accountId: string };

export const UNIT_KINDS = ['end_user', 'key', 'app', 'account', 'operator'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** One text for one unit: a key of maps and of tables. Ids and slugs hold no space; an end user comes last. */
export function unitKey(unit: Unit): string {
  switch (unit.kind) {
    case 'end_user':
      return `${unit.accountId} end_user ${unit.endUser}`;
    case 'key':
      return `${unit.accountId} key ${unit.keyId}`;
    case 'app':
      return `${unit.accountId} app ${unit.app}`;
    case 'account':
      return `${unit.accountId} account`;
    case 'operator':
      return `${unit.accountId} operator`;
  }
}

/** What a unit is called within its account: the id of a key, the name of an app, the end user; null for an account and an operator. */
export function nameOfUnit(unit: Unit): string | null {
  switch (unit.kind) {
    case 'end_user':
      return unit.endUser;
    case 'key':
      return unit.keyId;
    case 'app':
      return unit.app;
    case 'account':
    case 'operator':
      return null;
  }
}

/** The unit of that name; null where it needs one and has none. */
export function unitNamed(kind: UnitKind, accountId: string, name: string | null): Unit | null {
  if (kind === 'account' || kind === 'operator') return { kind, accountId };
  if (name === null) return null;
  switch (kind) {
    case 'end_user':
      return { kind, accountId, endUser: name };
    case 'key':
      return { kind, accountId, keyId: name };
    case 'app':
      return { kind, accountId, app: name };
  }
}
