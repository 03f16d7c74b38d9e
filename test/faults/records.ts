import { openReader } from '../../src/storage/sql/storage.ts';

export interface StoredEvent {
  readonly id: string;
  readonly outcome: string;
  readonly status: number;
}

type Tables = { usage_event: StoredEvent };

/** SQLite takes this many parameters without asking. */
const IDS_AT_ONCE = 500;

/** The usage events with these ids, beside whichever process owns the folder. */
export async function eventsWith(dataDir: string, ids: readonly string[]): Promise<Map<string, StoredEvent>> {
  const { reader, database } = openReader(dataDir);
  const found = new Map<string, StoredEvent>();
  try {
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = ids.slice(at, at + IDS_AT_ONCE);
      const events = reader.withTables<Tables>().selectFrom('usage_event').select(['id', 'outcome', 'status']);
      for (const event of await events.where('id', 'in', some).execute()) found.set(event.id, event);
    }
  } finally {
    database.close();
  }
  return found;
}

/** How many events there are, by outcome, and how many different ids. */
export async function countEvents(dataDir: string) {
  const { reader, database } = openReader(dataDir);
  try {
    const events = reader.withTables<Tables>().selectFrom('usage_event');
    const rows = await events
      .select(({ fn }) => ['outcome', fn.countAll<number>().as('count'), fn.count<number>('id').distinct().as('ids')])
      .groupBy('outcome')
      .execute();
    return {
      total: rows.reduce((sum, row) => sum + row.count, 0),
      ids: rows.reduce((sum, row) => sum + row.ids, 0),
      of: (outcome: string) => rows.find((row) => row.outcome === outcome)?.count ?? 0,
    };
  } finally {
    database.close();
  }
}
