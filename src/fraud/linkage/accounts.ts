import type { MailTraits } from '../evidence/evidence-of.ts';
import { roomFor } from './columns.ts';
import { createIds } from './ids.ts';

/** What is known of each account besides its values. Accounts are numbered in the order they came. */
export interface KnownAccounts {
  add(id: string, atMs: number, traits: number): number;
  /** -1 for one nobody told of. */
  find(id: string): number;
  idOf(account: number): string;
  atMs(account: number): number;
  traitsOf(account: number): number;
  has(account: number, trait: Trait): boolean;
  set(account: number, trait: Trait, is: boolean): void;
  readonly size: number;
}

const TRAITS = { own: 1, academic: 2, drawn: 4, disposable: 8, paid: 16 } as const;
export type Trait = keyof typeof TRAITS;

const START = 1_024;

/** The traits of a mailbox as one number. */
export function traitsOfMail(mail: MailTraits): number {
  return (['own', 'academic', 'drawn', 'disposable'] as const).reduce(
    (traits, trait) => traits | (mail[trait] ? TRAITS[trait] : 0),
    0,
  );
}

export function createKnownAccounts(): KnownAccounts {
  const ids = createIds();
  let times = new Float64Array(START);
  let traits = new Uint8Array(START);
  return {
    add(id, atMs, known) {
      const account = ids.add(id);
      times = roomFor(times, account + 1);
      traits = roomFor(traits, account + 1);
      times[account] = atMs;
      traits[account] = known;
      return account;
    },
    find: ids.find,
    idOf: ids.at,
    atMs: (account) => times[account] ?? 0,
    traitsOf: (account) => traits[account] ?? 0,
    has: (account, trait) => ((traits[account] ?? 0) & TRAITS[trait]) !== 0,
    set(account, trait, is) {
      const before = traits[account] ?? 0;
      traits[account] = is ? before | TRAITS[trait] : before & ~TRAITS[trait];
    },
    get size() {
      return ids.size;
    },
  };
}
