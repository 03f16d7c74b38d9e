import { toIso } from '../../base/calendar.ts';
import { CSV_LINE_END, csvCell, disarmed } from '../../base/csv.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { TRAIL_PAGE_MAX, type TrailView } from '../contract.ts';
import { type ActionRow, readActions, type TrailFilter } from './store.ts';

const COLUMNS = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'permission',
  'action',
  'objects',
  'changes',
  'network_prefix',
  'status',
] as const;

/** What people and tokens are called in an account, by their ids. */
export type NamesOf = (accountId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export function toTrailView(row: ActionRow, names: ReadonlyMap<string, string>): TrailView {
  return {
    id: row.id,
    at: toIso(row.at_ms),
    actor: { kind: row.actor_kind, id: row.actor_id, name: names.get(row.actor_id ?? '') ?? null },
    permission: row.permission,
    action: row.action,
    objects: JSON.parse(row.objects) as Record<string, string>,
    changes: row.changes === null ? null : (JSON.parse(row.changes) as Record<string, unknown>),
    network_prefix: row.network_prefix,
    status: row.status,
  };
}

/** The trail of an account as CSV, newest first; one page is in memory at a time, however slowly it is read off. */
export function exportTrail(
  reader: Reader,
  accountId: string,
  filter: TrailFilter,
  namesOf: NamesOf,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after: string | null = null;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(COLUMNS))),
    async pull(controller) {
      const rows = await readActions(reader, accountId, filter, { after, limit: TRAIL_PAGE_MAX });
      const names = await namesOf(accountId, actorsOf(rows));
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map((row) => rowLine(row, names)).join('')));
      after = rows.at(-1)?.id ?? null;
      if (rows.length < TRAIL_PAGE_MAX) controller.close();
    },
  });
}

export function actorsOf(rows: readonly ActionRow[]): string[] {
  return [...new Set(rows.flatMap(({ actor_id: id }) => (id === null ? [] : [id])))];
}

function rowLine(row: ActionRow, names: ReadonlyMap<string, string>): string {
  const cells = { ...row, at: toIso(row.at_ms), actor_name: names.get(row.actor_id ?? '') ?? null };
  return csvLine(COLUMNS.map((column) => String(cells[column] ?? '')));
}

function csvLine(cells: readonly string[]): string {
  return cells.map((text) => csvCell(disarmed(text))).join(',') + CSV_LINE_END;
}
