import { openReader } from '../../src/storage/sql/storage.ts';

export interface StoredEvent {
  readonly id: string;
  readonly outcome: string;
  readonly status: number;
}

type Tables = {
  usage_event: StoredEvent & { readonly at_ms: number; readonly output_tokens: number };
  ledger_hold: { readonly expires_at_ms: number };
};

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

/** When the first and the last request were taken, by the wall clock of their process. */
export async function wallMsOf(dataDir: string): Promise<{ readonly firstMs: number; readonly lastMs: number }> {
  const { reader, database } = openReader(dataDir);
  try {
    return await reader
      .withTables<Tables>()
      .selectFrom('usage_event')
      .select(({ fn }) => [fn.min<number>('at_ms').as('firstMs'), fn.max<number>('at_ms').as('lastMs')])
      .executeTakeFirstOrThrow();
  } finally {
    database.close();
  }
}

/** The output tokens a request is recorded with. */
export async function outputOf(dataDir: string, id: string): Promise<number> {
  const { reader, database } = openReader(dataDir);
  try {
    const events = reader.withTables<Tables>().selectFrom('usage_event').select('output_tokens');
    return (await events.where('id', '=', id).executeTakeFirstOrThrow()).output_tokens;
  } finally {
    database.close();
  }
}

/** When the first of the open holds is past its time, by the wall clock of its process. */
export async function soonestHoldEndMs(dataDir: string): Promise<number> {
  const { reader, database } = openReader(dataDir);
  try {
    const holds = reader.withTables<Tables>().selectFrom('ledger_hold');
    const soonest = holds.select(({ fn }) => fn.min<number>('expires_at_ms').as('endMs'));
    return (await soonest.executeTakeFirstOrThrow()).endMs;
  } finally {
    database.close();
  }
}
