import { assert } from '../../base/assert.ts';
import type { LeftHold } from '../ledger.ts';
import type { HoldFacts, LiveHold } from './hold.ts';
import type { Purse } from './purse.ts';
import type { Purses } from './purses.ts';
import type { BookReader } from './store.ts';
import type { HoldRow } from './statements.ts';

export interface LeftHoldsDeps {
  readonly books: BookReader;
  readonly purses: Purses;
  readonly epoch: string;
  readonly nowMs: () => number;
  /** Of this process. */
  readonly live: ReadonlyMap<string, LiveHold>;
  /** Makes it one of this process; the purse is already held in memory for it. */
  readonly adopt: (facts: HoldFacts, purse: Purse) => LiveHold;
}

/** Finds holds of earlier processes, which become this one's, and holds whose time is past. */
export async function findLeftHolds(limit: number, deps: LeftHoldsDeps): Promise<LeftHold[]> {
  const rows = await deps.books.leftHolds(deps.epoch, deps.nowMs(), limit);
  const left: LeftHold[] = [];
  for (const row of rows) {
    const hold = deps.live.get(row.id) ?? (row.epoch === deps.epoch ? null : await adopt(row, deps));
    // Of this epoch and not in memory: it has just been settled. Being settled: its end is on its way to the disk.
    if (hold !== null && !hold.isSettling()) left.push({ id: row.id, accountId: row.accountId, hold });
  }
  return left;
}

async function adopt(row: HoldRow, deps: LeftHoldsDeps): Promise<LiveHold> {
  const { books, purses, live } = deps;
  const slices = await books.slicesOf(row.id);
  const funded = await books.grantsWith([...new Set(slices.map(({ grantId }) => grantId))]);
  const purse = await purses.pin(row.accountId);
  const other = live.get(row.id);
  if (other !== undefined) {
    purses.unpin(purse);
    return other;
  }
  const parts = slices.map(({ at, grantId, amount }) => {
    const found = funded.find(({ grant }) => grant.id === grantId);
    assert(found, `the grant that ${row.id} holds is there`);
    const pocket = purse.open(found.grant);
    pocket.held += amount;
    return { at, pocket, amount };
  });
  const { id, accountId, model, product } = row;
  return deps.adopt({ id, accountId, scope: { model, product }, parts, isOpen: true }, purse);
}
