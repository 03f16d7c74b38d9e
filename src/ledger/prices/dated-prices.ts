import { assert } from '../../base/assert.ts';
import type { Price, PriceSubject } from '../price.ts';
import { subjectKey } from './subject.ts';

/** Every entry in memory, by what it is for and from when. */
export interface DatedPrices {
  put(price: Price): void;
  find(id: string): Price | null;
  /** The entry that holds at this time: of those that have begun, the one that began last. */
  inForce(subject: PriceSubject, atMs: number): Price | null;
  /** The entry with exactly this start; null when there is none. */
  startingAt(subject: PriceSubject, atMs: number): Price | null;
  /** All of them in the order they were made, or those in force at a time. */
  list(atMs: number | null): Price[];
  /** When the next entry begins after this time; infinity when none does. */
  nextStartAfter(atMs: number): number;
}

export function createDatedPrices(entries: readonly Price[]): DatedPrices {
  const byId = new Map<string, Price>();
  /** Latest start first; one subject has no two entries of the same start. */
  const bySubject = new Map<string, Price[]>();

  function put(price: Price): void {
    const key = subjectKey(price.subject);
    const dated = bySubject.get(key) ?? [];
    assert(!dated.some((one) => one.effectiveAtMs === price.effectiveAtMs), 'a price begins once');
    byId.set(price.id, price);
    dated.push(price);
    bySubject.set(
      key,
      dated.toSorted((one, other) => other.effectiveAtMs - one.effectiveAtMs),
    );
  }

  for (const entry of entries) put(entry);
  const dated = (subject: PriceSubject) => bySubject.get(subjectKey(subject)) ?? [];
  const at = (prices: readonly Price[], atMs: number) => prices.find((one) => one.effectiveAtMs <= atMs) ?? null;
  return {
    put,
    find: (id) => byId.get(id) ?? null,
    inForce: (subject, atMs) => at(dated(subject), atMs),
    startingAt: (subject, atMs) => dated(subject).find((one) => one.effectiveAtMs === atMs) ?? null,
    list(atMs) {
      if (atMs === null) return [...byId.values()];
      return [...bySubject.values()].flatMap((prices) => at(prices, atMs) ?? []);
    },
    nextStartAfter(atMs) {
      let next = Number.POSITIVE_INFINITY;
      for (const { effectiveAtMs } of byId.values()) {
        if (effectiveAtMs > atMs && effectiveAtMs < next) next = effectiveAtMs;
      }
      return next;
    },
  };
}
