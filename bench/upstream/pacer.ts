const SLOT_MS = 5;

/** Something that wants to be told once every period until it leaves. */
export interface Paced {
  /** Called with the time of the round, the same for everybody in it; false leaves. */
  tick(roundMs: number): boolean;
}

/**
 * Keeps thousands of streams on their pace with one timer: members are spread over slots of 5 ms by the moment they
 * joined, and each slot comes round once per period.
 */
export class Pacer {
  readonly #slots: Set<Paced>[];
  readonly #now: () => number;
  #nextRoundMs: number;
  #slot = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #size = 0;

  /** `periodMs` is a multiple of 5. */
  constructor(periodMs: number, now: () => number) {
    this.#slots = Array.from({ length: Math.max(1, Math.round(periodMs / SLOT_MS)) }, () => new Set<Paced>());
    this.#now = now;
    this.#nextRoundMs = now();
  }

  join(member: Paced): void {
    // The slot that came round last is the one that is a whole period away.
    this.#slotAt(this.#slot - 1).add(member);
    this.#size += 1;
    if (this.#timer !== undefined) return;
    this.#nextRoundMs = this.#now() + SLOT_MS;
    this.#timer = setTimeout(() => this.#catchUp(), SLOT_MS);
  }

  leave(member: Paced): void {
    for (const slot of this.#slots) {
      if (slot.delete(member)) this.#size -= 1;
    }
    if (this.#size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A late timer plays every round it missed, so that the mean pace holds. */
  #catchUp(): void {
    while (this.#size > 0 && this.#nextRoundMs <= this.#now()) {
      this.#nextRoundMs += SLOT_MS;
      const slot = this.#slotAt(this.#slot);
      this.#slot = (this.#slot + 1) % this.#slots.length;
      const roundMs = this.#now();
      for (const member of slot) {
        if (!member.tick(roundMs)) this.leave(member);
      }
    }
    if (this.#size > 0) this.#timer = setTimeout(() => this.#catchUp(), Math.max(0, this.#nextRoundMs - this.#now()));
  }

  #slotAt(index: number): Set<Paced> {
    const slot = this.#slots[(index + this.#slots.length) % this.#slots.length];
    if (slot === undefined) throw new Error('a pacer has at least one slot');
    return slot;
  }
}
