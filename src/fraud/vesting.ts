/**
 * Free credit that vests: one free tier for one operator, released in tranches (1, 2, 4, 6, 7 dollars) on clean days and
 * rungs of verification. Linked accounts share the envelope; nobody is refused on doubt.
 */
import type { Nano } from '../base/money.ts';

/** Ways to be surer of a person, cheapest first. */
export const RUNGS = ['mail', 'proof_of_work', 'passkey', 'phone', 'card', 'organisation'] as const;
export type Rung = (typeof RUNGS)[number];

/** What goes with a rung. */
export interface Shown {
  /** The same for two accounts that show the same phone, card or domain: a keyed digest, never the thing itself. */
  readonly token: string | null;
  /** Of a card. */
  readonly prepaid?: boolean;
}

/** How far the free credit of an account has come. */
export interface VestingState {
  readonly accountId: string;
  /** The operator whose envelope it draws on, and who else does. */
  readonly operatorId: string;
  readonly sharedWith: readonly string[];
  readonly rungs: readonly Rung[];
  /** Clean days of use, with what rungs count for. */
  readonly cleanDays: number;
  /** Given to the operator so far, and the most that will be with the rungs there are. */
  readonly given: Nano;
  readonly ceiling: Nano;
  /** How fast free credit may be used, and what of it may be now. */
  readonly pace: { readonly most: Nano; readonly windowMs: number; readonly headroom: Nano };
  /** What this account was given, oldest first; taken back or spent since or not. */
  readonly releases: readonly { readonly atMs: number; readonly amount: Nano; readonly reason: string }[];
  readonly sanctioned: { readonly atMs: number; readonly reason: string } | null;
  readonly tranches: readonly {
    readonly tranche: number;
    readonly amount: Nano;
    /** What of it was given to the operator. */
    readonly given: Nano;
    /** Released to this account, to another of the operator, or not yet. */
    readonly state: 'released' | 'shared' | 'waiting' | 'clawed_back';
    readonly releasedAtMs: number | null;
    /** What is still missing, as codes: `clean_days:3`, `rung:phone`, `paid:4.00`, `breaker`, `sanction`. */
    readonly missing: readonly string[];
  }[];
}

/** What the breaker goes by. */
export interface BreakerFigures {
  readonly open: boolean;
  readonly sinceMs: number | null;
  /** Free credit that accounts which never paid burned within the last hour. */
  readonly burned: Nano;
  /** What is usual at this hour of the week. */
  readonly forecast: Nano;
  /** What staff holds it to. */
  readonly pinned: 'open' | 'closed' | null;
}

export interface Vesting {
  /**
   * A person's first rung, the verified mail, opens the envelope of their operator or lets them join it. Saying it again
   * changes nothing, and catches up with what a crash left undone: say it at every sign-in.
   */
  began(accountId: string): Promise<void>;
  /** Says nothing of an account that never began. */
  proved(accountId: string, rung: Rung, shown?: Shown): Promise<void>;
  /** From usage events, in memory: a day with use and hardly a flagged request is a clean day of use. */
  used(accountId: string, use: { readonly atMs: number; readonly flagged: boolean; readonly price: Nano }): void;
  /** From settlements, in memory: what a request was paid with. */
  spent(accountId: string, spent: { readonly atMs: number; readonly signup: Nano; readonly paid: Nano }): void;
  /** Follows a merge or a split: later accounts give back what is unspent, or get their own again. */
  operatorsChanged(accounts: readonly string[]): Promise<void>;
  /** Takes back what is unspent of an account, after a sanction, and gives its operator nothing more. */
  clawBack(accountId: string, reason: string): Promise<void>;
  /** Undoes that: what was taken back is given again. */
  restore(accountId: string): Promise<void>;
  /** Why, by account: those whose credit was taken back and not restored. */
  sanctioned(): Promise<ReadonlyMap<string, string>>;
  stateOf(accountId: string): Promise<VestingState | null>;
  /** Releases what is due, and keeps what was counted; a job. */
  tick(): Promise<{ readonly released: number }>;
  /** Free credit an account may still burn now, in nano-dollars; null: no cap. From memory, on the path of a request. */
  headroom(accountId: string, nowMs: number): Nano | null;
  /** Milliseconds until it may burn more than now; 0 when it burned nothing lately. */
  waitMs(accountId: string, nowMs: number): number;
  /** Whether unpaid burn has exceeded the forecast, since when, and with what figures. */
  breaker(): BreakerFigures;
  /** Holds it open or closed whatever is burned; null lets it go by the figures again. */
  pin(how: 'open' | 'closed' | null): Promise<void>;
  /** Keeps what was counted. */
  close(): Promise<void>;
}
