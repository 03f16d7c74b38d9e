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
}

/** Newest accounts of a network that are looked at; more people than that need not be told apart. */
const LOOKED_AT = 64;
/** An operator of more accounts than a family has is no person. */
const PERSON_ACCOUNTS_MAX = 3;
const LOOK_EVERY = 8;
const DEVICE = fieldCode('device');
const ROOT = fieldCode('local_root');
const CLIENT = fieldCode('client_class');
/** A network whose people all use one program is one program. */
const CLASSES_MIN = 2;

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
    const classes = new Set<number>();
    let people = 0;
    values.newest(value, LOOKED_AT, (account) => {
      const oldest = components.oldestOf(account);
      if (operators.has(oldest) || components.sizeOf(account) > PERSON_ACCOUNTS_MAX) return false;
      operators.add(oldest);
      let own = accounts.has(account, 'paid');
      values.eachOf(account, (other) => {
        const field = values.fieldOf(other);
        if (field === CLIENT) classes.add(other);
        if ((field !== DEVICE && field !== ROOT) || owned.has(other)) return;
        owned.add(other);
        own = true;
      });
      if (own) people++;
      return false;
    });
    return { shared: people >= parameters.sharedPeopleMin && classes.size >= CLASSES_MIN, people };
  }

  /** Looked at anew for every eighth account that came. */
  const known = new Map<number, { readonly count: number; readonly shared: boolean }>();
  return {
    of,
    isShared(value) {
      const count = values.countOf(value);
      if (count < parameters.sharedPeopleMin) return false;
      let found = known.get(value);
      if (
        found === undefined ||
        (found.count !== count && (count < 2 * LOOK_EVERY || count - found.count >= LOOK_EVERY))
      ) {
        found = { count, shared: of(value).shared };
        known.set(value, found);
      }
      return found.shared;
    },
  };
}
