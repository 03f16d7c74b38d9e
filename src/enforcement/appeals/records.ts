import { sql } from 'kysely';
import { toIso } from '../../base/calendar.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { readAppealsOf } from './store.ts';

const EXPORTED_MAX = 500;

interface ReportRow {
  readonly at_ms: number;
  readonly category: string;
  readonly request_id: string | null;
  readonly app: string | null;
  readonly text: string;
}

/** What somebody wrote in appeals and reports, for the file they take away, and to be taken away with them. */
export function createRedressRecords({ reader, writer }: Pick<Storage, 'reader' | 'writer'>) {
  return {
    name: 'appeals_and_reports',
    async export(accountId: string): Promise<unknown> {
      const appeals = await readAppealsOf(reader, { accountId }, EXPORTED_MAX);
      const { rows } = await sql<ReportRow>`select at_ms, category, request_id, app, text from enforcement_report
        where reporter_id = ${accountId} order by id desc limit ${EXPORTED_MAX}`.execute(reader);
      return {
        appeals: appeals.map(({ id, decisionId, filedAtMs, state, text }) => ({
          id,
          decision_id: decisionId,
          filed_at: toIso(filedAtMs),
          state,
          text,
        })),
        reports: rows.map(({ at_ms: atMs, category, request_id: requestId, app, text }) => ({
          at: toIso(atMs),
          category,
          request_id: requestId,
          app,
          text,
        })),
      };
    },
    /** The words; that there was an appeal, and how it was answered, is part of the record. */
    async erase(accountId: string): Promise<void> {
      await writer.write([
        {
          sql: `update enforcement_appeal set text = '', filed_by = null where account_id = ?`,
          parameters: [accountId],
        },
        {
          sql: `update enforcement_report set text = '', person_id = null where reporter_id = ?`,
          parameters: [accountId],
        },
      ]);
    },
  };
}
