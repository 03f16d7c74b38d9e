import { roomFor } from './columns.ts';
import type { Values } from './values.ts';

/**
 * Accounts held together by hard links, and how many such components have each value. What is counted depends on
 * accounts, their values and the links alone, not on the order they came in.
 */
export interface Components {
  /** An account without values, alone. */
  add(account: number): void;
  /** After an account was given a value. */
  gained(account: number, value: number): void;
  /** After a value was taken from an account. */
  lost(account: number, value: number): void;
  same(a: number, b: number): boolean;
  /** Oldest first; the same list for as long as they are the same. */
  membersOf(account: number): readonly number[];
  oldestOf(account: number): number;
  sizeOf(account: number): number;
  /**
   * Makes two components one; gives the members of the one with the younger oldest member. Null when they are one, or
   * would be too large to be taken apart again.
   */
  merge(a: number, b: number): readonly number[] | null;
  /** Takes a component apart into what `neighboursOf` still holds together. */
  rebuild(account: number, neighboursOf: (account: number) => readonly number[]): void;
  /** Components of more than one account, by a member of each. */
  each(): Iterable<number>;
  /** Components, those of one account included. */
  readonly count: number;
}

/** A component is taken apart in one go. */
const COMPONENT_MAX = 10_000;
const START = 1_024;
const ALONE = -1;

interface Component {
  /** Oldest first. */
  members: readonly number[];
  /** Members with each value. */
  readonly counts: Map<number, number>;
}

export function createComponents(values: Values): Components {
  const components = new Map<number, Component>();
  let componentOf = new Int32Array(START).fill(ALONE);
  let accounts = 0;
  let folded = 0;
  let next = 0;

  const find = (account: number) => components.get(componentOf[account] ?? ALONE);

  function merge(a: number, b: number): readonly number[] | null {
    const [idA, idB] = [componentOf[a] ?? ALONE, componentOf[b] ?? ALONE];
    if (a === b || (idA !== ALONE && idA === idB)) return null;
    const [partA, partB] = [find(a) ?? alone(a, values), find(b) ?? alone(b, values)];
    if (partA.members.length + partB.members.length > COMPONENT_MAX) return null;
    const younger = (partA.members[0] ?? 0) > (partB.members[0] ?? 0) ? partA.members : partB.members;
    const aLarger = partA.members.length >= partB.members.length;
    const [large, small] = aLarger ? [partA, partB] : [partB, partA];
    const [largeId, smallId] = aLarger ? [idA, idB] : [idB, idA];
    const id = largeId === ALONE ? next++ : largeId;
    components.set(id, large);
    for (const member of largeId === ALONE ? [a, b, ...small.members] : small.members) componentOf[member] = id;
    join(large, small, values);
    components.delete(smallId);
    folded++;
    return younger;
  }

  function takeApart({ members, counts }: Component): void {
    for (const value of counts.keys()) values.addOperators(value, -1);
    components.delete(componentOf[members[0] ?? 0] ?? ALONE);
    for (const member of members) {
      componentOf[member] = ALONE;
      values.eachOf(member, (value) => values.addOperators(value, 1));
    }
    folded -= members.length - 1;
  }

  return {
    add(account) {
      const before = componentOf.length;
      componentOf = roomFor(componentOf, account + 1);
      if (componentOf.length > before) componentOf.fill(ALONE, before);
      accounts++;
    },
    gained: (account, value) => count(find(account), value, 1, values),
    lost: (account, value) => count(find(account), value, -1, values),
    same: (a, b) => a === b || (componentOf[a] !== ALONE && componentOf[a] === componentOf[b]),
    membersOf: (account) => find(account)?.members ?? [account],
    oldestOf: (account) => find(account)?.members[0] ?? account,
    sizeOf: (account) => find(account)?.members.length ?? 1,
    merge,
    rebuild(account, neighboursOf) {
      const component = find(account);
      if (component === undefined) return;
      takeApart(component);
      for (const member of component.members) {
        for (const neighbour of neighboursOf(member)) merge(member, neighbour);
      }
    },
    *each() {
      for (const { members } of components.values()) yield members[0] ?? ALONE;
    },
    get count() {
      return accounts - folded;
    },
  };
}

function alone(account: number, values: Values): Component {
  const counts = new Map<number, number>();
  values.eachOf(account, (value) => counts.set(value, 1));
  return { members: [account], counts };
}

/** A value is one operator's more with the first member who has it, and one's less with the last. */
function count(component: Component | undefined, value: number, more: 1 | -1, values: Values): void {
  const before = component?.counts.get(value) ?? (more === 1 ? 0 : 1);
  const after = before + more;
  if (after > 0) component?.counts.set(value, after);
  else component?.counts.delete(value);
  if (before === 0) values.addOperators(value, 1);
  if (after === 0) values.addOperators(value, -1);
}

/** A value both have is one operator's from now on. */
function join(large: Component, small: Component, values: Values): void {
  for (const [value, count] of small.counts) {
    const before = large.counts.get(value) ?? 0;
    if (before > 0) values.addOperators(value, -1);
    large.counts.set(value, before + count);
  }
  large.members = inOrder(large.members, small.members);
}

/** Two lists in order as one; mostly the newest account joins a farm of thousands. */
function inOrder(large: readonly number[], small: readonly number[]): readonly number[] {
  const all = [...large, ...small];
  return (small[0] ?? 0) > (large.at(-1) ?? 0) ? all : all.sort((a, b) => a - b);
}
