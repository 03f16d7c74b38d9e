import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type MailTables = {
  person_mail: {
    id: string;
    state: 'waiting' | 'sent' | 'given_up' | 'void' | 'kept';
    sealed: Uint8Array | null;
    tries: number;
    next_at_ms: number;
    created_at_ms: number;
  };
};

export function insertMail(mail: {
  readonly id: string;
  readonly state: 'waiting' | 'void' | 'kept';
  readonly sealed: Uint8Array;
  readonly nextAtMs: number;
  readonly createdAtMs: number;
}): WriteStatement {
  return {
    sql: 'insert into person_mail (id, state, sealed, tries, next_at_ms, created_at_ms) values (?, ?, ?, 0, ?, ?)',
    parameters: [mail.id, mail.state, mail.sealed, mail.nextAtMs, mail.createdAtMs],
    expectRows: 1,
  };
}

export interface DueMail {
  readonly id: string;
  readonly state: 'waiting' | 'void';
  readonly sealed: Uint8Array;
  /** Those that failed. */
  readonly tries: number;
}

export async function readDueMails(reader: Reader, nowMs: number, limit: number): Promise<DueMail[]> {
  const rows = await reader
    .withTables<MailTables>()
    .selectFrom('person_mail')
    .select(['id', 'state', 'sealed', 'tries'])
    .where('state', 'in', ['waiting', 'void'])
    .where('next_at_ms', '<=', nowMs)
    .orderBy('next_at_ms')
    .limit(limit)
    .execute();
  return rows.map(({ id, state, sealed, tries }) => ({
    id,
    state: state === 'void' ? 'void' : 'waiting',
    sealed: sealed ?? new Uint8Array(),
    tries,
  }));
}

/** With it goes what the mail said. */
export function finishMail(id: string, state: 'sent' | 'given_up'): WriteStatement {
  return { sql: 'update person_mail set state = ?, sealed = null where id = ?', parameters: [state, id] };
}

export function postponeMail(id: string, untilMs: number): WriteStatement {
  return {
    sql: 'update person_mail set tries = tries + 1, next_at_ms = ? where id = ?',
    parameters: [untilMs, id],
  };
}

/** Forgets mails that are done with. */
export function deleteOldMails(beforeMs: number): WriteStatement {
  return {
    sql: "delete from person_mail where created_at_ms < ? and state in ('sent', 'given_up', 'void')",
    parameters: [beforeMs],
  };
}

/** Forgets kept mails beyond the latest so many. */
export function keepLatest(count: number): WriteStatement {
  return {
    sql: `delete from person_mail where state = 'kept' and id in
      (select id from person_mail where state = 'kept' order by created_at_ms desc limit -1 offset ?)`,
    parameters: [count],
  };
}

export async function readKeptMails(reader: Reader, limit: number) {
  const rows = await reader
    .withTables<MailTables>()
    .selectFrom('person_mail')
    .select(['id', 'sealed', 'created_at_ms'])
    .where('state', '=', 'kept')
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, sealed, created_at_ms: createdAtMs }) => ({
    id,
    sealed: sealed ?? new Uint8Array(),
    createdAtMs,
  }));
}
