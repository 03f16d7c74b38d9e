import type { Clock } from '../../base/clock.ts';
import type { ProviderFault } from '../../providers/index.ts';

export type BreakerState = 'closed' | 'open' | 'probing';

/** Stops asking an upstream that keeps failing, and tries it again with one request at a time. */
export interface Breaker {
  /** 0 when a request may go now; else milliseconds until one may. */
  waitMs(): number;
  /** Called for a request that goes; in an open breaker whose time is up it is the probe. */
  begin(): Trial;
  state(): BreakerState;
}

/** How one request fares. Requests that began before the breaker opened say nothing about whether it may close. */
export interface Trial {
  /** The upstream began to answer: enough for a probe, whose whole answer may take minutes. */
  answer(): void;
  succeed(): void;
  fail(fault: ProviderFault): void;
  /** The request ended for a reason that says nothing about the upstream (the caller left). */
  abandon(): void;
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
  const outcomes = createOutcomes(settings);
  let openUntilMs = 0;
  let open = false;
  let probe: Trial | null = null;

  function trip(forMs: number): void {
    open = true;
    openUntilMs = Math.max(openUntilMs, clock.monoMs() + forMs);
  }
  function close(): void {
    open = false;
    openUntilMs = 0;
    probe = null;
    outcomes.clear();
  }
  function judge(fault: ProviderFault, wasProbe: boolean): void {
    // A request the upstream refuses as wrong is the caller's doing.
    if (fault.kind === 'rejected') return;
    const askedMs = Math.min(fault.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
    if (!open) outcomes.add(true);
    // Some upstreams answer 403 to what a prompt says, and one caller's prompt must not take the target from the rest.
    if (fault.kind === 'credential' && fault.status !== 403) trip(CREDENTIAL_OPEN_MS);
    else if (fault.kind === 'rate_limited' && askedMs > 0) trip(askedMs);
    else if (wasProbe || (!open && outcomes.tooManyFailed())) trip(Math.max(settings.openMs, askedMs));
  }
  function begin(): Trial {
    const trial: Trial = {
      answer() {
        if (trial === probe) close();
      },
      succeed() {
        trial.answer();
        if (!open) outcomes.add(false);
      },
      fail(fault) {
        const wasProbe = trial === probe;
        trial.abandon();
        judge(fault, wasProbe);
      },
      abandon() {
        if (trial === probe) probe = null;
      },
    };
    if (open) probe ??= trial;
    return trial;
  }
  return {
    waitMs() {
      if (!open) return 0;
      const left = openUntilMs - clock.monoMs();
      if (left > 0) return left;
      return probe ? PROBE_WAIT_MS : 0;
    },
    begin,
    state: () => (!open ? 'closed' : openUntilMs > clock.monoMs() ? 'open' : 'probing'),
  };
}

/** The latest outcomes, and whether too many of them were failures. */
function createOutcomes(settings: Pick<BreakerSettings, 'samples' | 'failureRatio'>) {
  let latest: boolean[] = [];
  let failed = 0;
  return {
    add(failure: boolean): void {
      latest.push(failure);
      if (failure) failed++;
      if (latest.length > settings.samples && latest.shift()) failed--;
    },
    tooManyFailed: () => latest.length >= settings.samples && failed / latest.length >= settings.failureRatio,
    clear(): void {
      latest = [];
      failed = 0;
    },
  };
}
