import type { CounterDeclaration, EventKind, RuleDocument } from '../contract.ts';
import type { Condition } from '../language/language.ts';
import { Fault, isList, type Value } from '../language/value.ts';

/** A counter a rule declares, ready to be kept. Two that say the same are one. */
export interface CompiledCounter {
  /** What it counts, in one form: the same text means the same counter. */
  readonly id: string;
  readonly declaration: CounterDeclaration;
  readonly where: Condition | null;
}

/** A list as of a moment of event time. */
export interface CompiledList {
  asOf(atMs: number): ReadonlyMap<string, true>;
}

/** A rule whose expressions were admitted. Holds no counts. */
export interface CompiledRule {
  readonly name: string;
  readonly version: number;
  readonly kind: EventKind;
  readonly document: RuleDocument;
  readonly condition: Condition;
  /** In the order of their slots, which follow the fields of the event. */
  readonly counters: readonly CompiledCounter[];
  /** In the order of their slots, which follow those of the counters. */
  readonly lists: readonly CompiledList[];
  readonly expiresAtMs: number | null;
}

export function createList(entries: RuleDocument['lists'][string]['entries']): CompiledList {
  const all = entries.map((entry) =>
    typeof entry === 'string'
      ? { value: entry, untilMs: Number.POSITIVE_INFINITY }
      : { value: entry.value, untilMs: Date.parse(entry.expires_at) },
  );
  let made: ReadonlyMap<string, true> = new Map();
  let fromMs = Number.NaN;
  let untilMs = Number.NaN;
  return {
    asOf(atMs) {
      if (atMs >= fromMs && atMs < untilMs) return made;
      const good = all.filter((entry) => entry.untilMs > atMs);
      made = new Map(good.map(({ value }) => [value, true]));
      fromMs = Math.max(
        ...all.filter((entry) => entry.untilMs <= atMs).map((entry) => entry.untilMs),
        Number.NEGATIVE_INFINITY,
      );
      untilMs = good.reduce((least, entry) => Math.min(least, entry.untilMs), Number.POSITIVE_INFINITY);
      return made;
    },
  };
}

/** A value as a text that keys and people read. */
export function shown(value: Value): string {
  if (value === undefined || typeof value === 'symbol') return 'unknown';
  if (value instanceof Fault) return value.code;
  if (isList(value)) return value.map(shown).join(', ');
  return value !== null && typeof value === 'object' ? `${value.size} entries` : String(value);
}
