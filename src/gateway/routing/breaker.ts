import type { Clock } from '../../base/clock.ts';
import type { ProviderFault } from '../../providers/index.ts';

export type BreakerState = 'closed' | 'open' | 'probing';

/** Stops asking an upstream that keeps failing, and tries it again with one request at a time. */
export interface Breaker {
  /** 0 when a request may go now; else milliseconds until one may. */
  waitMs(): number;
  /** Called for a request that goes; in an open breaker whose time is up it becomes the probe. */
  begin(): void;
  succeed(): void;
  fail(fault: ProviderFault): void;
  /** The request ended for a reason that says nothing about the upstream (the caller left). */
  abandon(): void;
  state(): BreakerState;
}

export interface BreakerSettings {
  /** Latest outcomes looked at; fewer never open the breaker. */
  readonly samples: number;
  /** Share of failures among them at which it opens. */
  readonly failureRatio: number;
  readonly openMs: number;
}

/** An upstream that refuses our credential or our balance will do so until somebody acts. */
const CREDENTIAL_OPEN_MS = 60_000;
/** An upstream cannot make us wait longer than this with one `retry-after`. */
const RETRY_AFTER_MS_MAX = 120_000;
const PROBE_WAIT_MS = 250;

export function createBreaker(settings: BreakerSettings, clock: Clock): Breaker {
  let outcomes: boolean[] = [];
  let failures = 0;
  let openUntilMs = 0;
  let open = false;
  let probing = false;

  function note(failed: boolean): void {
    outcomes.push(failed);
    if (failed) failures++;
    if (outcomes.length > settings.samples && outcomes.shift()) failures--;
  }
  function trip(forMs: number): void {
    open = true;
    openUntilMs = Math.max(openUntilMs, clock.monoMs() + forMs);
  }
  function close(): void {
    open = false;
    outcomes = [];
    failures = 0;
    openUntilMs = 0;
  }
  return {
    waitMs() {
      if (!open) return 0;
      const left = openUntilMs - clock.monoMs();
      if (left > 0) return left;
      return probing ? PROBE_WAIT_MS : 0;
    },
    begin() {
      if (open) probing = true;
    },
    succeed() {
      if (open && probing) close();
      probing = false;
      note(false);
    },
    fail(fault) {
      const wasProbe = open && probing;
      probing = false;
      if (!blamesUpstream(fault)) return;
      note(true);
      const asked = Math.min(fault.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
      if (fault.kind === 'credential') trip(CREDENTIAL_OPEN_MS);
      else if (fault.kind === 'rate_limited' && asked > 0) trip(asked);
      else if (wasProbe || (outcomes.length >= settings.samples && failures / outcomes.length >= settings.failureRatio)) {
        trip(Math.max(settings.openMs, asked));
      }
    },
    abandon() {
      probing = false;
    },
    state: () => (!open ? 'closed' : openUntilMs > clock.monoMs() ? 'open' : 'probing'),
  };
}

/** A request the upstream refuses as wrong is the caller's doing. */
function blamesUpstream(fault: ProviderFault): boolean {
  return fault.kind !== 'rejected';
}
