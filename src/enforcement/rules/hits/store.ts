/** The table of hits. */
import type { Reader } from '../../../storage/sql/storage.ts';
import type { WriteStatement } from '../../../storage/sql/writer.ts';
import type { EventKind } from '../contract.ts';
import type { Hit, HitClause } from '../engine/engine-deps.ts';

const KEPT_MS = 30 * 86_400_000;
const KEPT_PER_RULE = 20_000;

export interface StoredHit extends Omit<Hit, 'subject'> {
  readonly seq: number;
  readonly event: EventKind;
  readonly eventId: string;
  readonly accountId: string;
  readonly keyId: string | null;
  readonly atMs: number;
}

export interface HitQuestion {
  readonly rule: string;
  /** Null: of everybody. */
  readonly accountId: string | null;
  /** What `next` of the page before said; null: from the newest. */
  readonly after: number | null;
  readonly limit: number;
}

export interface HitPage {
  /** Newest first. */
  readonly hits: readonly StoredHit[];
  readonly next: number | null;
}

type HitTables = {
  enforcement_rule_hit: {
    seq: number;
    id: string;
    rule: string;
    version: number;
    event: EventKind;
    event_id: string;
    account_id: string;
    key_id: string | null;
    at_ms: number;
    mode: Hit['mode'];
    acted: string | null;
    unknown: number;
    clauses: string;
  };
};

const INSERT = `insert into enforcement_rule_hit
  (id, rule, version, event, event_id, account_id, key_id, at_ms, mode, acted, unknown, clauses)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
    value ->> 8, value ->> 9, value ->> 10, value ->> 11 from json_each(?) where true
  on conflict (id) do nothing`;

/** One that is there already stays as it is. */
export function insertHits(hits: readonly Hit[]): WriteStatement {
  const rows = hits.map((hit) => {
    const { kind, eventId, owner, atMs } = hit.subject;
    const whose = [kind, eventId, owner.accountId, owner.keyId, Math.floor(atMs)];
    return [
      hit.id,
      hit.rule,
      hit.version,
      ...whose,
      hit.mode,
      hit.acted,
      hit.unknown ? 1 : 0,
      JSON.stringify(hit.clauses),
    ];
  });
  return { sql: INSERT, parameters: [JSON.stringify(rows)] };
}

export function pruneHits(nowMs: number, rules: readonly string[]): WriteStatement[] {
  const old = { sql: 'delete from enforcement_rule_hit where at_ms < ?', parameters: [nowMs - KEPT_MS] };
  const many = rules.map((rule) => ({
    sql: `delete from enforcement_rule_hit where rule = ? and seq <= coalesce((select seq from enforcement_rule_hit
      where rule = ? order by seq desc limit 1 offset ${KEPT_PER_RULE}), 0)`,
    parameters: [rule, rule],
  }));
  return [old, ...many];
}

export async function readHits(reader: Reader, { rule, accountId, after, limit }: HitQuestion): Promise<HitPage> {
  let query = reader
    .withTables<HitTables>()
    .selectFrom('enforcement_rule_hit')
    .selectAll()
    .where('rule', '=', rule)
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (accountId !== null) query = query.where('account_id', '=', accountId);
  if (after !== null) query = query.where('seq', '<', after);
  const rows = await query.execute();
  const hits = rows.slice(0, limit).map(toHit);
  return { hits, next: rows.length > limit ? (hits.at(-1)?.seq ?? null) : null };
}

function toHit(row: HitTables['enforcement_rule_hit']): StoredHit {
  return {
    seq: row.seq,
    id: row.id,
    rule: row.rule,
    version: row.version,
    event: row.event,
    eventId: row.event_id,
    accountId: row.account_id,
    keyId: row.key_id,
    atMs: row.at_ms,
    mode: row.mode,
    acted: row.acted,
    unknown: row.unknown === 1,
    clauses: JSON.parse(row.clauses) as readonly HitClause[],
  };
}
