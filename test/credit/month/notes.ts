/** What happened, as the test noted it when it made it happen. Amounts in nano-dollars, times in wall milliseconds. */
interface Base {
  readonly at: number;
}

export interface Rates {
  readonly input: bigint;
  readonly output: bigint;
  readonly request: bigint;
}

interface Notes {
  /** Credit came to an account; `from` says who pays for it. */
  readonly given: {
    readonly account: string;
    readonly grant: string;
    readonly kind: 'paid' | 'promo';
    readonly amount: bigint;
    readonly endsAt: number | null;
    readonly from: 'customer' | 'house' | 'promise';
  };
  readonly promised: { readonly amount: bigint };
  readonly tax: { readonly amount: bigint };
  /** A request was let in, or refused for want of credit. */
  readonly asked: {
    readonly account: string;
    readonly request: string;
    readonly model: string;
    readonly need: bigint;
    readonly least: bigint;
    readonly admitted: boolean;
  };
  readonly answered: {
    readonly request: string;
    readonly input: number;
    readonly output: number;
    readonly list: Rates;
    readonly cost: Rates | null;
  };
  /** Expired credit was collected. */
  readonly swept: object;
  /** A grant of a plan that ended early was taken back. */
  readonly revoked: { readonly account: string; readonly grant: string };
  readonly refunded: {
    readonly account: string;
    readonly grant: string;
    readonly credit: bigint;
    readonly tax: bigint;
  };
  readonly disputed: {
    readonly account: string;
    readonly grant: string;
    readonly dispute: string;
    readonly credit: bigint;
    readonly tax: bigint;
  };
  readonly 'dispute won': { readonly dispute: string; readonly grant: string };
  /** Above zero given back, below zero charged more. */
  readonly corrected: { readonly request: string; readonly amount: bigint; readonly number: number };
  /** A fee for a stretch of time; `rounding` of it is given by the house. */
  readonly fee: {
    readonly id: string;
    readonly paid: bigint;
    readonly carried: bigint;
    readonly rounding: bigint;
    readonly start: number;
    readonly end: number;
  };
  /** Whole days of all fees were earned. */
  readonly 'days earned': object;
  /** What is left of a fee at this moment went to another fee, back to the customer, or was earned. */
  readonly 'fee ended': { readonly id: string; readonly to: 'fee' | 'customer' | 'house' };
  /** From `from` on an account was worth this much a month. */
  readonly worth: { readonly account: string; readonly from: number; readonly monthly: bigint };
}

export type NoteKind = keyof Notes;
export type NoteOf<Kind extends NoteKind> = Base & { readonly what: Kind } & Notes[Kind];
export type Note = { [Kind in NoteKind]: NoteOf<Kind> }[NoteKind];

/** What is left of a fee is earned in a straight line over its time; by this moment so much of it. */
export function earnedOf(fee: { amount: bigint; start: number; end: number }, at: number): bigint {
  if (at <= fee.start) return 0n;
  if (at >= fee.end) return fee.amount;
  return (fee.amount * BigInt(at - fee.start)) / BigInt(fee.end - fee.start);
}
