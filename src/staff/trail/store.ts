import type { Changes, TrailFilter } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { ActionBegun } from './trail.ts';

type TrailTables = {
  staff_action: {
    id: string;
    at_ms: number;
    actor_kind: 'staff' | 'local' | 'nobody';
    actor_id: string | null;
    actor_name: string | null;
    actor_role: string | null;
    permission: string;
    action: string;
    /** A JSON object. */
    objects: string;
    network_prefix: string | null;
  };
  staff_action_outcome: {
    action_id: string;
    at_ms: number;
    status: number;
    /** A JSON object. */
    changes: string | null;
  };
};

export type ActionRow = Awaited<ReturnType<typeof readActions>>[number];

export function insertAction(id: string, atMs: number, begun: ActionBegun): WriteStatement {
  const { actor, permission, action, objects } = begun;
  const who = actor.kind === 'staff' ? [actor.id, actor.name, actor.role] : [null, null, null];
  const network = actor.kind === 'local' ? null : actor.networkPrefix;
  return {
    sql: `insert into staff_action
      (actor_kind, actor_id, actor_name, actor_role, network_prefix, id, at_ms, permission, action, objects)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [actor.kind, ...who, network, id, atMs, permission, action, JSON.stringify(objects)],
    expectRows: 1,
  };
}

export function insertOutcome(id: string, atMs: number, status: number, changes: Changes | null): WriteStatement {
  return {
    sql: 'insert into staff_action_outcome (action_id, at_ms, status, changes) values (?, ?, ?, ?)',
    parameters: [id, atMs, status, changes === null ? null : JSON.stringify(changes)],
    expectRows: 1,
  };
}

/** Up to `limit` actions before the one named, newest first. */
export function readActions(reader: Reader, filter: TrailFilter, page: { after: string | null; limit: number }) {
  const { actor, action, fromMs, toMs } = filter;
  return reader
    .withTables<TrailTables>()
    .selectFrom('staff_action')
    .leftJoin('staff_action_outcome as outcome', 'outcome.action_id', 'staff_action.id')
    .selectAll('staff_action')
    .select(['outcome.status', 'outcome.changes'])
    .$if(actor === 'local', (query) => query.where('actor_kind', '=', 'local'))
    .$if(actor !== null && actor !== 'local', (query) => query.where('actor_id', '=', actor))
    .$if(action !== null, (query) =>
      query.where(({ eb, fn, val }) =>
        eb(fn<string>('substr', ['action', val(1), val((action ?? '').length)]), '=', action ?? ''),
      ),
    )
    .$if(fromMs !== null, (query) => query.where('staff_action.at_ms', '>=', fromMs ?? 0))
    .$if(toMs !== null, (query) => query.where('staff_action.at_ms', '<', toMs ?? 0))
    .$if(page.after !== null, (query) => query.where('staff_action.id', '<', page.after ?? ''))
    .orderBy('staff_action.id', 'desc')
    .limit(page.limit)
    .execute();
}
