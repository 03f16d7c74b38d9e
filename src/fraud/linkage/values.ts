import { roomFor } from './columns.ts';
import { createValueIndex, type ValueIndex } from './value-index.ts';

/**
 * Which accounts have which values, as columns of numbers: an entry is one value of one account and stands in two chains,
 * that of the value (newest first) and that of the account (latest first).
 */
export interface Values extends Pick<ValueIndex, 'find' | 'place' | 'at' | 'fieldOf'> {
  /** Notes that an account has a value since a day (since 1970); false when it has it already. */
  post(value: number, account: number, day: number): boolean;
  /** Takes a value from an account; false when it does not have it. */
  drop(value: number, account: number): boolean;
  /** Accounts with the value, newest first, at most `most`; stops when told true. */
  newest(value: number, most: number, stop: (account: number) => boolean): void;
  /** Accounts with the value. */
  countOf(value: number): number;
  has(account: number, value: number): boolean;
  eachOf(account: number, told: (value: number, day: number) => void): void;
  /** Operators with the value; counted by `Components`. */
  operatorsOf(value: number): number;
  addOperators(value: number, more: number): void;
}

const START = 1_024;
/** Of an entry that was taken away. */
const NOBODY = 0xffff_ffff;

/** Entries are numbered from 1; 0 ends a chain. */
interface Columns {
  operators: Uint32Array;
  counts: Uint32Array;
  /** First entry of each value, and of each account. */
  heads: Uint32Array;
  accountHeads: Uint32Array;
  entryAccounts: Uint32Array;
  entryValues: Uint32Array;
  entryDays: Uint16Array;
  nextOfValue: Uint32Array;
  nextOfAccount: Uint32Array;
  entries: number;
}

export function createValues(): Values {
  const index = createValueIndex();
  const columns = emptyColumns();
  return {
    find: index.find,
    place: index.place,
    at: index.at,
    fieldOf: index.fieldOf,
    post: (value, account, day) => post(columns, value, account, day),
    drop: (value, account) => drop(columns, value, account),
    newest(value, most, stop) {
      const { heads, nextOfValue, entryAccounts } = columns;
      let left = most;
      for (let at = heads[value] ?? 0; at !== 0 && left > 0; at = nextOfValue[at] ?? 0, left--) {
        const account = entryAccounts[at] ?? NOBODY;
        if (account !== NOBODY && stop(account)) return;
      }
    },
    countOf: (value) => columns.counts[value] ?? 0,
    has: (account, value) => has(columns, account, value),
    eachOf(account, told) {
      const { accountHeads, nextOfAccount, entryValues, entryDays } = columns;
      for (let at = accountHeads[account] ?? 0; at !== 0; at = nextOfAccount[at] ?? 0) {
        told(entryValues[at] ?? 0, entryDays[at] ?? 0);
      }
    },
    operatorsOf: (value) => columns.operators[value] ?? 0,
    addOperators(value, more) {
      columns.operators[value] = (columns.operators[value] ?? 0) + more;
    },
  };
}

function emptyColumns(): Columns {
  const column = () => new Uint32Array(START);
  return {
    operators: column(),
    counts: column(),
    heads: column(),
    accountHeads: column(),
    entryAccounts: column(),
    entryValues: column(),
    entryDays: new Uint16Array(START),
    nextOfValue: column(),
    nextOfAccount: column(),
    entries: 1,
  };
}

function post(columns: Columns, value: number, account: number, day: number): boolean {
  makeRoom(columns, value, account);
  if (has(columns, account, value)) return false;
  const { entries, heads, accountHeads, counts } = columns;
  columns.entryAccounts[entries] = account;
  columns.entryValues[entries] = value;
  columns.entryDays[entries] = day;
  columns.nextOfValue[entries] = heads[value] ?? 0;
  columns.nextOfAccount[entries] = accountHeads[account] ?? 0;
  heads[value] = entries;
  accountHeads[account] = entries;
  counts[value] = (counts[value] ?? 0) + 1;
  columns.entries++;
  return true;
}

function makeRoom(columns: Columns, value: number, account: number): void {
  const entries = columns.entries + 1;
  columns.operators = roomFor(columns.operators, value + 1);
  columns.counts = roomFor(columns.counts, value + 1);
  columns.heads = roomFor(columns.heads, value + 1);
  columns.accountHeads = roomFor(columns.accountHeads, account + 1);
  columns.entryAccounts = roomFor(columns.entryAccounts, entries);
  columns.entryValues = roomFor(columns.entryValues, entries);
  columns.entryDays = roomFor(columns.entryDays, entries);
  columns.nextOfValue = roomFor(columns.nextOfValue, entries);
  columns.nextOfAccount = roomFor(columns.nextOfAccount, entries);
}

function has({ accountHeads, nextOfAccount, entryValues }: Columns, account: number, value: number): boolean {
  for (let at = accountHeads[account] ?? 0; at !== 0; at = nextOfAccount[at] ?? 0) {
    if (entryValues[at] === value) return true;
  }
  return false;
}

/** The entry stays in the chain of its value, of nobody. */
function drop(columns: Columns, value: number, account: number): boolean {
  const { accountHeads, nextOfAccount, entryValues, counts } = columns;
  let before = 0;
  for (let at = accountHeads[account] ?? 0; at !== 0; before = at, at = nextOfAccount[at] ?? 0) {
    if (entryValues[at] !== value) continue;
    if (before === 0) accountHeads[account] = nextOfAccount[at] ?? 0;
    else nextOfAccount[before] = nextOfAccount[at] ?? 0;
    columns.entryAccounts[at] = NOBODY;
    counts[value] = (counts[value] ?? 0) - 1;
    return true;
  }
  return false;
}
