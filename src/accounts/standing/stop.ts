/** The vocabulary of cut-offs: what may be stopped, why, and what the receipt says. Made by `createStanding`. */
import type { Result } from '../../base/result.ts';

/** The whole account; all of one member's keys in it; all of one app's; one key; what is asked for one end user, whatever key asks. */
export type StopSubject =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'member'; readonly accountId: string; readonly member: string }
  | { readonly kind: 'app'; readonly accountId: string; readonly app: string }
  | { readonly kind: 'key'; readonly accountId: string; readonly keyId: string }
  /** As callers write it, at most 128 characters. */
  | { readonly kind: 'end_user'; readonly accountId: string; readonly endUser: string };

/** `owner`: by whoever owns the account; `admin`: by an admin of the workspace; `staff`: by the operator's people. */
export const STOP_CAUSES = ['owner', 'admin', 'staff', 'scim', 'plan', 'sanction', 'deletion'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

export interface StopOrder {
  readonly subject: StopSubject;
  readonly cause: StopCause;
  /** For the person concerned; at most 500 characters, one line. */
  readonly reason: string;
  /** Who decided: an account id, the id of a person of the staff, `local`, `scim`, `plan`. */
  readonly by: string;
  /** Ends by itself at this wall time, with no worker needed; null: until it is lifted. */
  readonly untilMs: number | null;
}

export interface Stop extends StopOrder {
  readonly id: string;
  readonly atMs: number;
  readonly lifted: { readonly atMs: number; readonly by: string } | null;
}

/** What a cut-off did, with the times it did it at. */
export interface CutOffReceipt {
  readonly stop: Stop;
  /** Wall milliseconds at which the stop was decided; from the next turn of the event loop on nothing new is let in. */
  readonly decidedAtMs: number;
  /** Wall milliseconds of the last byte of a reply sent to anybody concerned after the decision; null when none was. */
  readonly lastByteAtMs: number | null;
  /** Wall milliseconds at which the last stream, session and key concerned was closed. */
  readonly closedAtMs: number;
  readonly sessions: number;
  /** Keys that worked until then. */
  readonly keys: number;
  /** Generations in progress that were cut. */
  readonly streams: number;
}

export interface StandingRefusal {
  readonly reason:
    | 'invalid_field'
    | 'account_not_found'
    | 'key_not_found'
    | 'house_account'
    | 'stop_not_found'
    | 'too_many_stops';
  readonly message: string;
}

/** The standing of accounts, members, apps, keys and end users: what is stopped. From memory on the path of a request. */
export interface Standing {
  /** Bites before the disk has heard of it; resolves with the receipt once everything concerned is closed and it is durable. */
  stop(order: StopOrder): Promise<Result<CutOffReceipt, StandingRefusal>>;
  /** Keys that were not revoked work again at once. */
  lift(stopId: string, by: string): Promise<Result<Stop, StandingRefusal>>;
  /** What stops this key now, the weightiest where it is several; null when nothing does. No query. */
  stopOf(key: {
    readonly id: string;
    readonly accountId: string;
    readonly app: string | null;
    readonly member: string | null;
  }): Stop | null;
  /** What stops the account as a whole now, the weightiest where it is several, so that its person may sign in to read and contest, and do nothing else. */
  stopOfAccount(accountId: string): Stop | null;
  /** What stops this one member now, whether or not the whole account is stopped too. */
  stopOfMember(accountId: string, member: string): Stop | null;
  /** What stops one end user of an account now, whichever key asks for them; null when nothing does. */
  stopOfEndUser(accountId: string, endUser: string): Stop | null;
  /** Those that hold now for this cause. From memory. */
  inForce(cause: StopCause): readonly Stop[];
  /** Those of one subject that hold now, however many there ever were, the weightiest first. From memory. */
  on(subject: StopSubject): readonly Stop[];
  /** The last of an account, the newest first, lifted and ended ones too. */
  list(accountId: string): Promise<readonly Stop[]>;
  receipt(stopId: string): Promise<CutOffReceipt | null>;
  /** What closes streams and sessions when something is stopped; `closed` resolves with how many and when the last byte went. */
  onStop(close: (subject: StopSubject) => Promise<Closed>): () => void;
}

export interface Closed {
  readonly what: 'streams' | 'sessions';
  readonly count: number;
  /** Null when no byte was sent after the decision. */
  readonly lastByteAtMs: number | null;
}
