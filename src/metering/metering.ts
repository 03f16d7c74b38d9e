import { BugError } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { OpenRequest, UsageEvent } from './event.ts';
import { recoveredEvent } from './recovered-event.ts';
import { closeOpened, closeUnopened, insertOpen, readLeftOpen, setProgress, startEpoch } from './store.ts';

export interface MeteringDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer' | 'epoch'>;
  readonly clock: Clock;
}

/** Keeps exactly one durable record of every request. All methods reject with `StorageFault` when the disk says no. */
export interface Metering {
  /** Closes what earlier processes left open and starts this one's count. Once, before anything else; returns how many. */
  recover(): Promise<number>;
  /** Durable once this resolves; only then may a byte go upstream. */
  open(request: OpenRequest): Promise<void>;
  /**
   * Records how a request ended, opened or not; durable once this resolves. A second event with the same id is a bug
   * and is thrown as one, never stored. After a `StorageFault` it may be tried again.
   */
  close(event: UsageEvent): Promise<void>;
  /** Notes the output so far of an open request, for the record it gets if the process dies. Waits for nothing. */
  progress(id: string, outputTokens: number): void;
}

const RECOVER_ROWS_AT_ONCE = 500;

export function createMetering({ storage, clock }: MeteringDeps): Metering {
  const { reader, writer, epoch } = storage;
  const open = new Set<string>();

  async function keep(unit: readonly WriteStatement[], id: string): Promise<void> {
    const outcome = await writer.write(unit);
    if (outcome.ok) return;
    const { statement, reason } = outcome.refusal;
    throw new BugError(
      `the record of ${id} was refused (statement ${statement}, ${reason}): it exists already, or recover() was not called`,
    );
  }

  return {
    async recover() {
      let recovered = 0;
      for (;;) {
        const left = await readLeftOpen(reader, epoch, RECOVER_ROWS_AT_ONCE);
        await Promise.all(left.map((one) => keep(closeOpened(recoveredEvent(one)), one.id)));
        recovered += left.length;
        if (left.length < RECOVER_ROWS_AT_ONCE) break;
      }
      await keep(startEpoch(epoch, clock.wallMs()), epoch);
      return recovered;
    },

    async open(request) {
      await keep(insertOpen(request), request.id);
      open.add(request.id);
    },

    async close(event) {
      if (!open.has(event.id)) return keep(closeUnopened(event), event.id);
      await keep(closeOpened(event), event.id);
      open.delete(event.id);
    },

    progress(id, outputTokens) {
      if (!open.has(id)) return;
      // A checkpoint that is lost costs precision after a crash; a store that fails says so when the request closes.
      writer.write(setProgress(id, outputTokens, clock.wallMs())).catch(() => undefined);
    },
  };
}
