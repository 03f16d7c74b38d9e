import type { Clock } from '../base/clock.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import type { LimitSet } from '../config/config.ts';
import { type Rate, remaining, resetMs, take, waitMs } from './gcra.ts';

export type LimitSubjectKind = 'key' | 'app' | 'account' | 'model' | 'end_user';

/** Somebody or something a request is counted against, and the limits that hold for it now. */
export interface LimitSubject {
  readonly kind: LimitSubjectKind;
  readonly id: string;
  readonly limits: LimitSet;
}

export interface LimitRefusal {
  readonly limit: 'requests' | 'tokens' | 'concurrency';
  readonly subject: LimitSubjectKind;
  /** The limit's number: a minute for rates, at once for concurrency. */
  readonly max: number;
  /**
   * Milliseconds; Infinity when the request can never pass. Exact for rates; for concurrency, when a place should come
   * free by how long places have been held.
   */
  readonly retryAfterMs: number;
}

/** What the tightest subject has left, for the `x-ratelimit-*` headers. Null members are not limited. */
export interface LimitState {
  readonly requests: { readonly limit: number; readonly remaining: number; readonly resetMs: number } | null;
  readonly tokens: { readonly limit: number; readonly remaining: number; readonly resetMs: number } | null;
}

/** A request's share of the limits while it is in flight. */
export interface Permit {
  state(): LimitState;
  /**
   * Counts the request against more subjects, and `tokens` against them and those it has already: against all of them,
   * or nothing is taken and the refusal is returned.
   */
  join(subjects: readonly LimitSubject[], tokens: number): LimitRefusal | null;
  /** Reserves more tokens while an answer grows; never refuses, what is over becomes debt to later requests. */
  extend(tokens: number): void;
  /** Replaces the reservation by what was really used. */
  settle(tokens: number): void;
  /** Gives the place in flight back. Once. */
  release(): void;
}

export interface Limits {
  /** Takes one request from every subject's rate, or from none; no place in flight is needed or taken. */
  count(subjects: readonly LimitSubject[]): LimitRefusal | null;
  /** Takes one request and `tokens` from every subject at once, or nothing from any. */
  admit(subjects: readonly LimitSubject[], tokens: number): Result<Permit, LimitRefusal>;
  inFlight(kind: LimitSubjectKind, id: string): number;
  /** What one subject has left now, by the limits it is given with; takes nothing. */
  stateOf(subject: LimitSubject): LimitState;
}

interface Gauge {
  /** How long a place is held, smoothed over about ten; null before the first was given back. */
  heldMs: number | null;
  requestsArrivalMs: number;
  tokensArrivalMs: number;
  inFlight: number;
}

const AT_REST: Readonly<Gauge> = { heldMs: null, requestsArrivalMs: 0, tokensArrivalMs: 0, inFlight: 0 };
const HELD_SMOOTHING = 0.1;
/** Said when no place was ever given back. */
const PLACE_DUE_MS = 1_000;
const PLACE_DUE_MS_MIN = 100;

/** Gauges kept; above it, those at rest are swept away (a gauge at rest says the same as none). */
const GAUGES_MAX = 100_000;

/** Limits of one process, in memory. Exact: checks and takes happen in one turn of the event loop. */
export function createLimits(clock: Clock): Limits {
  const gauges: Record<LimitSubjectKind, Map<string, Gauge>> = {
    key: new Map(),
    app: new Map(),
    account: new Map(),
    model: new Map(),
    end_user: new Map(),
  };
  function gaugeOf(subject: LimitSubject): Gauge {
    const kept = gauges[subject.kind];
    let gauge = kept.get(subject.id);
    if (!gauge) {
      if (kept.size >= GAUGES_MAX) sweep(kept, clock.monoMs());
      gauge = { heldMs: null, requestsArrivalMs: 0, tokensArrivalMs: 0, inFlight: 0 };
      kept.set(subject.id, gauge);
    }
    return gauge;
  }
  const hold = (subject: LimitSubject): Held => ({ ...subject, gauge: gaugeOf(subject) });
  return {
    count(subjects) {
      const now = clock.monoMs();
      const held = subjects.map(hold);
      const refused = firstRefusal(held, (one) => requestRefusal(one, now));
      if (!refused) for (const one of held) takeRequest(one, now);
      return refused;
    },
    admit(subjects, tokens) {
      const permit = createPermit(hold, clock);
      const refused = permit.join(subjects, tokens);
      return refused ? refuse(refused) : ok(permit);
    },
    inFlight: (kind, id) => gauges[kind].get(id)?.inFlight ?? 0,
    stateOf(subject) {
      const gauge = gauges[subject.kind].get(subject.id) ?? AT_REST;
      return tightest([{ ...subject, gauge }], clock.monoMs());
    },
  };
}

interface Held extends LimitSubject {
  readonly gauge: Gauge;
}

function createPermit(hold: (subject: LimitSubject) => Held, clock: Clock): Permit {
  const held: Held[] = [];
  let taken = 0;
  let released = false;
  const startedMs = clock.monoMs();
  return {
    state: () => tightest(held, clock.monoMs()),
    join(subjects, tokens) {
      const now = clock.monoMs();
      const more = subjects.map(hold);
      const refused =
        firstRefusal(held, (one) => tokenRefusal(one, tokens, now)) ??
        firstRefusal(more, (one) => placeRefusal(one) ?? requestRefusal(one, now) ?? tokenRefusal(one, tokens, now));
      if (refused) return refused;
      for (const one of more) {
        one.gauge.inFlight++;
        takeRequest(one, now);
      }
      held.push(...more);
      taken += tokens;
      takeTokens(held, tokens, now);
      return null;
    },
    extend(tokens) {
      taken += tokens;
      takeTokens(held, tokens, clock.monoMs());
    },
    settle(tokens) {
      takeTokens(held, tokens - taken, clock.monoMs());
      taken = tokens;
    },
    release() {
      if (released) return;
      released = true;
      const heldMs = clock.monoMs() - startedMs;
      for (const { gauge } of held) {
        gauge.inFlight--;
        gauge.heldMs = gauge.heldMs === null ? heldMs : gauge.heldMs + HELD_SMOOTHING * (heldMs - gauge.heldMs);
      }
    },
  };
}

function firstRefusal(held: readonly Held[], refusalOf: (one: Held) => LimitRefusal | null): LimitRefusal | null {
  for (const one of held) {
    const refused = refusalOf(one);
    if (refused) return refused;
  }
  return null;
}

function placeRefusal({ kind, limits, gauge }: Held): LimitRefusal | null {
  const { concurrency } = limits;
  if (concurrency === undefined || gauge.inFlight < concurrency) return null;
  return { limit: 'concurrency', subject: kind, max: concurrency, retryAfterMs: placeDueMs(gauge) };
}

function requestRefusal({ kind, limits, gauge }: Held, now: number): LimitRefusal | null {
  const { requestsPerMinute } = limits;
  if (requestsPerMinute === undefined) return null;
  const retryAfterMs = waitMs(gauge.requestsArrivalMs, 1, rate(requestsPerMinute), now);
  return retryAfterMs > 0 ? { limit: 'requests', subject: kind, max: requestsPerMinute, retryAfterMs } : null;
}

function tokenRefusal({ kind, limits, gauge }: Held, tokens: number, now: number): LimitRefusal | null {
  const { tokensPerMinute } = limits;
  if (tokensPerMinute === undefined) return null;
  const retryAfterMs = waitMs(gauge.tokensArrivalMs, tokens, rate(tokensPerMinute), now);
  return retryAfterMs > 0 ? { limit: 'tokens', subject: kind, max: tokensPerMinute, retryAfterMs } : null;
}

/** Places held for `heldMs` each, begun at different times, come free one by one. */
function placeDueMs(gauge: Gauge): number {
  if (gauge.heldMs === null) return PLACE_DUE_MS;
  return Math.max(PLACE_DUE_MS_MIN, gauge.heldMs / gauge.inFlight);
}

function takeRequest({ limits, gauge }: Held, now: number): void {
  if (limits.requestsPerMinute === undefined) return;
  gauge.requestsArrivalMs = take(gauge.requestsArrivalMs, 1, rate(limits.requestsPerMinute), now);
}

function takeTokens(held: readonly Held[], tokens: number, now: number): void {
  for (const { limits, gauge } of held) {
    if (limits.tokensPerMinute === undefined) continue;
    gauge.tokensArrivalMs = take(gauge.tokensArrivalMs, tokens, rate(limits.tokensPerMinute), now);
  }
}

function tightest(held: readonly Held[], now: number): LimitState {
  let requests: LimitState['requests'] = null;
  let tokens: LimitState['tokens'] = null;
  for (const { limits, gauge } of held) {
    if (limits.requestsPerMinute !== undefined) {
      requests = tighter(requests, limits.requestsPerMinute, gauge.requestsArrivalMs, now);
    }
    if (limits.tokensPerMinute !== undefined) {
      tokens = tighter(tokens, limits.tokensPerMinute, gauge.tokensArrivalMs, now);
    }
  }
  return { requests, tokens };
}

function tighter(best: LimitState['requests'], limit: number, arrivalMs: number, now: number): LimitState['requests'] {
  const left = remaining(arrivalMs, rate(limit), now);
  if (best && best.remaining <= left) return best;
  return { limit, remaining: left, resetMs: resetMs(arrivalMs, now) };
}

function rate(perMinute: number): Rate {
  return { perMinute };
}

function sweep(kept: Map<string, Gauge>, now: number): void {
  for (const [id, gauge] of kept) {
    if (gauge.inFlight === 0 && gauge.requestsArrivalMs <= now && gauge.tokensArrivalMs <= now) kept.delete(id);
  }
}
