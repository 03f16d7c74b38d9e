import { toIso } from '../../base/calendar.ts';
import { type TrailFilter, trailFile } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { TRAIL_PAGE_MAX, type TrailView } from '../contract.ts';
import { type ActionRow, readActions } from './store.ts';

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

/** The trail of an account as a file, newest first. */
export function exportTrail(reader: Reader, accountId: string, filter: TrailFilter, namesOf: NamesOf): Response {
  return trailFile({
    name: 'candor-trail.csv',
    columns: COLUMNS,
    async page(after) {
      const rows = await readActions(reader, accountId, filter, { after, limit: TRAIL_PAGE_MAX });
      const names = await namesOf(accountId, actorsOf(rows));
      return rows.map((row) => ({ id: row.id, cells: cellsOf(row, names) }));
    },
  });
}

export function actorsOf(rows: readonly ActionRow[]): string[] {
  return [...new Set(rows.flatMap(({ actor_id: id }) => (id === null ? [] : [id])))];
}

function cellsOf(row: ActionRow, names: ReadonlyMap<string, string>): string[] {
  const cells = { ...row, at: toIso(row.at_ms), actor_name: names.get(row.actor_id ?? '') ?? null };
  return COLUMNS.map((column) => String(cells[column] ?? ''));
}
