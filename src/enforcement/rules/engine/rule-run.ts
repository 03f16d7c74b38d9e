import type { PauseReason } from '../contract.ts';
import { createFireRate } from './fire-rate.ts';

const HOUR_MS = 3_600_000;
/** Within this, a second signal about the same would become part of the same incident. */
const QUIET_MS = 15 * 60_000;
const SAMPLES = 256;
const SAMPLES_MIN = 128;
const JUDGE_EVERY = 64;
/** Of an hour, whom it acted on is remembered of so many; the first go first, and may be told of again. */
const ACTED_MAX = 20_000;
/** Hits of an hour that are kept; more are counted. */
const KEPT_PER_HOUR = 1_000;

export interface RunFigures {
  readonly evaluated: number;
  readonly hits: number;
  readonly acted: number;
  readonly unknown: number;
  readonly capped: number;
  readonly medianUs: number | null;
}

export interface Leave {
  /** `quiet`: the same was said a moment ago. `capped`: enough was done this hour. */
  readonly answer: 'act' | 'quiet' | 'capped';
  /** The first time in its hour that it is capped. */
  readonly news: boolean;
}

/** What one rule has done and may still do; of one version in one process. */
export class RuleRun {
  readonly #fireRate = createFireRate();
  #hour = Number.NaN;
  /** Whom it acted on in this hour, and when last. */
  readonly #acted = new Map<number, number>();
  /** Those among them whom callers cannot make up. */
  readonly #people = new Set<number>();
  #toldCapped = false;
  #keptInHour = 0;
  readonly #samples = new Float64Array(SAMPLES);
  #sampled = 0;
  #evaluated = 0;
  #hits = 0;
  #actions = 0;
  #unknown = 0;
  #capped = 0;

  /** Why it must be paused, if it must. */
  seen(atMs: number, outcome: boolean | 'unknown', person: string): { reason: PauseReason; detail: string } | null {
    this.#evaluated++;
    if (outcome === 'unknown') this.#unknown++;
    if (outcome === true) this.#hits++;
    const problem = this.#fireRate.seen(atMs, outcome === true, person);
    return problem === null ? null : { reason: 'fire_rate', detail: problem };
  }

  /**
   * Whether it may act on somebody. An hour has room for so many different people: doing the same to the same one again
   * takes none of it, and neither does another name one of them makes up.
   *
   * @param whom the key and end user it is about
   * @param person the account, or its member, behind it
   */
  ask(whom: number, person: number, atMs: number, perHourMax: number, repeats: boolean): Leave {
    this.#turn(atMs);
    const last = this.#acted.get(whom);
    if (!this.#people.has(person) && this.#people.size >= perHourMax) {
      this.#capped++;
      const news = !this.#toldCapped;
      this.#toldCapped = true;
      return { answer: 'capped', news };
    }
    if (last !== undefined && !repeats && atMs - last < QUIET_MS) return { answer: 'quiet', news: false };
    this.#people.add(person);
    if (last === undefined && this.#acted.size >= ACTED_MAX) this.#forgetFirst();
    this.#acted.set(whom, atMs);
    this.#actions++;
    return { answer: 'act', news: false };
  }

  /** Whether one more hit of this hour is to be kept. */
  keeps(atMs: number): boolean {
    this.#turn(atMs);
    return this.#keptInHour++ < KEPT_PER_HOUR;
  }

  /** Takes the time of one evaluation in; the problem where the middle one of many is too long. */
  took(us: number, limitUs: number): { reason: PauseReason; detail: string } | null {
    this.#samples[this.#sampled++ % SAMPLES] = us;
    if (this.#sampled < SAMPLES_MIN || this.#sampled % JUDGE_EVERY !== 0) return null;
    const median = this.#medianUs() ?? 0;
    if (median <= limitUs) return null;
    return { reason: 'too_slow', detail: `half of its evaluations took more than ${Math.round(median)} us` };
  }

  figures(): RunFigures {
    return {
      evaluated: this.#evaluated,
      hits: this.#hits,
      acted: this.#actions,
      unknown: this.#unknown,
      capped: this.#capped,
      medianUs: this.#medianUs(),
    };
  }

  #forgetFirst(): void {
    const [first] = this.#acted.keys();
    if (first !== undefined) this.#acted.delete(first);
  }

  #medianUs(): number | null {
    if (this.#sampled < SAMPLES_MIN) return null;
    const sorted = this.#samples.slice(0, Math.min(this.#sampled, SAMPLES)).sort();
    return sorted[sorted.length >> 1] ?? null;
  }

  /** By event time; what comes late counts for the hour that is open. */
  #turn(atMs: number): void {
    const hour = Math.floor(atMs / HOUR_MS);
    if (hour <= this.#hour) return;
    this.#hour = hour;
    this.#acted.clear();
    this.#people.clear();
    this.#toldCapped = false;
    this.#keptInHour = 0;
  }
}
