import type { Clock } from '../../base/clock.ts';

const HOUR_MS = 3_600_000;
/** Accounts remembered at once; those that failed longest ago are forgotten first. */
const ACCOUNTS_MAX = 100_000;

/** Wrong tries of each account in the last hour. Kept in memory: what is guarded has too many values to be guessed anyway. */
export interface Attempts {
  /** Counts a try before its outcome is known, so that many at once count as many; milliseconds to wait when there were too many. */
  take(accountId: string): number;
  /** It was right after all. */
  giveBack(accountId: string): void;
}

export function createAttempts(clock: Clock, max: number): Attempts {
  /** When each counted try was made, the earliest first. */
  const tries = new Map<string, number[]>();
  return {
    take(accountId) {
      const now = clock.monoMs();
      const recent = (tries.get(accountId) ?? []).filter((at) => at > now - HOUR_MS);
      tries.delete(accountId);
      const [earliest] = recent;
      const isOver = recent.length >= max;
      if (!isOver) recent.push(now);
      tries.set(accountId, recent);
      if (tries.size > ACCOUNTS_MAX) tries.delete(tries.keys().next().value ?? '');
      return isOver && earliest !== undefined ? Math.max(1, Math.ceil(earliest + HOUR_MS - now)) : 0;
    },
    giveBack: (accountId) => void tries.get(accountId)?.pop(),
  };
}
