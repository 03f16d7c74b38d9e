import { type ApiKey, KEY_SCOPES, type KeyScope } from '../../accounts/index.ts';
import type { LimitSet } from '../../config/config.ts';
import type { OwnPermission } from '../../http/contract.ts';
import {
  type Asker,
  type Belonging,
  type DeclaredApp,
  managesAll,
  type Member,
  type Membership,
} from '../belonging.ts';
import { KEYS_MAX, type KeyTermsView, PLAYGROUND_APP } from './contract.ts';

/** What a service has that keys may be made for. */
export interface KeyBounds {
  /** Model aliases, in the order of the configuration. */
  readonly models: readonly string[];
  /** What a key gets that names no limit of its own, and the most it may name. */
  readonly keyLimits: LimitSet;
  /** What holds for all keys of an account together. */
  accountLimits(accountId: string): LimitSet;
}

/** A scope that reaches further than calling models asks for what the portal asks for the same. */
const SCOPE_NEEDS: Partial<Record<KeyScope, OwnPermission>> = {
  'credit.read': 'own.billing.read',
  'credit.redeem': 'own.billing.write',
};

export function scopesFor(membership: Membership): KeyScope[] {
  return KEY_SCOPES.filter((scope) => {
    const needed = SCOPE_NEEDS[scope];
    return needed === undefined || membership.may(needed);
  });
}

/** Aliases that keys of this app and member may use; null when that is all of them. */
export function narrowedModels(
  belonging: Belonging,
  accountId: string,
  of: Pick<ApiKey, 'app' | 'member'>,
  { models }: Pick<KeyBounds, 'models'>,
): readonly string[] | null {
  const allowed = belonging.modelsFor(accountId, of);
  return allowed === null ? null : models.filter((model) => allowed.includes(model));
}

const LIMIT_NAMES = ['requestsPerMinute', 'tokensPerMinute', 'concurrency'] as const;

/** The most each limit of a key may be: what keys get by default, and no more than their account has. */
export function limitsMax(bounds: KeyBounds, accountId: string): LimitSet {
  const ofAccount = bounds.accountLimits(accountId);
  const most = LIMIT_NAMES.flatMap((name) => {
    const known = [bounds.keyLimits[name], ofAccount[name]].filter((one) => one !== undefined);
    return known.length === 0 ? [] : [[name, Math.min(...known)] as const];
  });
  return Object.fromEntries(most);
}

export function toLimitsView(limits: LimitSet): KeyTermsView['limits_max'] {
  return {
    ...(limits.requestsPerMinute !== undefined && { requests_per_minute: limits.requestsPerMinute }),
    ...(limits.tokensPerMinute !== undefined && { tokens_per_minute: limits.tokensPerMinute }),
    ...(limits.concurrency !== undefined && { concurrency: limits.concurrency }),
  };
}

export interface TermsParts {
  readonly belonging: Belonging;
  readonly bounds: KeyBounds;
  /** Those who are members now, where it is asked who they are. */
  readonly members: readonly Member[];
  readonly apps: readonly DeclaredApp[];
  readonly kind: keyof typeof KEYS_MAX;
  /** Of the account, all it ever had. */
  readonly keys: readonly ApiKey[];
  readonly active: number;
}

export function toTermsView({ accountId, membership }: Asker, parts: TermsParts): KeyTermsView {
  const { belonging, bounds } = parts;
  const forOthers = managesAll(membership);
  const narrowed = narrowedModels(
    belonging,
    accountId,
    { app: null, member: forOthers ? null : membership.member },
    bounds,
  );
  return {
    member: membership.member,
    for_others: forOthers,
    members: parts.members.map(({ member, name }) => ({ member, name })),
    apps: appsOf(parts),
    models: [...(narrowed ?? bounds.models)],
    models_limited: narrowed !== null,
    limits_max: toLimitsView(limitsMax(bounds, accountId)),
    scopes: scopesFor(membership),
    keys: { active: parts.active, max: KEYS_MAX[parts.kind] },
  };
}

/** Those made for the account that are not archived, then names that keys declare besides. */
function appsOf({ apps: made, keys }: TermsParts): KeyTermsView['apps'] {
  const known = new Set(made.map(({ app }) => app));
  const declared = new Set(keys.flatMap(({ app }) => (app === null || app === PLAYGROUND_APP ? [] : [app])));
  return [
    ...made.filter(({ archived }) => !archived).map(({ app, name }) => ({ app, name })),
    ...[...declared]
      .filter((app) => !known.has(app))
      .sort()
      .map((app) => ({ app, name: app })),
  ];
}
