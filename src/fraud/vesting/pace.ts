/** How fast one account burns free credit: sums of thirty slots, so that no window ever holds more than is allowed. */
import type { Nano } from '../../base/money.ts';

const SLOTS = 30;

export interface Burned {
  /** The slot the last entry counts for: time divided by the length of a slot. */
  readonly slot: number;
  /** The last slots, that one first; the oldest is only partly within the window and counts whole. */
  readonly amounts: readonly Nano[];
}

export interface Pace {
  /** Most within the window. */
  readonly most: Nano;
  readonly windowMs: number;
}

export function withBurned(before: Burned | null, atMs: number, amount: Nano, { windowMs }: Pace): Burned {
  const slot = slotOf(atMs, windowMs);
  const moved = before === null ? NONE : movedTo(before, slot);
  const late = Math.max(0, moved.slot - slot);
  const amounts = moved.amounts.map((one, at) => (at === Math.min(late, SLOTS) ? one + amount : one));
  return { slot: Math.max(slot, moved.slot), amounts };
}

/** What may still be burned now; never below 0. */
export function headroomOf(burned: Burned | null, nowMs: number, pace: Pace): Nano {
  if (burned === null) return pace.most;
  const left = pace.most - totalOf(movedTo(burned, slotOf(nowMs, pace.windowMs)));
  return left > 0n ? left : 0n;
}

/** Milliseconds until more of it may be burned than now; 0 when nothing was. */
export function waitOf(burned: Burned | null, nowMs: number, pace: Pace): number {
  if (burned === null) return 0;
  const headroom = headroomOf(burned, nowMs, pace);
  const slotMs = pace.windowMs / SLOTS;
  for (let slots = 1; slots <= SLOTS + 1; slots++) {
    const thenMs = (slotOf(nowMs, pace.windowMs) + slots) * slotMs;
    if (headroomOf(burned, thenMs, pace) > headroom) return Math.ceil(thenMs - nowMs);
  }
  return 0;
}

/** Whether nothing of it counts any more. */
export function isPast({ slot }: Burned, nowMs: number, { windowMs }: Pace): boolean {
  return slotOf(nowMs, windowMs) - slot > SLOTS;
}

const EMPTY: readonly Nano[] = Array.from({ length: SLOTS + 1 }, () => 0n);
const NONE: Burned = { slot: 0, amounts: EMPTY };

function slotOf(atMs: number, windowMs: number): number {
  return Math.floor((atMs * SLOTS) / windowMs);
}

function movedTo(burned: Burned, slot: number): Burned {
  const by = slot - burned.slot;
  if (by <= 0) return burned;
  if (by > SLOTS) return { slot, amounts: EMPTY };
  return { slot, amounts: [...EMPTY.slice(0, by), ...burned.amounts.slice(0, SLOTS + 1 - by)] };
}

function totalOf({ amounts }: Burned): Nano {
  return amounts.reduce((total, one) => total + one, 0n);
}
