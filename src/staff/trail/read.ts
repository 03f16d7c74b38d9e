import { toIso } from '../../base/calendar.ts';
import { type TrailFilter, trailFile } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { AUDIT_PAGE_MAX, type AuditView } from '../contract.ts';
import { type ActionRow, readActions } from './store.ts';

const COLUMNS = [
  'id',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'actor_role',
  'permission',
  'action',
  'objects',
  'changes',
  'network_prefix',
  'status',
] as const;

export function toAuditView(row: ActionRow): AuditView {
  return {
    id: row.id,
    at: toIso(row.at_ms),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name, role: row.actor_role },
    permission: row.permission,
    action: row.action,
    objects: JSON.parse(row.objects) as Record<string, string>,
    changes: row.changes === null ? null : (JSON.parse(row.changes) as Record<string, unknown>),
    network_prefix: row.network_prefix,
    status: row.status,
  };
}

/** The trail as a file, newest first. */
export function exportTrail(reader: Reader, filter: TrailFilter): Response {
  return trailFile({
    name: 'candor-audit.csv',
    columns: COLUMNS,
    async page(after) {
      const rows = await readActions(reader, filter, { after, limit: AUDIT_PAGE_MAX });
      return rows.map((row) => ({ id: row.id, cells: cellsOf(row) }));
    },
  });
}

function cellsOf(row: ActionRow): string[] {
  return COLUMNS.map((column) => (column === 'at' ? toIso(row.at_ms) : String(row[column] ?? '')));
}
