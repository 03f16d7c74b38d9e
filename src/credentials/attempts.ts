import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';

/** So many tries in a window that begins with the first of them. */
export interface AttemptLimit {
  /** Kept as a digest, so that no mail address lies about. */
  readonly key: string;
  readonly max: number;
  readonly windowMs: number;
}

/**
 * Counts tries before they are made, so that a thousand at once are no more than a thousand in a row. In memory: a restart
 * forgets them, which only whoever holds the machine can bring about.
 */
export interface Attempts {
  /** Counts one try against every limit and returns null; or counts nothing and returns the milliseconds to wait. */
  take(limits: readonly AttemptLimit[]): number | null;
  /** Forgets the tries of a key: the last one was right. */
  forgive(key: string): void;
}

/** Some 100 bytes each. */
const KEYS_MAX = 20_000;

export function createAttempts(clock: Clock, keysMax = KEYS_MAX): Attempts {
  const counted = new Map<string, { count: number; endsMs: number }>();

  function left(limit: AttemptLimit, now: number): { key: string; waitMs: number } {
    const key = digest(limit.key);
    const held = counted.get(key);
    if (held === undefined || held.endsMs <= now) return { key, waitMs: 0 };
    return { key, waitMs: held.count < limit.max ? 0 : held.endsMs - now };
  }

  function count(key: string, windowMs: number, now: number): void {
    const held = counted.get(key);
    if (held !== undefined && held.endsMs > now) {
      held.count++;
      return;
    }
    counted.delete(key);
    if (counted.size >= keysMax) makeRoom(now);
    counted.set(key, { count: 1, endsMs: now + windowMs });
  }

  function makeRoom(now: number): void {
    for (const [key, { endsMs }] of counted) if (endsMs <= now) counted.delete(key);
    for (const key of counted.keys()) {
      if (counted.size < keysMax) break;
      counted.delete(key);
    }
  }

  return {
    take(limits) {
      const now = clock.monoMs();
      const found = limits.map((limit) => ({ limit, ...left(limit, now) }));
      const waitMs = Math.max(...found.map((one) => one.waitMs));
      if (waitMs > 0) return waitMs;
      for (const { key, limit } of found) count(key, limit.windowMs, now);
      return null;
    },
    forgive(key) {
      counted.delete(digest(key));
    },
  };
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, 22);
}
