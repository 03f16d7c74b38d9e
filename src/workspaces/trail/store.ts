/** The trail of what was done in accounts, and every statement that writes it. */
import type { Changes, TrailFilter } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { MemberAction } from './trail.ts';

type TrailTables = {
  member_action: {
    id: string;
    at_ms: number;
    account_id: string;
    actor_kind: 'person' | 'scim' | 'system';
    actor_id: string | null;
    permission: string;
    action: string;
    /** A JSON object. */
    objects: string;
    network_prefix: string | null;
  };
  member_action_outcome: {
    action_id: string;
    at_ms: number;
    status: number;
    /** A JSON object. */
    changes: string | null;
  };
};

export type ActionRow = Awaited<ReturnType<typeof readActions>>[number];

export function insertAction(id: string, atMs: number, action: MemberAction): WriteStatement {
  const { accountId, actor, permission, objects, networkPrefix } = action;
  return {
    sql: `insert into member_action
      (id, at_ms, account_id, actor_kind, actor_id, permission, action, objects, network_prefix)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      id,
      atMs,
      accountId,
      actor.kind,
      actor.id,
      permission,
      action.action,
      JSON.stringify(objects),
      networkPrefix,
    ],
    expectRows: 1,
  };
}

export function insertOutcome(id: string, atMs: number, status: number, changes: Changes | null): WriteStatement {
  return {
    sql: 'insert into member_action_outcome (action_id, at_ms, status, changes) values (?, ?, ?, ?)',
    parameters: [id, atMs, status, changes === null ? null : JSON.stringify(changes)],
    expectRows: 1,
  };
}

/** Up to `limit` actions in an account before the one named, newest first. */
export function readActions(
  reader: Reader,
  accountId: string,
  filter: TrailFilter,
  page: { readonly after: string | null; readonly limit: number },
) {
  const { actor, action, fromMs, toMs } = filter;
  return reader
    .withTables<TrailTables>()
    .selectFrom('member_action')
    .leftJoin('member_action_outcome as outcome', 'outcome.action_id', 'member_action.id')
    .selectAll('member_action')
    .select(['outcome.status', 'outcome.changes'])
    .where('account_id', '=', accountId)
    .$if(actor !== null, (query) => query.where('actor_id', '=', actor))
    .$if(action !== null, (query) =>
      query.where(({ eb, fn, val }) =>
        eb(fn<string>('substr', ['action', val(1), val((action ?? '').length)]), '=', action ?? ''),
      ),
    )
    .$if(fromMs !== null, (query) => query.where('member_action.at_ms', '>=', fromMs ?? 0))
    .$if(toMs !== null, (query) => query.where('member_action.at_ms', '<', toMs ?? 0))
    .$if(page.after !== null, (query) => query.where('member_action.id', '<', page.after ?? ''))
    .orderBy('member_action.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** Up to `limit` actions of one person, wherever they were, newest first. */
export function readActionsBy(reader: Reader, personId: string, limit: number) {
  return reader
    .withTables<TrailTables>()
    .selectFrom('member_action')
    .select(['id', 'at_ms', 'account_id', 'action', 'objects', 'network_prefix'])
    .where('actor_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
