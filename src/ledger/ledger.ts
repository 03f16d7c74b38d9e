/** The vocabulary of the ledger: what it is told, what it answers. Made by `createLedger`. */
import type { Nano } from '../base/money.ts';
import type { Result } from '../base/result.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { LedgerAccountId } from './chart.ts';

export type GrantKind = 'paid' | 'promo';

export type GrantSource = 'signup' | 'plan' | 'topup' | 'invoice' | 'manual' | 'redeem' | 'restored';

/**
 * Credit somebody may spend. Its facts never change (an end is a new fact: `revokedAtMs`); its balance is that of the
 * ledger account `grant:<id>`.
 *
 * Order of use: priority (small first), expiry (never last), promotional before paid, start, creation, id.
 */
export interface Grant {
  /** `grant_<ulid>`, or derived from what it comes from, so that giving it twice is giving it once. */
  readonly id: string;
  readonly accountId: string;
  readonly kind: GrantKind;
  readonly source: GrantSource;
  /** 0 to 100; 50 when nothing is said. */
  readonly priority: number;
  readonly startsAtMs: number;
  /** Null never expires. */
  readonly expiresAtMs: number | null;
  /** Model aliases it may be spent on; null: all. */
  readonly models: readonly string[] | null;
  /** Products it may be spent in; null: all. */
  readonly products: readonly string[] | null;
  /** For people: why it was given. */
  readonly reason: string;
  /** The payment it was bought with, if any. */
  readonly paymentId: string | null;
  readonly createdAtMs: number;
}

export interface Transfer {
  readonly debit: LedgerAccountId;
  readonly credit: LedgerAccountId;
  /** More than zero. */
  readonly amount: Nano;
}

export type PostingKind =
  | 'grant'
  | 'payment'
  | 'refund'
  | 'dispute'
  | 'expiry'
  | 'clawback'
  | 'tranche'
  | 'subscription'
  | 'recognition'
  | 'correction';

/** Transfers that stand or fall together, outside the path of a request. */
export interface Posting {
  /** The idempotency key, forever; the transfers are `<id>` and, if there are more, `<id>:1`, `<id>:2`, ... */
  readonly id: string;
  readonly kind: PostingKind;
  /** The account (`acct_...`) whose statement shows it; null for the house's own. */
  readonly accountId: string | null;
  readonly transfers: readonly Transfer[];
  /** Made in the same transaction, before the transfers, which fund them. */
  readonly grants?: readonly Grant[];
  /** Of other tables, kept with the transfers or not at all; may carry `expectRows`. */
  readonly also?: readonly WriteStatement[];
  /** For people; at most 500 characters. */
  readonly note: string | null;
}

export type PostRefusal =
  /** A grant or an envelope holds less than is debited; `available` nano-dollars. */
  | { readonly reason: 'insufficient'; readonly account: LedgerAccountId; readonly available: Nano }
  /** Something else was posted under this id. */
  | { readonly reason: 'id_conflict' }
  /** The statement at this place of `also` was not met. */
  | { readonly reason: 'also_refused'; readonly statement: number };

export interface Posted {
  /** The same posting was there already; nothing was written. */
  readonly repeated: boolean;
}

/** What is to be moved out of a grant or an envelope. */
export interface Drain {
  readonly id: string;
  readonly from: LedgerAccountId;
  readonly into: LedgerAccountId;
  readonly kind: PostingKind;
  readonly accountId: string;
  /** The most to move; null: all of it. */
  readonly most: Nano | null;
  readonly also?: readonly WriteStatement[];
  readonly note: string | null;
}

/** What a request wants set aside. */
export interface HoldOrder {
  /** The request's id. */
  readonly id: string;
  readonly accountId: string;
  /** What grants' scopes are compared with. */
  readonly model: string;
  readonly product: string;
  /** Set aside this much if it is there ... */
  readonly need: Nano;
  /** ... or what there is, but no less than this; 0 < least <= need. */
  readonly least: Nano;
  /**
   * Sign-up credit that may be set aside now, what open holds of the account have of it included; null: all there is.
   * Asked whenever the order is decided; left out: null.
   */
  readonly signupMost?: () => Nano | null;
  /** How long to wait for other holds of the account to end when there is less than `least`; 0 waits not at all. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

export type HoldRefusal =
  /** Less than `least` is available for this model and product; `available` nano-dollars. */
  | { readonly reason: 'credit_exhausted'; readonly available: Nano }
  /** There is enough, and for as long as was waited other holds of the account kept it; `available` nano-dollars now. */
  | { readonly reason: 'credit_held'; readonly available: Nano }
  /** There is enough, but more sign-up credit would be set aside than may be now. */
  | { readonly reason: 'signup_credit_paced' }
  /** Too many requests of this account wait for credit. */
  | { readonly reason: 'credit_queue_full' }
  /** `signal` aborted. */
  | { readonly reason: 'aborted' };

/** One grant's part of a hold or of a settlement. */
export interface Slice {
  readonly grantId: string;
  readonly kind: GrantKind;
  readonly amount: Nano;
}

/**
 * A change that memory knows and the disk does not yet. Its statements belong in the unit of what it pays for.
 * `kept(false)` undoes it in memory. Call `kept` exactly once.
 */
export interface Step {
  readonly statements: readonly WriteStatement[];
  kept(wasKept: boolean): void;
}

/** What a request costs, computed by `prices`. */
export interface Charge {
  /** What the caller pays: the exact price rounded up to a nano-dollar. */
  readonly price: Nano;
  /** 1 when rounding added a part of a nano-dollar, else 0; booked to `rounding`. */
  readonly rounding: 0n | 1n;
  /** What the upstream charges us, rounded up; null when unknown. */
  readonly cost: Nano | null;
}

export interface SettleStep extends Step {
  /** Which grants paid, in the order they were used. */
  readonly paid: readonly Slice[];
  /** What no credit was left for; booked to `write_off`. */
  readonly writtenOff: Nano;
}

export interface ExtendStep extends Step {
  /** What was added to the hold; 0 when nothing was left. */
  readonly added: Nano;
}

/** Credit set aside for one request, from its first statement to its settlement. */
export interface Hold {
  readonly id: string;
  readonly accountId: string;
  readonly held: () => Nano;
  /** The first step: part of the unit that records the request as open. */
  readonly open: Step;
  /** Adds up to `want`. Its statements must be kept before what it pays for is asked of the upstream, or at settlement. */
  extend(want: Nano): ExtendStep;
  /**
   * Ends the hold: posts the price from its slices in order, takes more from the account when they do not suffice,
   * writes off what nothing is left for, and gives the rest back. A null charge gives all of it back.
   */
  settle(charge: Charge | null): SettleStep;
}

/** A hold as an earlier process, or a failed settlement, left it. */
export interface LeftHold {
  readonly id: string;
  readonly accountId: string;
  readonly hold: Hold;
}

export interface AccountBalance {
  /** Available plus held. */
  readonly balance: Nano;
  readonly available: Nano;
  readonly held: Nano;
  /** In order of use; those that cannot be spent now (not begun, expired, empty) come last. */
  readonly grants: readonly GrantBalance[];
  /** Promised and not yet released. */
  readonly envelope: Nano;
}

/** What a request was paid with, by where the credit came from. */
export interface Spent {
  readonly accountId: string;
  readonly atMs: number;
  /** From sign-up credit. */
  readonly signup: Nano;
  /** From credit that was bought. */
  readonly paid: Nano;
}

export interface GrantBalance extends Grant {
  /** What was given. */
  readonly amount: Nano;
  readonly available: Nano;
  readonly held: Nano;
  readonly state: 'active' | 'pending' | 'expired' | 'empty';
}

/**
 * Double-entry books in nano-dollars. The database is the truth: every change of a balance is guarded by the statement
 * that makes it. Memory mirrors the grants of accounts in use, so that a request is refused or served without a query.
 */
export interface Ledger {
  /** Sets credit aside in memory, at once or after a wait; the first step must then be written. Rejects with `StorageFault`. */
  hold(order: HoldOrder): Promise<Result<Hold, HoldRefusal>>;
  /** Statements that book what a request of the house's own account costs; nothing is held for it. */
  bookCost(requestId: string, cost: Nano): readonly WriteStatement[];
  /** Durable once this resolves; the same posting again is no error and changes nothing. */
  post(posting: Posting): Promise<Result<Posted, PostRefusal>>;
  /**
   * Empties a grant or an envelope into `into`, as far as no request holds it; resolves with what was moved, 0 when
   * nothing was there or `also` was not met. `id` names this emptying: the same again moves nothing more and resolves
   * with what was moved then, so derive a new one for what comes back.
   */
  drain(order: Drain): Promise<Nano>;
  balance(accountId: string): Promise<AccountBalance>;
  /** Called after every settlement and posting that changed what an account may spend, with what is available now. */
  onChange(listener: (change: { readonly accountId: string; readonly available: Nano }) => void): () => void;
  /** Called once for each request that credit paid for, when that is durable. Must not throw. */
  onSpent(listener: (spent: Spent) => void): () => void;
  /** Holds whose time is past, and at boot those of earlier processes. At most `limit`. */
  leftHolds(limit: number): Promise<readonly LeftHold[]>;
  /** Says that these holds are still in use: their time starts anew. */
  renew(ids: readonly string[]): Promise<void>;
  /** Moves what is left of expired grants to breakage (paid) or back from promo_expense; returns how many grants. */
  expire(): Promise<number>;
  close(): void;
}
