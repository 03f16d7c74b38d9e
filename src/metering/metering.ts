import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { type LeftOpen, readLeftOpen, readOpen, readUsageEvent, startEpoch } from './store.ts';
import type { UsageEvent } from './event.ts';

export interface MeteringDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer' | 'epoch'>;
  readonly clock: Clock;
}

/**
 * Keeps exactly one durable record of every request: the counts of this process, and what earlier ones left. The
 * records themselves are statements (`openStatements`, `closeStatements`, `refuseStatements`), which whoever serves the
 * request puts into one unit with all that must be true at the same moment.
 */
export interface Metering {
  /** Starts this process's count. Once, before its first record. */
  begin(): Promise<void>;
  /** Requests that earlier processes left open, at most `limit`. */
  leftOpen(limit: number): Promise<readonly LeftOpen[]>;
  /** Of these requests, those that are open, whoever opened them. */
  open(ids: readonly string[]): Promise<readonly LeftOpen[]>;
  /** The record of one request of this account; null when there is none. */
  find(id: string, accountId: string): Promise<UsageEvent | null>;
}

export function createMetering({ storage, clock }: MeteringDeps): Metering {
  const { reader, writer, epoch } = storage;
  return {
    async begin() {
      const outcome = await writer.write(startEpoch(epoch, clock.wallMs()));
      assert(outcome.ok, `the count of ${epoch} begins once`);
    },
    leftOpen: (limit) => readLeftOpen(reader, epoch, limit),
    open: (ids) => (ids.length === 0 ? Promise.resolve([]) : readOpen(reader, ids)),
    async find(id, accountId) {
      const event = await readUsageEvent(reader, id);
      return event?.accountId === accountId ? event : null;
    },
  };
}
