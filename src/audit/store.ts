/** The table of the record, and the one statement that adds to it. */
import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import { EMPTY, type Entry, type Head } from './entry.ts';

export type AuditTables = {
  audit_entry: {
    seq: number;
    at_ms: number;
    kind: string;
    subject: string;
    body: string;
    prev_hash: string;
    hash: string;
  };
};

/** Refused by the table itself when it is not the next of the last one. */
export function insertEntry(entry: Entry): WriteStatement {
  return {
    sql: `insert into audit_entry (seq, at_ms, kind, subject, body, prev_hash, hash) values (?, ?, ?, ?, ?, ?, ?)`,
    parameters: [entry.seq, entry.atMs, entry.kind, entry.subject, entry.body, entry.prevHash, entry.hash],
    expectRows: 1,
  };
}

export async function readHead(reader: Reader): Promise<Head> {
  const last = await entries(reader).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return last === undefined ? EMPTY : { seq: last.seq, hash: last.hash };
}

/** Up to `limit` entries behind `after`, the oldest first. */
export async function readEntries(reader: Reader, after: number, limit: number): Promise<Entry[]> {
  const rows = await entries(reader).where('seq', '>', after).orderBy('seq').limit(limit).execute();
  return rows.map(toEntry);
}

/** The first entry of a kind about a subject. */
export async function findEntry(reader: Reader, kind: string, subject: string): Promise<Entry | null> {
  const found = await entries(reader)
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return found === undefined ? null : toEntry(found);
}

function entries(reader: Reader) {
  return reader.withTables<AuditTables>().selectFrom('audit_entry').selectAll();
}

function toEntry(row: AuditTables['audit_entry']): Entry {
  const { seq, kind, subject, body, hash } = row;
  return { seq, atMs: row.at_ms, kind, subject, body, prevHash: row.prev_hash, hash };
}
