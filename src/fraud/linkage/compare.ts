import { fieldAt } from '../evidence/fields.ts';
import type { Agreement } from '../evidence.ts';
import type { LinkStrength } from '../linkage.ts';
import type { Edges } from './edges.ts';
import type { Keeping } from './keeping.ts';
import { type ScoreDeps, scoringOf } from './score.ts';
import type { LinkageState } from './state.ts';

/** What a comparison of an account with others changed. */
export interface Compared {
  /** New edges, the strongest first. */
  readonly edges: readonly number[];
  /** Members, oldest first, of the components that became part of an older one. */
  readonly moved: readonly (readonly number[])[];
}

/** Compares an account with those it shares a value with, keeps what was found, and merges what belongs together. */
export type Compare = (account: number, through: readonly number[] | null, atMs: number) => Compared;

/** Links kept of one comparison, besides those that join: the strongest ones; more would tell nothing new. */
const HARD_KEPT_MAX = 3;
const SOFT_KEPT_MAX = 3;
const CANDIDATES_MAX = 300;
/** Accounts looked at once more, because what they share with the new one has become telling. */
const SECOND_LOOKS_MAX = 4;
const DAY_MS = 86_400_000;

interface Found {
  readonly other: number;
  readonly strength: LinkStrength;
  readonly bits: number;
  readonly agreements: readonly Agreement[];
}

export function createCompare(deps: ScoreDeps, edges: Edges, keeping: Keeping): Compare {
  const { components, parameters } = deps.state;

  function keep(account: number, { other, ...found }: Found, atMs: number): number | null {
    const before = edges.between(account, other);
    if (before !== -1) {
      if (edges.isHard(before) || found.strength === 'soft') return null;
      const fall = { atMs, reason: 'replaced' };
      edges.fell(before, fall);
      keeping.fell(before, fall);
    }
    const [a, b] = account < other ? [account, other] : [other, account];
    const made = { a, b, ...found, atMs, expiresAtMs: atMs + parameters.linkDays * DAY_MS };
    const number = edges.put(made);
    keeping.link({ ...made, number, fell: null });
    return number;
  }

  function compare(account: number, through: readonly number[] | null, atMs: number) {
    const made: number[] = [];
    const moved: (readonly number[])[] = [];
    const left = { hard: HARD_KEPT_MAX, soft: SOFT_KEPT_MAX };
    const alike = findAlike(account, through, deps);
    for (const found of alike) {
      const joins = found.strength === 'hard' && !components.same(account, found.other);
      if (!joins && left[found.strength] === 0) continue;
      const edge = keep(account, found, atMs);
      if (edge === null) continue;
      made.push(edge);
      if (!joins) {
        left[found.strength]--;
        continue;
      }
      const younger = components.merge(account, found.other);
      if (younger !== null) moved.push(younger);
    }
    return { made, moved, alike };
  }

  return function compareTwice(account, through, atMs) {
    const { made, moved, alike } = compare(account, through, atMs);
    const apart = alike.filter(
      ({ other, bits }) => bits >= parameters.secondLookBits && !components.same(account, other),
    );
    for (const { other } of apart.slice(0, SECOND_LOOKS_MAX)) {
      const again = compare(other, null, atMs);
      made.push(...again.made);
      moved.push(...again.moved);
    }
    return { edges: made, moved };
  };
}

function findAlike(account: number, through: readonly number[] | null, deps: ScoreDeps): Found[] {
  const scoring = scoringOf(account, deps);
  const alike: Found[] = [];
  for (const other of candidatesOf(account, through, deps.state)) {
    const { strength, bits, agreements } = scoring.against(other);
    if (strength !== 'none') alike.push({ other, strength, bits, agreements });
  }
  return alike.sort((a, b) => b.bits - a.bits || a.other - b.other);
}

/** The newest accounts with a value of this one; through all of its values, or only some. */
function candidatesOf(account: number, through: readonly number[] | null, { values }: LinkageState): Set<number> {
  const found = new Set<number>();
  function look(value: number): void {
    values.newest(value, fieldAt(values.fieldOf(value)).compared, (other) => {
      if (other !== account) found.add(other);
      return found.size >= CANDIDATES_MAX;
    });
  }
  if (through === null) values.eachOf(account, look);
  else for (const value of through) look(value);
  return found;
}
