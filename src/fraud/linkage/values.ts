import { roomFor } from './columns.ts';
import { createValueIndex, type ValueIndex } from './value-index.ts';

/**
 * Which accounts have which values, as columns of numbers: an entry is one value of one account and stands in two chains,
 * that of the value (newest first) and that of the account (latest first).
 */
export interface Values extends Pick<ValueIndex, 'find' | 'place' | 'at' | 'fieldOf'> {
  /** Notes that an account has a value; false when it has it already. */
  post(value: number, account: number): boolean;
  /** Accounts with the value, newest first, at most `most`; stops when told true. */
  newest(value: number, most: number, stop: (account: number) => boolean): void;
  /** Accounts with the value. */
  countOf(value: number): number;
  has(account: number, value: number): boolean;
  eachOf(account: number, told: (value: number) => void): void;
  /** Operators with the value; counted by `Components`. */
  operatorsOf(value: number): number;
  addOperators(value: number, more: number): void;
}

const START = 1_024;

export function createValues(): Values {
  const index = createValueIndex();
  let operators = new Uint32Array(START);
  let counts = new Uint32Array(START);
  /** Entries are numbered from 1; 0 ends a chain. */
  let heads = new Uint32Array(START);
  let accountHeads = new Uint32Array(START);
  let entryAccounts = new Uint32Array(START);
  let entryValues = new Uint32Array(START);
  let nextOfValue = new Uint32Array(START);
  let nextOfAccount = new Uint32Array(START);
  let entries = 1;

  function makeRoom(value: number, account: number): void {
    operators = roomFor(operators, value + 1);
    counts = roomFor(counts, value + 1);
    heads = roomFor(heads, value + 1);
    accountHeads = roomFor(accountHeads, account + 1);
    entryAccounts = roomFor(entryAccounts, entries + 1);
    entryValues = roomFor(entryValues, entries + 1);
    nextOfValue = roomFor(nextOfValue, entries + 1);
    nextOfAccount = roomFor(nextOfAccount, entries + 1);
  }

  function has(account: number, value: number): boolean {
    for (let at = accountHeads[account] ?? 0; at !== 0; at = nextOfAccount[at] ?? 0) {
      if (entryValues[at] === value) return true;
    }
    return false;
  }

  function post(value: number, account: number): boolean {
    makeRoom(value, account);
    if (has(account, value)) return false;
    entryAccounts[entries] = account;
    entryValues[entries] = value;
    nextOfValue[entries] = heads[value] ?? 0;
    nextOfAccount[entries] = accountHeads[account] ?? 0;
    heads[value] = entries;
    accountHeads[account] = entries;
    counts[value] = (counts[value] ?? 0) + 1;
    entries++;
    return true;
  }

  return {
    find: index.find,
    place: index.place,
    at: index.at,
    fieldOf: index.fieldOf,
    post,
    has,
    newest(value, most, stop) {
      let left = most;
      for (let at = heads[value] ?? 0; at !== 0 && left > 0; at = nextOfValue[at] ?? 0, left--) {
        if (stop(entryAccounts[at] ?? 0)) return;
      }
    },
    countOf: (value) => counts[value] ?? 0,
    eachOf(account, told) {
      for (let at = accountHeads[account] ?? 0; at !== 0; at = nextOfAccount[at] ?? 0) told(entryValues[at] ?? 0);
    },
    operatorsOf: (value) => operators[value] ?? 0,
    addOperators(value, more) {
      operators[value] = (operators[value] ?? 0) + more;
    },
  };
}
