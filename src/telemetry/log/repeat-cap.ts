import type { Clock } from '../../base/clock.ts';

/** Lets the first few lines of one kind through in each window and counts the rest, so that a fault cannot flood the log. */
export interface RepeatCap {
  /** Null when the line is to be left out; else how many of its kind were left out before it. */
  admit(kind: string): number | null;
  /** Kinds whose window is over and of which lines were left out since one was last written; each is told once. */
  takeLeftOut(everything?: boolean): readonly { readonly kind: string; readonly count: number }[];
}

interface Entry {
  sinceMs: number;
  written: number;
  leftOut: number;
}

const LINES_MAX = 5;
const WINDOW_MS = 60_000;
/** Kinds of lines known at a time; further ones share the windows of one kind. */
const KINDS_MAX = 64;
const FURTHER_KINDS = 'further kinds';

export function createRepeatCap(clock: Clock, linesMax = LINES_MAX, windowMs = WINDOW_MS): RepeatCap {
  const entries = new Map<string, Entry>();
  const isOver = (entry: Entry, nowMs: number) => nowMs - entry.sinceMs >= windowMs;
  return {
    admit(kind) {
      const nowMs = clock.monoMs();
      const name = entries.has(kind) || entries.size < KINDS_MAX ? kind : FURTHER_KINDS;
      const entry = entries.get(name);
      if (!entry || isOver(entry, nowMs)) {
        entries.set(name, { sinceMs: nowMs, written: 1, leftOut: 0 });
        return entry?.leftOut ?? 0;
      }
      if (entry.written < linesMax) {
        entry.written++;
        return 0;
      }
      entry.leftOut++;
      return null;
    },
    takeLeftOut(everything = false) {
      const nowMs = clock.monoMs();
      const over = [...entries].filter(([, entry]) => everything || isOver(entry, nowMs));
      for (const [kind] of over) entries.delete(kind);
      return over.filter(([, entry]) => entry.leftOut > 0).map(([kind, entry]) => ({ kind, count: entry.leftOut }));
    },
  };
}
