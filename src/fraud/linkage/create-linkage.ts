import { createDigestOf } from '../evidence/digest.ts';
import { type EvidenceDeps, type EvidenceValue, evidenceOf, laterEvidenceOf } from '../evidence/evidence-of.ts';
import { fieldCode } from '../evidence/fields.ts';
import { type NetworkLookup, noNetworkLookup } from '../evidence/network-lookup.ts';
import type { LaterFacts } from '../evidence.ts';
import type { Linkage, Linked, Operator, OperatorsChanged } from '../linkage.ts';
import { createKnownAccounts, traitsOfMail } from './accounts.ts';
import { createCohorts } from './cohort.ts';
import { createCompare } from './compare.ts';
import { createComponents } from './components.ts';
import { createEdges, edgeOfLinkId, toLink } from './edges.ts';
import { createEgressEstimate } from './egress.ts';
import { LINKAGE_PARAMETERS, type LinkageParameters } from './parameters.ts';
import { createTemplates } from './templates.ts';
import { createValues } from './values.ts';

export interface LinkageOptions {
  /** 32 bytes; the same ones make the same digests of the same values. */
  readonly secret: Uint8Array;
  /** Wall milliseconds, for when a link is cut by hand. */
  readonly nowMs: () => number;
  readonly lookUp?: NetworkLookup;
  readonly parameters?: LinkageParameters;
}

/** Everything in memory, in columns: some 500 bytes an account. */
export function createLinkage(options: LinkageOptions): Linkage {
  const parts = createParts(options);
  const { accounts, values, components, edges, evidence, egress } = parts;
  const listeners = new Set<OperatorsChanged>();
  const tell: OperatorsChanged = (change) => {
    for (const listener of listeners) listener(change);
  };
  const take = createTaking(parts, tell);
  const { fall, expire } = createFalling(parts, tell);
  return {
    signedUp(facts) {
      if (accounts.find(facts.accountId) !== -1) return nothingNew(parts, accounts.find(facts.accountId));
      const found = evidenceOf(facts, evidence);
      const account = accounts.add(facts.accountId, facts.atMs, traitsOfMail(found.mail));
      components.add(account);
      return take(account, found.values, { through: 'all', atMs: facts.atMs });
    },
    learnt(accountId, facts, atMs) {
      const account = accounts.find(accountId);
      if (account === -1) return null;
      if (facts.kind === 'card' && !facts.prepaid) accounts.set(account, 'paid', true);
      return take(account, laterValuesOf(facts, parts), { through: 'new', atMs });
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
      fall(edge, { atMs: options.nowMs(), reason });
      return true;
    },
    sanctioned(accountId, isSanctioned) {
      const account = accounts.find(accountId);
      if (account === -1) return;
      if (isSanctioned) parts.sanctioned.add(account);
      else parts.sanctioned.delete(account);
    },
    egressOf(prefix) {
      const value = values.find({ field: fieldCode('prefix'), ...evidence.digestOf('prefix', prefix) });
      const { organisation } = evidence.lookUp(prefix.split('/')[0] ?? '');
      return { ...(value === -1 ? { shared: false, people: 0 } : egress.of(value)), organisation };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    expire,
  };
}

type Parts = ReturnType<typeof createParts>;

function createParts({ secret, lookUp = noNetworkLookup, parameters = LINKAGE_PARAMETERS }: LinkageOptions) {
  const evidence: EvidenceDeps = { digestOf: createDigestOf(secret), lookUp };
  const accounts = createKnownAccounts();
  const values = createValues();
  const components = createComponents(values);
  const state = { accounts, values, components, parameters };
  const edges = createEdges();
  const egress = createEgressEstimate(state);
  const compare = createCompare({ state, egress, cohorts: createCohorts(state) }, edges);
  return { ...state, evidence, edges, egress, compare, templates: createTemplates(), sanctioned: new Set<number>() };
}

/** Who belongs to it is read when it is asked for: most who ask want its name alone. */
function operatorAt({ components, accounts }: Parts, account: number): Operator {
  const members = components.membersOf(account);
  return {
    id: accounts.idOf(members[0] ?? account),
    get accounts() {
      return members.map(accounts.idOf);
    },
  };
}

function nothingNew(parts: Parts, account: number): Linked {
  return { operator: operatorAt(parts, account), links: [], merged: [], evasion: [] };
}

function laterValuesOf(facts: LaterFacts, { evidence, templates }: Parts): EvidenceValue[] {
  if (facts.kind !== 'template') return laterEvidenceOf(facts, evidence);
  return [{ field: fieldCode('template'), ...evidence.digestOf('template', templates.nameOf(facts.sketch)) }];
}

interface Taken {
  readonly through: 'all' | 'new';
  readonly atMs: number;
}

/** Gives an account values and compares it with those who have them too. */
function createTaking(parts: Parts, tell: OperatorsChanged) {
  const { accounts, values, components, edges, parameters, sanctioned } = parts;

  function give(account: number, value: EvidenceValue): number[] {
    const place = values.place(value);
    if (!values.post(place, account)) return [];
    components.gained(account, place);
    return [place];
  }

  function isEvasion(account: number, edge: number): boolean {
    if (edges.bitsOf(edge) < parameters.evasionBits) return false;
    const members = components.membersOf(edges.otherEnd(edge, account));
    return sanctioned.size > 0 && members.some((member) => member !== account && sanctioned.has(member));
  }

  return function take(account: number, found: readonly EvidenceValue[], { through, atMs }: Taken): Linked {
    const given = found.flatMap((value) => give(account, value));
    if (given.length === 0) return nothingNew(parts, account);
    const { edges: made, moved } = parts.compare(account, through === 'all' ? null : given, atMs);
    if (moved.length > 0) tell({ kind: 'merged', accounts: moved.flat().map(accounts.idOf) });
    const lost = moved.flatMap(([oldest = account]) => (components.same(oldest, account) ? [oldest] : []));
    return {
      operator: operatorAt(parts, account),
      links: made.map((edge) => toLink(edge, edges, accounts.idOf)),
      merged: lost.filter((oldest) => oldest !== account).map(accounts.idOf),
      evasion: made.filter((edge) => isEvasion(account, edge)).map((edge) => toLink(edge, edges, accounts.idOf)),
    };
  };
}

/** Lets links fall; what they held together is taken apart and put together anew from what is left. */
function createFalling({ accounts, components, edges }: Parts, tell: OperatorsChanged) {
  function fall(edge: number, why: { readonly atMs: number; readonly reason: string }): void {
    edges.fell(edge, why);
    if (!edges.isHard(edge)) return;
    const { a } = edges.read(edge);
    const members = components.membersOf(a);
    components.rebuild(a, (account) =>
      edges
        .of(account)
        .filter((other) => edges.isHard(other) && edges.holds(other))
        .map((other) => edges.otherEnd(other, account)),
    );
    if (components.sizeOf(a) < members.length) tell({ kind: 'split', accounts: members.map(accounts.idOf) });
  }

  /** Links of one age were made in order, so the first that has not expired ends the search. */
  let next = 0;
  function expire(nowMs: number): number {
    let fallen = 0;
    for (; next < edges.size && edges.expiresAtMs(next) <= nowMs; next++) {
      if (!edges.holds(next)) continue;
      fall(next, { atMs: nowMs, reason: 'expired' });
      fallen++;
    }
    return fallen;
  }

  return { fall, expire };
}
