import type { Clock } from '../../base/clock.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { readStopsInForce } from './stop-store.ts';
import { createStopTable, type StopTable } from './stop-table.ts';

/** The stops that are in force, from the disk: before anybody's key is looked at. */
export async function openStopTable(storage: Pick<Storage, 'reader'>, clock: Clock): Promise<StopTable> {
  return createStopTable(clock, await readStopsInForce(storage.reader, clock.wallMs()));
}
