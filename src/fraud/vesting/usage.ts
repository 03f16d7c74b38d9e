/** What accounts use between two keepings: counted in memory, because nothing on the path of a request asks the disk. */
import type { Nano } from '../../base/money.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { type Use, type VestingAccount, withUse } from './account.ts';
import { type Burned, headroomOf, isPast, waitOf, withBurned } from './pace.ts';
import type { VestingRules } from './rules.ts';
import { readAccounts, updateAccount } from './store.ts';

const HOUR_MS = 3_600_000;
/** Rows read together. */
const BATCH = 500;

export interface UsageCounts {
  count(accountId: string, use: Use): void;
  headroom(accountId: string, nowMs: number): Nano;
  waitMs(accountId: string, nowMs: number): number;
  /** Writes what was counted; what cannot be written now is counted on. */
  keep(): Promise<void>;
  /** Lets go of what is past. */
  forget(nowMs: number): void;
}

export function createUsageCounts(storage: Pick<Storage, 'reader' | 'writer'>, rules: VestingRules): UsageCounts {
  /** By account, one entry for each hour. */
  let pending = new Map<string, Map<number, Use>>();
  const paces = new Map<string, Burned>();

  function count(accountId: string, use: Use): void {
    const hours = pending.get(accountId) ?? new Map<number, Use>();
    const hour = Math.floor(use.atMs / HOUR_MS);
    pending.set(accountId, hours.set(hour, plus(hours.get(hour), use)));
  }

  async function keepBatch(batch: readonly (readonly [string, ReadonlyMap<number, Use>])[]): Promise<void> {
    const stored = await readAccounts(
      storage.reader,
      batch.map(([id]) => id),
    );
    const uses = new Map(batch);
    const kept = stored.map(async (before) => {
      const counted = [...(uses.get(before.accountId)?.values() ?? [])].sort((a, b) => a.atMs - b.atMs);
      const used = counted.reduce<VestingAccount>((account, use) => withUse(account, use, rules), before);
      // A day that ended is looked at by the next sweep, also when the process ends first.
      const unsettled = before.unsettled || used.cleanDays > before.cleanDays;
      const after = { ...before, ...used, unsettled };
      // Where it was changed meanwhile, or the disk is full, the next keeping tries again.
      const written = await storage.writer.write([updateAccount(before, after)]).catch(() => null);
      if (written?.ok !== true) for (const use of counted) count(before.accountId, use);
    });
    await Promise.all(kept);
  }

  return {
    count(accountId, use) {
      count(accountId, use);
      if (use.free > 0n) {
        paces.set(accountId, withBurned(paces.get(accountId) ?? null, use.atMs, use.free, rules.pace));
      }
    },
    headroom: (accountId, nowMs) => headroomOf(paces.get(accountId) ?? null, nowMs, rules.pace),
    waitMs: (accountId, nowMs) => waitOf(paces.get(accountId) ?? null, nowMs, rules.pace),
    async keep() {
      const all = [...pending];
      pending = new Map();
      for (let at = 0; at < all.length; at += BATCH) await keepBatch(all.slice(at, at + BATCH));
    },
    forget(nowMs) {
      for (const [accountId, burned] of paces) if (isPast(burned, nowMs, rules.pace)) paces.delete(accountId);
    },
  };
}

function plus(one: Use | undefined, other: Use): Use {
  if (one === undefined) return other;
  return {
    atMs: Math.max(one.atMs, other.atMs),
    requests: one.requests + other.requests,
    flagged: one.flagged + other.flagged,
    free: one.free + other.free,
    paid: one.paid + other.paid,
  };
}
