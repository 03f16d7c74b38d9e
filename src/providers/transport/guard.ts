import type { Clock } from '../../base/clock.ts';
import { networkFailure } from '../../runtime/upstream.ts';
import { type Attempt, ProviderFault } from '../provider.ts';
import type { Reachability } from './reachability.ts';

/**
 * Watches one attempt: ends it when its caller aborts or a stage takes too long, and afterwards knows why it ended.
 *
 * One timer serves all stages. It is not re-armed for each chunk: it wakes at the earliest moment a limit could be
 * broken, looks at the notes below, and sleeps again. Aborts are handed on by one listener that `close` removes;
 * `AbortSignal.any` would leave one behind on a long-lived signal for each attempt.
 */
export class AttemptGuard {
  readonly #attempt: Attempt;
  readonly #clock: Clock;
  readonly #reach: Reachability;
  readonly #streamed: boolean;
  readonly #startedMs: number;
  readonly #controller = new AbortController();
  readonly #handOn = () => this.#controller.abort(this.#attempt.signal.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dialed = false;
  #answered = false;
  #outputSeen: boolean;
  /** Since when the upstream owes us a chunk; undefined while nobody asked for one. */
  #waitingSinceMs: number | undefined;

  /** `streamed`: the first output has a limit of its own; an answer in one piece arrives only when it is finished. */
  constructor(attempt: Attempt, clock: Clock, reach: Reachability, streamed: boolean) {
    this.#attempt = attempt;
    this.#clock = clock;
    this.#reach = reach;
    this.#streamed = streamed;
    this.#outputSeen = !streamed;
    this.#startedMs = clock.monoMs();
    attempt.signal.throwIfAborted();
    attempt.signal.addEventListener('abort', this.#handOn);
    this.#arm(this.#startedMs);
  }

  /** What the request and its body listen to. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The upstream's headers came: it is connected. */
  answered(): void {
    this.#answered = true;
    if (!this.#streamed) this.waiting();
  }

  /** The first output came: from now on silence is what is limited. */
  outputSeen(): void {
    if (this.#outputSeen) return;
    this.#outputSeen = true;
    clearTimeout(this.#timer);
    this.#arm(this.#clock.monoMs());
  }

  waiting(): void {
    this.#waitingSinceMs = this.#clock.monoMs();
  }

  gotChunk(): void {
    this.#waitingSinceMs = undefined;
  }

  /** Ends the attempt and closes its connection. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Stops watching; call once when the attempt is over, however it ended. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt.signal.removeEventListener('abort', this.#handOn);
  }

  /** What to throw for an error of this attempt: the abort's reason, a fault that is one already, or the network's. */
  explain(error: unknown): unknown {
    if (this.#controller.signal.aborted) return this.#controller.signal.reason;
    if (error instanceof ProviderFault) return error;
    const kind = networkFailure(error);
    return new ProviderFault(kind, NETWORK_MESSAGES[kind], { cause: error });
  }

  #check(): void {
    const now = this.#clock.monoMs();
    const broken = this.#brokenLimit(now);
    if (broken !== undefined) {
      this.#fail(broken);
      return;
    }
    if (this.#dialDue(now)) {
      this.#dialed = true;
      void this.#dial();
    }
    this.#arm(now);
  }

  #brokenLimit(now: number): StageFault | undefined {
    const { firstTokenMs, stallMs, totalMs } = this.#attempt.timeouts;
    const elapsed = now - this.#startedMs;
    if (elapsed >= totalMs) return 'total_timeout';
    if (!this.#outputSeen) return elapsed >= firstTokenMs ? 'first_token_timeout' : undefined;
    if (this.#waitingSinceMs !== undefined && now - this.#waitingSinceMs >= stallMs) return 'stalled';
    return undefined;
  }

  #dialDue(now: number): boolean {
    return !this.#answered && !this.#dialed && now - this.#startedMs >= this.#attempt.timeouts.connectMs / 2;
  }

  /** Nothing came in half the time to connect, and nobody tells us how far it got: see whether the address answers. */
  async #dial(): Promise<void> {
    const reached = await this.#reach.probe(this.#attempt.timeouts.connectMs / 2);
    if (!reached && !this.#answered) this.#fail('connect');
  }

  #fail(kind: StageFault): void {
    this.#controller.abort(new ProviderFault(kind, STAGE_MESSAGES[kind]));
  }

  #arm(now: number): void {
    const { connectMs, firstTokenMs, stallMs, totalMs } = this.#attempt.timeouts;
    let dueMs = this.#startedMs + totalMs;
    if (!this.#answered && !this.#dialed) dueMs = Math.min(dueMs, this.#startedMs + connectMs / 2);
    if (!this.#outputSeen) dueMs = Math.min(dueMs, this.#startedMs + firstTokenMs);
    else dueMs = Math.min(dueMs, (this.#waitingSinceMs ?? now) + stallMs);
    this.#timer = setTimeout(() => this.#check(), Math.max(1, Math.ceil(dueMs - now)));
  }
}

type StageFault = keyof typeof STAGE_MESSAGES;

const STAGE_MESSAGES = {
  connect: 'the upstream could not be reached in time',
  first_token_timeout: 'the upstream sent no output in time',
  stalled: 'the upstream fell silent',
  total_timeout: 'the upstream took too long for the whole answer',
} as const;

const NETWORK_MESSAGES = {
  connect: 'no connection to the upstream',
  garbage: 'the upstream does not speak HTTP',
  died: 'the upstream closed the connection before its answer was complete',
} as const;
