/**
 * Free credit that vests: one free tier for one operator, released in tranches (1, 2, 4, 6, 7 dollars) on clean days and
 * rungs of verification. Linked accounts share the envelope; nobody is refused on doubt.
 */
import type { Nano } from '../base/money.ts';

/** Ways to be surer of a person, cheapest first. */
export const RUNGS = ['mail', 'proof_of_work', 'passkey', 'phone', 'card', 'organisation'] as const;
export type Rung = (typeof RUNGS)[number];

/** How far the free credit of an account has come. */
export interface VestingState {
  readonly accountId: string;
  /** The operator whose envelope it draws on, and who else does. */
  readonly operatorId: string;
  readonly sharedWith: readonly string[];
  readonly rungs: readonly Rung[];
  readonly tranches: readonly {
    readonly tranche: number;
    readonly amount: Nano;
    /** Released to this account, to another of the operator, or not yet. */
    readonly state: 'released' | 'shared' | 'waiting' | 'clawed_back';
    readonly releasedAtMs: number | null;
    /** What is still missing, as codes: `clean_days:3`, `rung:phone`, `breaker`. */
    readonly missing: readonly string[];
  }[];
}

export interface Vesting {
  /** A person's first rung, the verified mail, opens the envelope of their operator or lets them join it. */
  began(accountId: string): Promise<void>;
  proved(accountId: string, rung: Rung): Promise<void>;
  /** From usage events, in memory: a day with use and without refused or flagged requests is a clean day of use. */
  used(accountId: string, use: { readonly atMs: number; readonly flagged: boolean; readonly price: Nano }): void;
  /** Follows a merge or a split: later accounts give back what is unspent, or get their own again. */
  operatorsChanged(accounts: readonly string[]): Promise<void>;
  /** Takes back what is unspent of an account, after a sanction. */
  clawBack(accountId: string, reason: string): Promise<void>;
  stateOf(accountId: string): Promise<VestingState | null>;
  /** Releases what is due; a job. */
  tick(): Promise<{ readonly released: number }>;
  /** Free credit an account may still burn now, in nano-dollars; null: no cap. From memory, on the path of a request. */
  headroom(accountId: string, nowMs: number): Nano | null;
  /** Whether unpaid burn has exceeded the forecast, since when, and with what figures. */
  breaker(): {
    readonly open: boolean;
    readonly sinceMs: number | null;
    readonly burned: Nano;
    readonly forecast: Nano;
  };
}
