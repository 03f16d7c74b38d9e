import type { BookReader } from './store.ts';
import { Purse } from './purse.ts';

export interface PursesDeps {
  readonly books: Pick<BookReader, 'grantsOf'>;
  readonly pursesMax: number;
  /** A purse can be relied on again. */
  readonly onReady: (purse: Purse) => void;
}

/** The purses in memory, those used last, and when the disk has to be asked about one. */
export class Purses {
  readonly #deps: PursesDeps;
  readonly #known = new Map<string, Purse>();
  readonly #reading = new Map<Purse, Promise<void>>();
  /** Called when nothing of a purse is on its way to the disk any more. */
  readonly #quiet = new Map<Purse, () => void>();
  #drifts = 0;

  constructor(deps: PursesDeps) {
    this.#deps = deps;
  }

  /** How often the disk said something else than memory. */
  drifts(): number {
    return this.#drifts;
  }

  /** As memory has it; null when it is not in memory. */
  get(accountId: string): Purse | null {
    return this.#known.get(accountId) ?? null;
  }

  /** One that can be relied on at once; null when it must be read first. */
  peek(accountId: string): Purse | null {
    const purse = this.#known.get(accountId);
    if (purse === undefined || purse.stale) return null;
    this.#touch(purse);
    return purse;
  }

  /** Reads it if need be. It stays until `unpin`. Rejects when the database cannot be read. */
  async pin(accountId: string): Promise<Purse> {
    const purse = this.#known.get(accountId) ?? new Purse(accountId);
    this.#known.set(accountId, purse);
    purse.users++;
    try {
      while (purse.stale) await this.#refresh(purse);
    } catch (error) {
      purse.users--;
      throw error;
    }
    this.#touch(purse);
    this.#makeRoom();
    return purse;
  }

  unpin(purse: Purse): void {
    purse.users--;
    this.#makeRoom();
  }

  begin(purse: Purse): void {
    purse.inFlight++;
    purse.steps++;
  }

  /** Ends a step. When it is not on the disk, the disk is asked what is true before anything more is taken. */
  end(purse: Purse, kept: boolean): void {
    purse.inFlight--;
    if (!kept) purse.stale = true;
    if (purse.inFlight === 0) this.#quiet.get(purse)?.();
    if (!purse.stale) return;
    // Whoever needs the purse and cannot read it is told; here nobody waits for the answer.
    this.#refresh(purse).then(
      () => this.#deps.onReady(purse),
      () => undefined,
    );
  }

  #touch(purse: Purse): void {
    this.#known.delete(purse.accountId);
    this.#known.set(purse.accountId, purse);
  }

  #makeRoom(): void {
    const { pursesMax } = this.#deps;
    if (this.#known.size <= pursesMax) return;
    for (const [id, purse] of this.#known) {
      if (purse.users > 0 || purse.inFlight > 0 || this.#reading.has(purse)) continue;
      this.#known.delete(id);
      if (this.#known.size <= pursesMax) return;
    }
  }

  #refresh(purse: Purse): Promise<void> {
    const running = this.#reading.get(purse);
    if (running) return running;
    const reading = this.#read(purse).finally(() => {
      this.#reading.delete(purse);
      this.#quiet.delete(purse);
    });
    this.#reading.set(purse, reading);
    return reading;
  }

  /** What was read while a step began or was under way says nothing certain, and is read again. */
  async #read(purse: Purse): Promise<void> {
    for (;;) {
      if (purse.inFlight > 0) await new Promise<void>((resolve) => this.#quiet.set(purse, resolve));
      const { steps } = purse;
      const funded = await this.#deps.books.grantsOf(purse.accountId, 'funded');
      if (purse.steps !== steps) continue;
      if (purse.correct(funded) && purse.loaded) this.#drifts++;
      purse.loaded = true;
      purse.stale = false;
      return;
    }
  }
}
