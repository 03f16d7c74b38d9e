import type { BookReader } from './store.ts';
import { Purse } from './purse.ts';

/** The purses in memory, those used last. */
export interface Purses {
  /** One that can be relied on at once; null when it must be read first. */
  peek(accountId: string): Purse | null;
  /** Reads it if need be. It stays until `unpin`. Rejects when the database cannot be read. */
  pin(accountId: string): Promise<Purse>;
  unpin(purse: Purse): void;
  /** A step begins. `end` says whether it is on the disk; when it is not, the disk is asked what is true. */
  begin(purse: Purse): void;
  end(purse: Purse, kept: boolean): void;
  /** As memory has it; null when it is not in memory. */
  get(accountId: string): Purse | null;
  /** How often the disk said something else than memory. */
  drifts(): number;
}

export interface PursesDeps {
  readonly books: Pick<BookReader, 'grantsOf'>;
  readonly pursesMax: number;
  /** A purse can be relied on again. */
  readonly onReady: (purse: Purse) => void;
}

export function createPurses({ books, pursesMax, onReady }: PursesDeps): Purses {
  const known = new Map<string, Purse>();
  const reading = new Map<Purse, Promise<void>>();
  /** Called when nothing of a purse is on its way to the disk any more. */
  const quiet = new Map<Purse, () => void>();
  let drifts = 0;

  function touch(purse: Purse): void {
    known.delete(purse.accountId);
    known.set(purse.accountId, purse);
  }

  function makeRoom(): void {
    if (known.size <= pursesMax) return;
    for (const [id, purse] of known) {
      if (purse.users > 0 || purse.inFlight > 0 || reading.has(purse)) continue;
      known.delete(id);
      if (known.size <= pursesMax) return;
    }
  }

  async function read(purse: Purse): Promise<void> {
    for (;;) {
      if (purse.inFlight > 0) await new Promise<void>((resolve) => quiet.set(purse, resolve));
      const { steps } = purse;
      const funded = await books.grantsOf(purse.accountId, 'funded');
      if (purse.steps !== steps) continue;
      if (purse.correct(funded) && purse.loaded) drifts++;
      purse.loaded = true;
      purse.stale = false;
      return;
    }
  }

  function refresh(purse: Purse): Promise<void> {
    const running = reading.get(purse);
    if (running) return running;
    const promise = read(purse).finally(() => {
      reading.delete(purse);
      quiet.delete(purse);
    });
    reading.set(purse, promise);
    return promise;
  }

  function peek(accountId: string): Purse | null {
    const purse = known.get(accountId);
    if (purse === undefined || purse.stale) return null;
    touch(purse);
    return purse;
  }

  return {
    peek,
    get: (accountId) => known.get(accountId) ?? null,
    async pin(accountId) {
      let purse = known.get(accountId);
      if (purse === undefined) {
        purse = new Purse(accountId);
        known.set(accountId, purse);
      }
      purse.users++;
      try {
        while (purse.stale) await refresh(purse);
      } catch (error) {
        purse.users--;
        throw error;
      }
      touch(purse);
      makeRoom();
      return purse;
    },
    unpin(purse) {
      purse.users--;
      makeRoom();
    },
    begin(purse) {
      purse.inFlight++;
      purse.steps++;
    },
    end(purse, kept) {
      purse.inFlight--;
      if (!kept) purse.stale = true;
      if (purse.inFlight === 0) quiet.get(purse)?.();
      if (purse.stale) {
        // Whoever needs it and cannot read it is told; here nobody waits for the answer.
        refresh(purse).then(
          () => onReady(purse),
          () => undefined,
        );
      }
    },
    drifts: () => drifts,
  };
}
