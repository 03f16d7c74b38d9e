import { breathe } from '../base/breathe.ts';
import type { Reader } from '../storage/sql/storage.ts';
import { EMPTY, type Entry, hashOf, type Head } from './entry.ts';
import { readEntries } from './store.ts';

export interface Verification {
  /** Entries that were looked at. */
  readonly entries: number;
  readonly head: Head;
  /** The first that is not as it should be; null when all are. */
  readonly broken: { readonly seq: number; readonly problem: Problem } | null;
}

/**
 * `missing`: an entry is not there; `changed`: it says something else than its hash; `detached`: it does not go on from
 * the one before; `cut_off`: a head that was kept elsewhere is not in the record.
 */
export type Problem = 'missing' | 'changed' | 'detached' | 'cut_off';

export interface VerifyOptions {
  /** A head that was kept elsewhere: without one, an end that was cut off cannot be told. */
  readonly kept?: Head | null;
  /** Called with each entry that is as it should be. */
  readonly onEntry?: (entry: Entry) => void;
}

/** Entries in memory at once. */
const PAGE = 1_000;

/** Reads the record from its first entry to its last, and stops at the first that is not as it should be. */
export async function verifyRecord(reader: Reader, options: VerifyOptions = {}): Promise<Verification> {
  const kept = options.kept ?? null;
  let head: Head = EMPTY;
  for (;;) {
    const page = await readEntries(reader, head.seq, PAGE);
    for (const entry of page) {
      const problem = problemOf(entry, head, kept);
      if (problem !== null) return { entries: head.seq, head, broken: { seq: head.seq + 1, problem } };
      options.onEntry?.(entry);
      head = { seq: entry.seq, hash: entry.hash };
    }
    if (page.length < PAGE) break;
    await breathe();
  }
  const isShort = kept !== null && kept.seq > head.seq;
  return { entries: head.seq, head, broken: isShort ? { seq: head.seq + 1, problem: 'cut_off' } : null };
}

function problemOf(entry: Entry, before: Head, kept: Head | null): Problem | null {
  if (entry.seq !== before.seq + 1) return 'missing';
  if (entry.prevHash !== before.hash) return 'detached';
  if (hashOf(entry) !== entry.hash) return 'changed';
  return kept !== null && kept.seq === entry.seq && kept.hash !== entry.hash ? 'cut_off' : null;
}
