import { FAMILIES, type Agreement } from '../evidence.ts';
import type { EvasionMatch, OnEvasion } from '../linkage.ts';
import { fieldAt } from '../evidence/fields.ts';
import { familyBits, PERSONAL } from './judge.ts';
import type { LinkageParameters } from './parameters.ts';
import { type ScoreDeps, scoringOf } from './score.ts';

/**
 * Matches accounts with sanctioned ones, of which there are few: each that shares a value is looked at, at a lower threshold
 * than a link has, and families add up without the cap that keeps crowds apart. Nothing hard may follow from it.
 */
export interface Evasion {
  /** After an account was sanctioned, or is no longer. */
  sanctioned(account: number, is: boolean): void;
  /** After an account was given values; tells listeners of what is new. */
  look(account: number, atMs: number): readonly EvasionMatch[];
  /** The surest first; none of an account that is sanctioned itself. */
  matchesOf(account: number, atMs: number): readonly EvasionMatch[];
  onMatch(listener: OnEvasion): () => void;
}

/** Sanctioned accounts looked at for one account, those first with whom it shares what fewest have. */
const LOOKED_AT_MAX = 60;
const PER_VALUE_MAX = 40;
const MATCHES_MAX = 3;
/** Of the operator an account joined. */
const MEMBERS_MAX = 20;

export function createEvasion(deps: ScoreDeps, sanctioned: ReadonlySet<number>): Evasion {
  const { components, accounts, parameters } = deps.state;
  const found = createFinding(deps, sanctioned);
  const listeners = new Set<OnEvasion>();
  /** The surest tier an account was told at. */
  const told = new Map<number, EvasionMatch['tier']>();

  function matchesOf(account: number, atMs: number): EvasionMatch[] {
    if (sanctioned.size === 0 || sanctioned.has(account)) return [];
    const scoring = scoringOf(account, deps);
    const matches: EvasionMatch[] = [];
    for (const other of found.candidatesOf(account)) {
      const { agreements, sharedNetwork } = scoring.returning(other);
      const bits = bitsOf(agreements, sharedNetwork, parameters);
      const joined = components.same(account, other);
      if (!joined && bits < parameters.evasionBits) continue;
      matches.push({
        accountId: accounts.idOf(account),
        sanctionedId: accounts.idOf(other),
        tier: joined || isLikely(agreements, bits, parameters) ? 'likely' : 'possible',
        bits,
        agreements,
        atMs,
      });
    }
    return matches.sort((a, b) => rankOf(b) - rankOf(a) || b.bits - a.bits).slice(0, MATCHES_MAX);
  }

  function tell(account: number, match: EvasionMatch): void {
    const before = told.get(account);
    if (before === 'likely' || before === match.tier) return;
    told.set(account, match.tier);
    for (const listener of listeners) listener(match);
  }

  return {
    matchesOf,
    sanctioned(account, is) {
      if (is) found.add(account);
      else found.remove(account);
    },
    look(account, atMs) {
      if (sanctioned.has(account)) found.add(account);
      const matches = matchesOf(account, atMs);
      const [surest] = matches;
      if (surest !== undefined) tell(account, surest);
      return matches;
    },
    onMatch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function rankOf({ tier }: EvasionMatch): number {
  return tier === 'likely' ? 1 : 0;
}

function bitsOf(agreements: readonly Agreement[], sharedNetwork: boolean, parameters: LinkageParameters): number {
  const wording = agreements.find(({ field }) => field === 'wording')?.bits ?? 0;
  let all = 0;
  for (const family of FAMILIES) {
    const bits = Math.max(familyBits(agreements, family, parameters), family === 'content' ? wording : 0);
    if (family === 'network' && sharedNetwork) all += Math.min(bits, parameters.sharedNetworkBitsMax);
    else all += family === 'time' ? Math.min(bits, parameters.returnTimeBitsMax) : bits;
  }
  return all;
}

/** People of one home share its line and their build of a browser: it takes something of the person's own, or their wording. */
function isLikely(agreements: readonly Agreement[], bits: number, parameters: LinkageParameters): boolean {
  if (bits < parameters.likelyReturnBits) return false;
  const telling = FAMILIES.filter((family) => familyBits(agreements, family, parameters) >= parameters.familyBitsMin);
  const own = [...PERSONAL, 'content' as const].some(
    (family) => familyBits(agreements, family, parameters) >= parameters.personalBitsMin,
  );
  return own && telling.length >= 2;
}

/** Finds sanctioned accounts by what they share with one. */
function createFinding({ state: { values, components } }: ScoreDeps, sanctioned: ReadonlySet<number>) {
  /** Sanctioned accounts by value. What was forgotten since stays until its account is released; it is no evidence. */
  const byValue = new Map<number, Set<number>>();

  return {
    add(account: number): void {
      values.eachOf(account, (value) => {
        if (!fieldAt(values.fieldOf(value)).finds) return;
        const had = byValue.get(value);
        if (had === undefined) byValue.set(value, new Set([account]));
        else had.add(account);
      });
    },
    remove(account: number): void {
      for (const having of byValue.values()) having.delete(account);
    },
    candidatesOf(account: number): Set<number> {
      const found = new Set<number>();
      const shared: ReadonlySet<number>[] = [];
      values.eachOf(account, (value) => {
        const having = byValue.get(value);
        if (having !== undefined) shared.push(having);
      });
      for (const member of components.membersOf(account).slice(0, MEMBERS_MAX))
        if (member !== account && sanctioned.has(member)) found.add(member);
      for (const having of shared.sort((a, b) => a.size - b.size)) {
        for (const other of [...having].slice(-PER_VALUE_MAX)) if (other !== account) found.add(other);
        if (found.size >= LOOKED_AT_MAX) break;
      }
      return found;
    },
  };
}
