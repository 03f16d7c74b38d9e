import type { Storage } from '../../storage/sql/storage.ts';
import { createModelTable, type ModelTable } from './model-table.ts';
import { readAllowedSets } from './store.ts';

/** The models that accounts allow, from the disk: before any request is looked at. */
export async function openModelTable(storage: Pick<Storage, 'reader'>): Promise<ModelTable> {
  return createModelTable(await readAllowedSets(storage.reader));
}
