/**
 * Whether accounts that never paid burn more free credit than they usually do at this hour of the week. The forecast is an
 * exponentially weighted mean for each of the 168 hours, in UTC, and never below a floor; while the breaker is open it
 * learns no more than it would have let pass, so that an attack that goes on does not become what is expected.
 */
import type { Nano } from '../../base/money.ts';
import type { VestingConfig } from '../../config/vesting.ts';
import { DAY_MS } from './account.ts';

const HOUR_MS = 3_600_000;
const HOURS = 168;
const SLOTS = 12;
const SLOT_MS = HOUR_MS / SLOTS;
/** Weight of the latest week. */
const LEARNING = 0.3;
const BASIS_POINTS = 10_000n;
/** 1 January 1970 was a Thursday; weeks are counted from Monday. */
const FIRST_WEEKDAY = 3;

export interface BreakerState {
  /** Nano-dollars for each hour of the week, from Monday 0:00; null where nothing was learnt yet. */
  readonly forecast: readonly (number | null)[];
  /** Five minutes each, the current one first. */
  readonly slot: number;
  readonly slots: readonly Nano[];
  /** What the hour that is going on has come to, and which it is. */
  readonly hour: number;
  readonly hourBurned: Nano;
  readonly openSinceMs: number | null;
  /** Since when burn has been low enough to close. */
  readonly calmSinceMs: number | null;
  /** What staff holds it to. */
  readonly pinned: 'open' | 'closed' | null;
}

type BreakerRules = VestingConfig['breaker'];

export function newBreaker(nowMs: number): BreakerState {
  return {
    forecast: Array.from({ length: HOURS }, () => null),
    slot: slotOf(nowMs),
    slots: Array.from({ length: SLOTS }, () => 0n),
    hour: Math.floor(nowMs / HOUR_MS),
    hourBurned: 0n,
    openSinceMs: null,
    calmSinceMs: null,
    pinned: null,
  };
}

export function isOpen({ openSinceMs, pinned }: BreakerState): boolean {
  return pinned === null ? openSinceMs !== null : pinned === 'open';
}

/** Burned within the last hour. */
export function burnedIn(state: BreakerState): Nano {
  return state.slots.reduce((total, one) => total + one, 0n);
}

export function forecastFor(state: BreakerState, nowMs: number, { floor }: BreakerRules): Nano {
  const learnt = state.forecast[hourOfWeek(Math.floor(nowMs / HOUR_MS))] ?? null;
  return learnt === null || BigInt(Math.round(learnt)) < floor ? floor : BigInt(Math.round(learnt));
}

/** Time passes, and accounts that never paid burn `amount` of free credit. */
export function withUnpaidBurn(before: BreakerState, nowMs: number, amount: Nano, rules: BreakerRules): BreakerState {
  const moved = movedTo(before, nowMs, rules);
  const counted = {
    ...moved,
    hourBurned: moved.hourBurned + amount,
    slots: moved.slots.map((one, at) => (at === 0 ? one + amount : one)),
  };
  return judged(counted, nowMs, rules);
}

function judged(state: BreakerState, nowMs: number, rules: BreakerRules): BreakerState {
  const burned = burnedIn(state) * BASIS_POINTS;
  const forecast = forecastFor(state, nowMs, rules);
  if (state.openSinceMs === null) {
    return burned > forecast * BigInt(rules.openBp) ? { ...state, openSinceMs: nowMs, calmSinceMs: null } : state;
  }
  if (burned >= forecast * BigInt(rules.closeBp)) return { ...state, calmSinceMs: null };
  const calmSinceMs = state.calmSinceMs ?? nowMs;
  return nowMs - calmSinceMs >= rules.closeAfterMs
    ? { ...state, openSinceMs: null, calmSinceMs: null }
    : { ...state, calmSinceMs };
}

function movedTo(state: BreakerState, nowMs: number, rules: BreakerRules): BreakerState {
  const slot = slotOf(nowMs);
  const by = Math.min(slot - state.slot, SLOTS);
  const slots = by > 0 ? [...Array.from({ length: by }, () => 0n), ...state.slots.slice(0, SLOTS - by)] : state.slots;
  const moved = { ...state, slots, slot: Math.max(slot, state.slot) };
  const hour = Math.floor(nowMs / HOUR_MS);
  return hour > state.hour ? learnt(moved, hour, rules) : moved;
}

/** Hours in which nobody was there to count are not learnt as hours in which nothing happened. */
function learnt(state: BreakerState, hour: number, rules: BreakerRules): BreakerState {
  const at = hourOfWeek(state.hour);
  const most = (forecastFor(state, state.hour * HOUR_MS, rules) * BigInt(rules.openBp)) / BASIS_POINTS;
  const seen = Number(state.hourBurned < most ? state.hourBurned : most);
  const known = state.forecast[at] ?? null;
  const mean = known === null ? seen : known + LEARNING * (seen - known);
  return {
    ...state,
    forecast: state.forecast.map((one, index) => (index === at ? mean : one)),
    hour,
    hourBurned: 0n,
  };
}

function slotOf(atMs: number): number {
  return Math.floor(atMs / SLOT_MS);
}

function hourOfWeek(hour: number): number {
  return (hour + FIRST_WEEKDAY * (DAY_MS / HOUR_MS)) % HOURS;
}
