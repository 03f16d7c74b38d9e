import { fieldCode } from '../evidence/fields.ts';
import type { LinkageState } from './state.ts';

/** How many people seem to be behind a network, as far as the traffic itself tells. */
export interface Egress {
  readonly shared: boolean;
  readonly people: number;
}

export interface EgressEstimate {
  /** Of a value of a network, an address or a prefix. */
  of(value: number): Egress;
  isShared(value: number): boolean;
  /** What somebody said of a network goes before what the traffic says; null takes it back. */
  mark(value: number, shared: boolean | null): void;
  /** Networks that seem shared now and did not before, each told once; at most `most`. */
  turned(most: number): number[];
}

/** Newest accounts of a network that are looked at; more people than that need not be told apart. */
const LOOKED_AT = 64;
/** An operator of more accounts than a family has is no person. */
const PERSON_ACCOUNTS_MAX = 3;
const LOOK_EVERY = 8;
const DEVICE = fieldCode('device');
const ROOT = fieldCode('local_root');
const CLIENT = fieldCode('client_class');
/** Many accounts with one program are one program: each class of clients vouches for so many people. */
const PEOPLE_PER_CLASS = 2;
const NO_CLASS = -1;

/**
 * Counts the operators behind a network who are otherwise unlinked, each by what is theirs alone: a device or a name no
 * other operator there has. A farm that puts decoys beside its accounts makes a network seem shared; that takes the
 * network's few bits from the evidence, and none from mail, payment and content.
 */
export function createEgressEstimate(state: LinkageState): EgressEstimate {
  const { accounts, values, components, parameters } = state;

  function of(value: number): Egress {
    const operators = new Set<number>();
    const owned = new Set<number>();
    const byClass = new Map<number, number>();
    values.newest(value, LOOKED_AT, (account) => {
      const oldest = components.oldestOf(account);
      if (operators.has(oldest) || components.sizeOf(account) > PERSON_ACCOUNTS_MAX) return false;
      operators.add(oldest);
      let own = accounts.has(account, 'paid');
      let program = NO_CLASS;
      values.eachOf(account, (other) => {
        const field = values.fieldOf(other);
        if (field === CLIENT) program = other;
        if ((field !== DEVICE && field !== ROOT) || owned.has(other)) return;
        owned.add(other);
        own = true;
      });
      if (own) byClass.set(program, Math.min(PEOPLE_PER_CLASS, (byClass.get(program) ?? 0) + 1));
      return false;
    });
    const people = [...byClass.values()].reduce((all, some) => all + some, 0);
    return { shared: people >= parameters.sharedPeopleMin, people };
  }

  /** Looked at anew for every eighth account that came. */
  const known = new Map<number, { readonly count: number; readonly shared: boolean }>();
  const marks = new Map<number, boolean>();
  const turned = new Set<number>();
  return {
    of(value) {
      const { shared, people } = of(value);
      return { shared: marks.get(value) ?? shared, people };
    },
    mark(value, shared) {
      if (shared === null) marks.delete(value);
      else marks.set(value, shared);
      if (shared === true) turned.add(value);
    },
    turned(most) {
      const some = [...turned].slice(0, most);
      for (const value of some) turned.delete(value);
      return some;
    },
    isShared(value) {
      const marked = marks.get(value);
      if (marked !== undefined) return marked;
      const count = values.countOf(value);
      if (count < parameters.sharedPeopleMin) return false;
      let found = known.get(value);
      if (
        found === undefined ||
        (found.count !== count && (count < 2 * LOOK_EVERY || count - found.count >= LOOK_EVERY))
      ) {
        const { shared } = of(value);
        if (shared && found?.shared !== true) turned.add(value);
        found = { count, shared };
        known.set(value, found);
      }
      return found.shared;
    },
  };
}
