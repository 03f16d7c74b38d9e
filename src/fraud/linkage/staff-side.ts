import { fieldAt, fieldCode } from '../evidence/fields.ts';
import type { Family } from '../evidence.ts';
import type { Link } from '../linkage.ts';
import { toLink } from './edges.ts';
import type { Falling } from './falling.ts';
import type { LinkageParts } from './parts.ts';

/** A value an account has, of which only its rarity is told. */
export interface ShownEvidence {
  readonly family: Family;
  readonly field: string;
  readonly version: number;
  readonly seenAtMs: number;
  readonly forgottenAtMs: number;
  /** Accounts with the same value, this one included. */
  readonly accounts: number;
  readonly operators: number;
  /** Of a network: whether many people seem to share it. */
  readonly shared: boolean | null;
}

/** An operator of more than one account. */
export interface Cluster {
  readonly operatorId: string;
  readonly accounts: number;
  readonly sanctioned: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Hard links that hold among its newest accounts, and their mean bits. */
  readonly links: number;
  readonly bits: number;
  /** What most of them agree in. */
  readonly why: readonly { readonly family: Family; readonly field: string; readonly links: number }[];
}

/** A cluster drawn: its accounts and what holds them together. */
export interface ClusterPicture {
  readonly accounts: readonly { readonly id: string; readonly atMs: number; readonly sanctioned: boolean }[];
  readonly links: readonly Link[];
  /** Accounts there are besides those shown. */
  readonly left: number;
}

/** What the staff asks of linkage, and its upkeep. */
export interface StaffSide {
  /** Null for an account it does not know. */
  evidenceOf(accountId: string): readonly ShownEvidence[] | null;
  /** The largest first; at most `limit`, after the operator named. */
  clusters(limit: number, after: string | null): readonly Cluster[];
  /** Null for an account that stands alone or is not known. */
  clusterOf(accountId: string, accountsMax: number): ClusterPicture | null;
  /** Says whether many share a network, whatever the traffic says; null takes it back. False for one nobody signed up from. */
  markNetwork(prefix: string, shared: boolean | null): boolean;
  /** What a sign-up is known by when its mail is verified: names of cohorts that no crowd shares. */
  entryOf(accountId: string): { readonly disposable: boolean; readonly cohorts: readonly string[] };
  /** Takes everything from an account that is known of it. */
  erase(accountId: string): void;
  /** Takes values whose time is over from some accounts, from where it stopped before. */
  forget(nowMs: number, accountsMax: number): void;
}

const DAY_MS = 86_400_000;
/** Newest accounts of a cluster whose links tell what holds it together. */
const WHY_ACCOUNTS_MAX = 100;
const WHY_FIELDS_MAX = 4;

export function createStaffSide(parts: LinkageParts, falling: Falling, nowMs: () => number): StaffSide {
  const { accounts, values, egress, evidence } = parts;
  return {
    evidenceOf(accountId) {
      const account = accounts.find(accountId);
      return account === -1 ? null : shownEvidence(account, parts);
    },
    clusters: (limit, after) => listClusters(limit, after, parts),
    clusterOf(accountId, accountsMax) {
      const account = accounts.find(accountId);
      return account === -1 ? null : pictureOf(account, accountsMax, parts);
    },
    markNetwork(prefix, shared) {
      const value = values.find({ field: fieldCode('prefix'), ...evidence.digestOf('prefix', prefix) });
      if (value === -1) return false;
      egress.mark(value, shared);
      falling.expire(nowMs());
      return true;
    },
    entryOf(accountId) {
      const account = accounts.find(accountId);
      return { disposable: accounts.has(account, 'disposable'), cohorts: cohortsOf(account, parts) };
    },
    erase(accountId) {
      const account = accounts.find(accountId);
      if (account !== -1 && !parts.sanctioned.has(account)) falling.erase(account, nowMs());
    },
    forget: falling.forget,
  };
}

function shownEvidence(account: number, { values, egress }: LinkageParts): ShownEvidence[] {
  const shown: ShownEvidence[] = [];
  values.eachOf(account, (value, day) => {
    const { name, family, version, retentionDays } = fieldAt(values.fieldOf(value));
    shown.push({
      family,
      field: name,
      version,
      seenAtMs: day * DAY_MS,
      forgottenAtMs: (day + retentionDays + 1) * DAY_MS,
      accounts: values.countOf(value),
      operators: values.operatorsOf(value),
      shared: name === 'ip' || name === 'prefix' ? egress.isShared(value) : null,
    });
  });
  return shown.reverse();
}

function listClusters(limit: number, after: string | null, parts: LinkageParts): Cluster[] {
  const { accounts, components, sanctioned } = parts;
  const sizes = [...components.each()].map((member) => ({
    oldest: components.oldestOf(member),
    size: components.sizeOf(member),
  }));
  sizes.sort((a, b) => b.size - a.size || a.oldest - b.oldest);
  const from = after === null ? 0 : sizes.findIndex(({ oldest }) => accounts.idOf(oldest) === after) + 1;
  return sizes.slice(from, from + limit).map(({ oldest, size }) => {
    const members = components.membersOf(oldest);
    return {
      operatorId: accounts.idOf(oldest),
      accounts: size,
      sanctioned: members.filter((member) => sanctioned.has(member)).length,
      firstAtMs: accounts.atMs(oldest),
      lastAtMs: accounts.atMs(members.at(-1) ?? oldest),
      ...whyTogether(members.slice(-WHY_ACCOUNTS_MAX), parts),
    };
  });
}

function whyTogether(members: readonly number[], { edges }: LinkageParts): Pick<Cluster, 'links' | 'bits' | 'why'> {
  const hard = new Set(members.flatMap((member) => edges.of(member).filter((edge) => edges.isHard(edge))));
  const held = [...hard].filter((edge) => edges.holds(edge)).map((edge) => edges.read(edge));
  const fields = new Map<string, Cluster['why'][number]>();
  for (const { agreements } of held) {
    for (const { family, field } of agreements) {
      fields.set(field, { family, field, links: (fields.get(field)?.links ?? 0) + 1 });
    }
  }
  const bits = held.reduce((sum, link) => sum + link.bits, 0) / Math.max(1, held.length);
  const why = [...fields.values()].sort((a, b) => b.links - a.links).slice(0, WHY_FIELDS_MAX);
  return { links: held.length, bits, why };
}

function pictureOf(account: number, accountsMax: number, parts: LinkageParts): ClusterPicture | null {
  const { accounts, components, edges, sanctioned } = parts;
  const members = components.membersOf(account);
  if (members.length === 1) return null;
  const shown = new Set(members.slice(0, accountsMax));
  const held = new Set<number>();
  for (const member of shown) {
    for (const edge of edges.of(member)) {
      if (edges.holds(edge) && shown.has(edges.otherEnd(edge, member))) held.add(edge);
    }
  }
  return {
    accounts: [...shown].map((member) => ({
      id: accounts.idOf(member),
      atMs: accounts.atMs(member),
      sanctioned: sanctioned.has(member),
    })),
    links: [...held].sort((a, b) => a - b).map((edge) => toLink(edge, edges, accounts.idOf)),
    left: members.length - shown.size,
  };
}

/** A school's domain and a network that many share bring together people who have nothing else in common. */
function cohortsOf(account: number, { accounts, values, egress }: LinkageParts): string[] {
  const cohorts: string[] = [];
  values.eachOf(account, (value) => {
    const { name } = fieldAt(values.fieldOf(value));
    const counts =
      name === 'mail_domain' ? !accounts.has(account, 'academic') : name === 'prefix' && !egress.isShared(value);
    if (!counts) return;
    const { high, low } = values.at(value);
    cohorts.push(`${name} ${high.toString(16)}${low.toString(16).padStart(8, '0')}`);
  });
  return cohorts;
}
