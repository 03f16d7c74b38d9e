import { dayOf, toIso } from '../../base/calendar.ts';
import { divideDown, divideUp, type Nano } from '../../base/money.ts';
import { DAY_MS, startOfDay } from './period.ts';

/** Money received for the time from `startMs` to `endMs`. `amount - recognised - moved` of it is deferred. */
export interface Fee {
  /** `<subscription id>:<version>`: made by that change of the subscription. */
  readonly id: string;
  readonly accountId: string;
  readonly amount: Nano;
  readonly startMs: number;
  readonly endMs: number;
  readonly recognised: Nano;
  readonly recognisedToMs: number;
  /** Went to another fee, back to whoever paid, or was earned at once when the plan ended early. */
  readonly moved: Nano;
}

export function deferredOf({ amount, recognised, moved }: Fee): Nano {
  return amount - recognised - moved;
}

/** What is earned by `atMs`: straight line over time, exact at the end. */
export function earnedBy({ amount, startMs, endMs }: Fee, atMs: number): Nano {
  if (atMs <= startMs) return 0n;
  if (atMs >= endMs) return amount;
  return divideDown(amount * BigInt(atMs - startMs), BigInt(endMs - startMs));
}

/** One step of earning a fee. */
export interface Piece {
  /** `<fee id>:recognised:2026-11-22`; a day that is cut short by a change bears the time as well. */
  readonly id: string;
  readonly toMs: number;
  readonly amount: Nano;
}

/** The steps from where recognition stands to `toMs`, one for each day in UTC; the last takes the remainder. */
export function piecesOf(fee: Fee, toMs: number): Piece[] {
  const end = Math.min(toMs, fee.endMs);
  const pieces: Piece[] = [];
  let recognised = fee.recognised;
  for (let from = fee.recognisedToMs; from < end; ) {
    const to = Math.min(startOfDay(from) + DAY_MS, end);
    const amount = earnedBy(fee, to) - recognised;
    recognised += amount;
    pieces.push({ id: `${fee.id}:recognised:${nameOf(fee, from, to)}`, toMs: to, amount });
    from = to;
  }
  return pieces;
}

/** The day, where this is all of the fee that falls on it. */
function nameOf(fee: Fee, from: number, to: number): string {
  const fromItsStart = from === startOfDay(from) || from === fee.startMs;
  const toItsEnd = to === startOfDay(to) || to === fee.endMs;
  return fromItsStart && toItsEnd ? dayOf(from) : toIso(to);
}

/** The last moment up to which whole days, or the rest of the fee, are earned. */
export function dueTo(fee: Fee, nowMs: number): number {
  return nowMs >= fee.endMs ? fee.endMs : startOfDay(nowMs);
}

/** The part of `amount` that falls on the time from `atMs` to `endMs`, rounded up to a nano-dollar. */
export function restOf(amount: Nano, period: { readonly startMs: number; readonly endMs: number }, atMs: number): Nano {
  const { startMs, endMs } = period;
  return divideUp(amount * BigInt(endMs - Math.max(atMs, startMs)), BigInt(endMs - startMs));
}
