import { fieldCode } from '../evidence/fields.ts';
import type { Linkage, Linked, OperatorsChanged } from '../linkage.ts';
import { edgeOfLinkId, toLink } from './edges.ts';
import { createFalling } from './falling.ts';
import { createParts, type LinkageOptions, type LinkageParts } from './parts.ts';
import { createStaffSide, type StaffSide } from './staff-side.ts';
import { createTaking, laterValuesOf, type Newcomer, newcomerOf, nothingNew, operatorAt } from './taking.ts';

/** Linkage with what the staff and the service's upkeep ask of it. */
export type StaffedLinkage = Linkage & StaffSide;

/** Linkage with a way in for a sign-up that was made digests of before. */
export interface AdmittingLinkage extends StaffedLinkage {
  /** One it was told of before is compared once more, and no link is made twice. */
  admit(newcomer: Newcomer): Linked;
}

/** Everything in memory, in columns: some 500 bytes an account, and 50 for each of at most 32 pairs of words of its prompts. */
export function createLinkage(options: LinkageOptions): StaffedLinkage {
  return linkageOf(createParts(options), options);
}

/** Over parts that may know accounts already. */
export function linkageOf(parts: LinkageParts, { nowMs }: Pick<LinkageOptions, 'nowMs'>): AdmittingLinkage {
  const { accounts, values, components, edges, evidence, egress } = parts;
  const listeners = new Set<OperatorsChanged>();
  const tell: OperatorsChanged = (change) => {
    for (const listener of listeners) listener(change);
  };
  const take = createTaking(parts, tell);
  const falling = createFalling(parts, tell);

  function admit({ accountId, atMs, traits, values: found }: Newcomer): Linked {
    let account = accounts.find(accountId);
    if (account === -1) {
      account = accounts.add(accountId, atMs, traits);
      components.add(account);
    }
    return take(account, found, { through: 'all', atMs });
  }

  return {
    ...createStaffSide(parts, falling, nowMs),
    admit,
    signedUp(facts) {
      const known = accounts.find(facts.accountId);
      return known === -1 ? admit(newcomerOf(facts, evidence)) : nothingNew(parts, known);
    },
    learnt(accountId, facts, atMs) {
      const account = accounts.find(accountId);
      if (account === -1) return null;
      if (facts.kind === 'card' && !facts.prepaid) accounts.set(account, 'paid', true);
      return take(account, laterValuesOf(facts, account, atMs, parts), { through: 'new', atMs });
    },
    operatorOf(accountId) {
      const account = accounts.find(accountId);
      return account === -1 ? { id: accountId, accounts: [accountId] } : operatorAt(parts, account);
    },
    linksOf(accountId, { fallen = false } = {}) {
      const account = accounts.find(accountId);
      const found = edges.of(account).filter((edge) => fallen || edges.holds(edge));
      return found.map((edge) => toLink(edge, edges, accounts.idOf));
    },
    cut(linkId, reason) {
      const edge = edgeOfLinkId(linkId);
      if (edge < 0 || edge >= edges.size || !edges.holds(edge)) return false;
      falling.fall(edge, { atMs: nowMs(), reason });
      return true;
    },
    sanctioned(accountId, isSanctioned) {
      const account = accounts.find(accountId);
      if (account === -1) return;
      if (isSanctioned) parts.sanctioned.add(account);
      else parts.sanctioned.delete(account);
      parts.evasion.sanctioned(account, isSanctioned);
    },
    egressOf(prefix) {
      const value = values.find({ field: fieldCode('prefix'), ...evidence.digestOf('prefix', prefix) });
      const { organisation } = evidence.lookUp(prefix.split('/')[0] ?? '');
      return { ...(value === -1 ? { shared: false, people: 0 } : egress.of(value)), organisation };
    },
    evasionOf(accountId, atMs) {
      const account = accounts.find(accountId);
      return account === -1 ? [] : parts.evasion.matchesOf(account, atMs);
    },
    onEvasion: parts.evasion.onMatch,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    expire: falling.expire,
  };
}
