/** The tables of appeals, and every statement that touches them. */
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { type Appeal, type AppealFilter, type ListedAppeal, OPEN_STATES } from './appeal.ts';

interface Row {
  readonly id: string;
  readonly decision_id: string;
  readonly sanction_id: string;
  readonly account_id: string;
  readonly source: Appeal['source'];
  readonly filed_by: string | null;
  readonly language: Appeal['language'];
  readonly text: string;
  readonly filed_at_ms: number;
  readonly due_at_ms: number;
  readonly urgent: number;
  readonly state: Appeal['state'];
  readonly state_at_ms: number;
  readonly reviewer: string | null;
  readonly answer_id: string | null;
}

const COLUMNS =
  'id, decision_id, sanction_id, account_id, source, filed_by, language, text, filed_at_ms, due_at_ms, urgent, state, state_at_ms, reviewer, answer_id';
const OPEN = OPEN_STATES.map((state) => `'${state}'`).join(', ');
const INSERT = `insert into enforcement_appeal (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT_EVENT = `insert into enforcement_appeal_event (appeal_id, seq, at_ms, state, actor, reviewer)
  select ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ? from enforcement_appeal_event where appeal_id = ?`;
const MOVE = `update enforcement_appeal set state = ?, state_at_ms = ?, reviewer = ?, urgent = ?, answer_id = ?
  where id = ? and state = ? and reviewer is ?`;

export function insertAppeal(appeal: Appeal, actor: string): WriteStatement[] {
  const { id, decisionId, sanctionId, accountId, source, filedBy, language, text, filedAtMs, dueAtMs } = appeal;
  const { urgent, state, stateAtMs, reviewer, answerId } = appeal;
  const first = [id, decisionId, sanctionId, accountId, source, filedBy, language, text, filedAtMs, dueAtMs];
  return [
    { sql: INSERT, parameters: [...first, urgent ? 1 : 0, state, stateAtMs, reviewer, answerId], expectRows: 1 },
    eventOf(appeal, actor),
  ];
}

/** Refused where it is not any more as it was `before`. */
export function moveAppeal(before: Appeal, after: Appeal, actor: string): WriteStatement[] {
  const { state, stateAtMs, reviewer, urgent, answerId } = after;
  const set = [state, stateAtMs, reviewer, urgent ? 1 : 0, answerId];
  return [
    { sql: MOVE, parameters: [...set, before.id, before.state, before.reviewer], expectRows: 1 },
    eventOf(after, actor),
  ];
}

function eventOf({ id, stateAtMs, state, reviewer }: Appeal, actor: string): WriteStatement {
  return { sql: INSERT_EVENT, parameters: [id, stateAtMs, state, actor, reviewer, id], expectRows: 1 };
}

export async function readAppeal(reader: Reader, id: string): Promise<Appeal | null> {
  const { rows } = await sql<Row>`select ${sql.raw(COLUMNS)} from enforcement_appeal where id = ${id}`.execute(reader);
  return rows[0] === undefined ? null : toAppeal(rows[0]);
}

/** Newest first. */
export async function readAppealsOf(
  reader: Reader,
  of: { readonly decisionId: string } | { readonly accountId: string },
  limit: number,
): Promise<Appeal[]> {
  const where = 'decisionId' in of ? sql`decision_id = ${of.decisionId}` : sql`account_id = ${of.accountId}`;
  const { rows } = await sql<Row>`select ${sql.raw(COLUMNS)} from enforcement_appeal
    where ${where} order by id desc limit ${limit}`.execute(reader);
  return rows.map(toAppeal);
}

/** Open ones first, of those the urgent, then those due first; then the others, those that ended last before the rest. */
export async function listAppeals(
  reader: Reader,
  { states, reviewer, accountId }: AppealFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<ListedAppeal[]> {
  const conditions: RawBuilder<unknown>[] = [sql`1 = 1`];
  if (states !== null) conditions.push(sql`state in (${sql.join(states)})`);
  if (reviewer !== null) conditions.push(sql`reviewer = ${reviewer}`);
  if (accountId !== null) conditions.push(sql`account_id = ${accountId}`);
  const from = readCursor(page.after);
  const after = from === null ? sql`1 = 1` : sql`(rank, place, id) > (${from.rank}, ${from.place}, ${from.id})`;
  const { rows } = await sql<Row & { rank: number; place: number }>`select * from (
      select ${sql.raw(COLUMNS)},
        case when state in (${sql.raw(OPEN)}) then 1 - urgent else 2 end as rank,
        case when state in (${sql.raw(OPEN)}) then due_at_ms else -state_at_ms end as place
      from enforcement_appeal where ${sql.join(conditions, sql` and `)}
    ) where ${after} order by rank, place, id limit ${page.limit}`.execute(reader);
  return rows.map((row) => ({ appeal: toAppeal(row), cursor: `${row.rank}.${row.place}.${row.id}` }));
}

const CURSOR = /^([012])\.(-?\d{1,16})\.(apl_[0-9A-Z]{26})$/;

function readCursor(text: string | null): { rank: number; place: number; id: string } | null {
  const [, rank, place, id] = CURSOR.exec(text ?? '') ?? [];
  return rank === undefined || place === undefined || id === undefined
    ? null
    : { rank: Number(rank), place: Number(place), id };
}

function toAppeal(row: Row): Appeal {
  return {
    id: row.id,
    decisionId: row.decision_id,
    sanctionId: row.sanction_id,
    accountId: row.account_id,
    source: row.source,
    filedBy: row.filed_by,
    language: row.language,
    text: row.text,
    filedAtMs: row.filed_at_ms,
    dueAtMs: row.due_at_ms,
    urgent: row.urgent === 1,
    state: row.state,
    stateAtMs: row.state_at_ms,
    reviewer: row.reviewer,
    answerId: row.answer_id,
  };
}

/** Appeals filed from `fromMs` up to and without `toMs`, by the state they are in. */
export async function countAppeals(reader: Reader, fromMs: number, toMs: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ state: string; appeals: number }>`
    select state, count(*) as appeals from enforcement_appeal where filed_at_ms >= ${fromMs} and filed_at_ms < ${toMs} group by state
  `.execute(reader);
  return new Map(rows.map(({ state, appeals }) => [state, appeals]));
}
