/** The tables of signals, incidents and what judgement was told, and every statement that writes them. */
import { type Kysely, sql } from 'kysely';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Conduct } from '../conduct.ts';
import type { Incident, IncidentState } from '../incident.ts';
import type { CleanCount } from '../judgement/dossiers.ts';
import type { KeptIncident } from '../judgement/keeping.ts';
import type { JudgementParameters } from '../judgement/parameters.ts';
import type { Signal, SignalSource } from '../signal.ts';
import { unitKey } from '../unit.ts';
import type { NotedSignal } from './from-review.ts';

type SignalRow = {
  number: number;
  id: string;
  at_ms: number;
  source: SignalSource;
  source_version: string;
  account_id: string;
  key_id: string | null;
  app: string | null;
  member: string | null;
  end_user: string | null;
  product: string | null;
  request_id: string | null;
  conduct: Conduct;
  confidence: number;
  conversation: string | null;
  template: string | null;
  language: 'en' | 'zh' | null;
  clean_before: number;
  fresh_until_ms: number;
  category: string | null;
  agreed: number;
};

type IncidentRow = {
  id: string;
  account_id: string;
  conduct: Conduct;
  state: IncidentState;
  opened_at_ms: number;
  last_at_ms: number;
  incident: string;
  kept: string;
};

export type HeardKind = 'signal' | 'reading' | 'undo' | 'operators';

type HeardRow = {
  number: number;
  at_ms: number;
  kind: HeardKind;
  account_id: string;
  ref: string;
  incident_id: string;
  input: string;
  context: string;
  outcome: string;
  judged_by: string;
  proposed: number;
};

type Tables = {
  enforcement_signal: SignalRow;
  enforcement_incident: IncidentRow;
  enforcement_heard: HeardRow;
  enforcement_parameters: { digest: string; parameters: string };
  enforcement_clean: { unit: string; account_id: string; clean: number };
};

const COLUMNS = [
  'id',
  'at_ms',
  'source',
  'source_version',
  'account_id',
  'key_id',
  'app',
  'member',
  'end_user',
  'product',
  'request_id',
  'conduct',
  'confidence',
  'conversation',
  'template',
  'language',
  'clean_before',
  'fresh_until_ms',
  'category',
  'agreed',
];
const PUT_SIGNAL = `insert into enforcement_signal (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`;

export function putSignal({ signal, category, agreed }: NotedSignal): WriteStatement {
  const { owner } = signal;
  return {
    sql: PUT_SIGNAL,
    expectRows: 1,
    parameters: [
      signal.id,
      signal.atMs,
      signal.source,
      signal.sourceVersion,
      owner.accountId,
      owner.keyId,
      owner.app,
      owner.member,
      owner.endUser,
      owner.product,
      signal.requestId,
      signal.conduct,
      signal.confidence,
      signal.conversation,
      signal.template,
      signal.language,
      signal.cleanBefore,
      signal.freshUntilMs,
      category,
      Number(agreed),
    ],
  };
}

const PUT_INCIDENT = `insert into enforcement_incident
  (id, account_id, conduct, state, opened_at_ms, last_at_ms, incident, kept) values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set state = excluded.state, last_at_ms = excluded.last_at_ms,
    incident = excluded.incident, kept = excluded.kept`;

export function putIncident({ incident, ...kept }: KeptIncident): WriteStatement {
  const { id, owner, conduct, state, openedAtMs, lastAtMs } = incident;
  const parameters = [
    id,
    owner.accountId,
    conduct,
    state,
    openedAtMs,
    lastAtMs,
    JSON.stringify(incident),
    JSON.stringify(kept),
  ];
  return { sql: PUT_INCIDENT, parameters, expectRows: 1 };
}

/** What an undo does to one that is no more in memory. */
export function putUndone(incident: Incident): WriteStatement {
  return {
    sql: `update enforcement_incident set state = 'undone', incident = ? where id = ?`,
    parameters: [JSON.stringify({ ...incident, state: 'undone' }), incident.id],
  };
}

/** What judgement was told. Objects are kept as JSON. */
export interface Heard {
  readonly atMs: number;
  readonly kind: HeardKind;
  readonly accountId: string;
  readonly ref: string;
  readonly incidentId: string;
  readonly input: unknown;
  readonly context: unknown;
  readonly outcome: unknown;
  /** The digest of the figures it was judged by. */
  readonly judgedBy: string;
  /** Whether nothing is left to be done about it. */
  readonly isDone: boolean;
}

export type NumberedHeard = Heard & { readonly number: number };

const PUT_HEARD = `insert into enforcement_heard
  (at_ms, kind, account_id, ref, incident_id, input, context, outcome, judged_by, proposed)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning number`;

export function putHeard(heard: Heard): WriteStatement {
  const { atMs, kind, accountId, ref, incidentId, isDone } = heard;
  const objects = [heard.input, heard.context, heard.outcome].map((value) => JSON.stringify(value));
  return {
    sql: PUT_HEARD,
    parameters: [atMs, kind, accountId, ref, incidentId, ...objects, heard.judgedBy, Number(isDone)],
    expectRows: 1,
  };
}

export function putProposed(number: number): WriteStatement {
  return { sql: 'update enforcement_heard set proposed = 1 where number = ?', parameters: [number] };
}

export function putParameters(digest: string, parameters: JudgementParameters): WriteStatement {
  return {
    sql: 'insert into enforcement_parameters (digest, parameters) values (?, ?) on conflict (digest) do nothing',
    parameters: [digest, JSON.stringify(parameters)],
  };
}

const PUT_CLEAN = `insert into enforcement_clean (unit, account_id, clean) values (?, ?, ?)
  on conflict (unit) do update set clean = max(clean, excluded.clean)`;

export function putClean({ unit, clean }: CleanCount): WriteStatement {
  return { sql: PUT_CLEAN, parameters: [unitKey(unit), unit.accountId, clean] };
}

export function eraseAccount(accountId: string): WriteStatement[] {
  return ['signal', 'incident', 'heard', 'clean'].map((table) => ({
    sql: `delete from enforcement_${table} where account_id = ?`,
    parameters: [accountId],
  }));
}

export interface IncidentFilter {
  readonly accountId?: string | undefined;
  readonly state?: IncidentState | undefined;
  readonly conduct?: Conduct | undefined;
  /** The newest is left out, and what is newer. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Reads the tables. */
export class SignalStore {
  readonly #db: Kysely<Tables>;

  constructor(reader: Reader) {
    this.#db = reader.withTables<Tables>();
  }

  /** Those judgement was not told of yet, in the order they were written. */
  async unheard(): Promise<NotedSignal[]> {
    const rows = await this.#db
      .selectFrom('enforcement_signal as s')
      .selectAll('s')
      .where(sql<boolean>`not exists (select 1 from enforcement_heard h where h.kind = 'signal' and h.ref = s.id)`)
      .orderBy('s.number')
      .execute();
    return rows.map(toSignal);
  }

  /** Incidents that may still count: all but those taken back, and those dismissed before. In the order they were opened. */
  async kept(dismissedSinceMs: number): Promise<KeptIncident[]> {
    const rows = await this.#db
      .selectFrom('enforcement_incident')
      .select(['incident', 'kept'])
      .where((where) =>
        where.or([
          where('state', 'in', ['doubtful', 'confirmed']),
          where.and([where('state', '=', 'dismissed'), where('last_at_ms', '>=', dismissedSinceMs)]),
        ]),
      )
      .orderBy('opened_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(({ incident, kept }) => ({
      ...(JSON.parse(kept) as Omit<KeptIncident, 'incident'>),
      incident: JSON.parse(incident) as Incident,
    }));
  }

  /** Clean requests of units, by their keys. */
  async clean(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#db.selectFrom('enforcement_clean').select(['unit', 'clean']).execute();
    return new Map(rows.map(({ unit, clean }) => [unit, clean]));
  }

  /** What judgement was told, in order. */
  async heard(afterNumber: number, limit: number): Promise<NumberedHeard[]> {
    const all = this.#db.selectFrom('enforcement_heard').selectAll().orderBy('number');
    return (await all.where('number', '>', afterNumber).limit(limit).execute()).map(toHeard);
  }

  /** What something is left to be done about. */
  async unproposed(): Promise<NumberedHeard[]> {
    const all = this.#db.selectFrom('enforcement_heard').selectAll().orderBy('number');
    return (await all.where('proposed', '=', 0).execute()).map(toHeard);
  }

  async ofIncident(incidentId: string): Promise<NumberedHeard[]> {
    const all = this.#db.selectFrom('enforcement_heard').selectAll().orderBy('number');
    return (await all.where('incident_id', '=', incidentId).execute()).map(toHeard);
  }

  async incident(id: string): Promise<Incident | null> {
    const found = this.#db.selectFrom('enforcement_incident').select('incident').where('id', '=', id);
    const row = await found.executeTakeFirst();
    return row === undefined ? null : (JSON.parse(row.incident) as Incident);
  }

  /** The newest first. */
  async incidents({ accountId, state, conduct, before, limit }: IncidentFilter): Promise<Incident[]> {
    let query = this.#db.selectFrom('enforcement_incident').select('incident').orderBy('id', 'desc').limit(limit);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    if (state !== undefined) query = query.where('state', '=', state);
    if (conduct !== undefined) query = query.where('conduct', '=', conduct);
    if (before !== undefined) query = query.where('id', '<', before);
    return (await query.execute()).map(({ incident }) => JSON.parse(incident) as Incident);
  }

  /** In the order they were written. */
  async signalsOf(incidentIds: readonly string[]): Promise<NotedSignal[]> {
    if (incidentIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom('enforcement_signal as s')
      .innerJoin('enforcement_heard as h', 'h.ref', 's.id')
      .selectAll('s')
      .where('h.kind', '=', 'signal')
      .where('h.incident_id', 'in', [...incidentIds])
      .orderBy('s.number')
      .execute();
    return rows.map(toSignal);
  }

  /** All that anybody was judged by, by their digests. */
  async parameters(): Promise<ReadonlyMap<string, JudgementParameters>> {
    const rows = await this.#db.selectFrom('enforcement_parameters').selectAll().execute();
    return new Map(rows.map(({ digest, parameters }) => [digest, JSON.parse(parameters) as JudgementParameters]));
  }

  /** Whether nothing was ever taken out of what judgement was told. */
  async isWhole(): Promise<boolean> {
    const found = this.#db.selectFrom('enforcement_heard');
    const { last, count } = await found
      .select(({ fn }) => [fn.max('number').as('last'), fn.countAll<number>().as('count')])
      .executeTakeFirstOrThrow();
    return (last ?? 0) === count;
  }

  /** Those of these accounts with a confirmed incident. */
  async confirmedOf(accountIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await sql<{ account_id: string }>`
      select distinct account_id from enforcement_incident
      where state = 'confirmed' and account_id in (select value from json_each(${JSON.stringify(accountIds)}))
    `.execute(this.#db);
    return new Set(rows.map(({ account_id: id }) => id));
  }

  /** Signals from `fromMs` up to and without `toMs`, by their source. */
  async countBySource(fromMs: number, toMs: number): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ source: string; signals: number }>`
      select source, count(*) as signals from enforcement_signal where at_ms >= ${fromMs} and at_ms < ${toMs} group by source
    `.execute(this.#db);
    return new Map(rows.map(({ source, signals }) => [source, signals]));
  }
}

function toSignal(row: SignalRow): NotedSignal {
  const signal: Signal = {
    id: row.id,
    atMs: row.at_ms,
    source: row.source,
    sourceVersion: row.source_version,
    owner: {
      accountId: row.account_id,
      keyId: row.key_id,
      app: row.app,
      member: row.member,
      endUser: row.end_user,
      product: row.product,
    },
    requestId: row.request_id,
    conduct: row.conduct,
    confidence: row.confidence,
    conversation: row.conversation,
    template: row.template,
    language: row.language,
    cleanBefore: row.clean_before,
    freshUntilMs: row.fresh_until_ms,
  };
  return { signal, category: row.category as NotedSignal['category'], agreed: row.agreed === 1 };
}

function toHeard(row: HeardRow): NumberedHeard {
  return {
    number: row.number,
    atMs: row.at_ms,
    kind: row.kind,
    accountId: row.account_id,
    ref: row.ref,
    incidentId: row.incident_id,
    input: JSON.parse(row.input),
    context: JSON.parse(row.context),
    outcome: JSON.parse(row.outcome),
    judgedBy: row.judged_by,
    isDone: row.proposed === 1,
  };
}
