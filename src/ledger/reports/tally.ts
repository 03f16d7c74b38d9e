import type { Nano } from '../../base/money.ts';
import type { HouseAccount } from '../chart.ts';

/** Accounts put together the way reports speak of them: those of customers by what paid for them. */
export type Place =
  | Exclude<HouseAccount, 'holds'>
  | 'grants_paid'
  | 'grants_promo'
  | 'holds_paid'
  | 'holds_promo'
  | 'envelopes';

/** Transfers of one kind between two places, summed. */
export interface Flow {
  readonly kind: string;
  readonly debit: Place;
  readonly credit: Place;
  readonly count: number;
  readonly amount: Nano;
}

/** What a report asks of the journal. All amounts are credits less debits. */
export interface Tally {
  /** In the report's span; of the named kinds, or of all. */
  during(place: Place, kinds?: readonly string[]): Nano;
  /** Of everything before the end of the span. */
  atClose(place: Place): Nano;
}

/** Sums flows: `add` each with whether it lies in the span or before it. */
export function createTally(): Tally & { add(flow: Flow, inSpan: boolean): void } {
  const span = new Map<string, Nano>();
  const close = new Map<Place, Nano>();

  function book(place: Place, kind: string, amount: Nano, inSpan: boolean): void {
    close.set(place, (close.get(place) ?? 0n) + amount);
    if (!inSpan) return;
    for (const key of [place, `${place} ${kind}`]) span.set(key, (span.get(key) ?? 0n) + amount);
  }

  return {
    add({ kind, debit, credit, amount }, inSpan) {
      book(debit, kind, -amount, inSpan);
      book(credit, kind, amount, inSpan);
    },
    during: (place, kinds) =>
      kinds === undefined
        ? (span.get(place) ?? 0n)
        : kinds.reduce((sum, kind) => sum + (span.get(`${place} ${kind}`) ?? 0n), 0n),
    atClose: (place) => close.get(place) ?? 0n,
  };
}
