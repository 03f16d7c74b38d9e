import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { Locale } from './contract.ts';
import type { Person, PersonState } from './person.ts';
import type { SignUpRung } from './seams.ts';

export type PersonTables = { person: PersonRow };

type PersonRow = {
  id: string;
  email: string;
  email_key: string | null;
  name: string;
  locale: Locale;
  password: string | null;
  state: PersonState | 'deleted';
  waitlist_ticket: string | null;
  totp: Uint8Array | null;
  totp_step: number | null;
  created_at_ms: number;
  signed_in_at_ms: number | null;
  terms_at_ms: number | null;
  rungs_due: string | null;
  deletion_at_ms: number | null;
};

/** One indexed read; null for nobody, and for whoever was deleted. */
export async function readPerson(reader: Reader, by: 'id' | 'email_key', value: string): Promise<Person | null> {
  const row = await reader
    .withTables<PersonTables>()
    .selectFrom('person')
    .selectAll()
    .where(by, '=', value)
    .executeTakeFirst();
  return row === undefined ? null : toPerson(row);
}

/** Whose account is to be deleted by now. */
export async function readDeletionsDue(reader: Reader, nowMs: number, limit: number): Promise<string[]> {
  const rows = await reader
    .withTables<PersonTables>()
    .selectFrom('person')
    .select('id')
    .where('deletion_at_ms', '<=', nowMs)
    .where('state', '=', 'deletion_pending')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** People let in whose proofs other parts have not heard of yet, and the proofs. */
export async function readRungsDue(reader: Reader, limit: number) {
  const rows = await reader
    .withTables<PersonTables>()
    .selectFrom('person')
    .select(['id', 'rungs_due'])
    .where('rungs_due', 'is not', null)
    .where('state', '=', 'active')
    .limit(limit)
    .execute();
  return rows.map(({ id, rungs_due }) => ({ id, rungs: JSON.parse(rungs_due ?? '[]') as SignUpRung[] }));
}

/** Changes nothing where one more was proved meanwhile. */
export function clearRungsDue(id: string, rungs: readonly SignUpRung[]): WriteStatement {
  return {
    sql: 'update person set rungs_due = null where id = ? and rungs_due = ?',
    parameters: [id, JSON.stringify(rungs)],
  };
}

/** One more that was proved, to be told. */
export function addRungDue(id: string, rung: SignUpRung): WriteStatement {
  return {
    sql: "update person set rungs_due = json_insert(coalesce(rungs_due, '[]'), '$[#]', ?) where id = ?",
    parameters: [rung, id],
    expectRows: 1,
  };
}

/** A mail address that is taken breaks a constraint. `rungs`: what signing up proved, to be told once they are in. */
export function insertPerson(person: Person, rungs: readonly SignUpRung[]): WriteStatement {
  return {
    sql: `insert into person (id, email, email_key, name, locale, password, state, waitlist_ticket, totp, created_at_ms,
      terms_at_ms, rungs_due) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      person.id,
      person.email,
      person.emailKey,
      person.name,
      person.locale,
      person.password,
      person.state,
      person.waitlistTicket,
      person.totp,
      person.createdAtMs,
      person.createdAtMs,
      JSON.stringify(rungs),
    ],
    expectRows: 1,
  };
}

/** Makes the unit fail unless somebody still is who they were when it was decided. */
export function requireUnchanged({ id, emailKey, password, totp, state }: Person): WriteStatement {
  return {
    sql: 'select 1 from person where id = ? and email_key = ? and password is ? and totp is ? and state = ?',
    parameters: [id, emailKey, password, totp, state],
    expectRows: 1,
  };
}

export function setProfile(id: string, { name, locale }: Pick<Person, 'name' | 'locale'>): WriteStatement {
  return { sql: 'update person set name = ?, locale = ? where id = ?', parameters: [name, locale, id], expectRows: 1 };
}

export function setPassword(id: string, password: string): WriteStatement {
  return { sql: 'update person set password = ? where id = ?', parameters: [password, id], expectRows: 1 };
}

export function setSignedIn(id: string, atMs: number): WriteStatement {
  return { sql: 'update person set signed_in_at_ms = ? where id = ?', parameters: [atMs, id], expectRows: 1 };
}

/** Breaks a constraint when somebody else took the address meanwhile. */
export function setEmail(id: string, email: string, emailKey: string): WriteStatement {
  return {
    sql: 'update person set email = ?, email_key = ? where id = ?',
    parameters: [email, emailKey, id],
    expectRows: 1,
  };
}

export function setTotp(id: string, sealed: Uint8Array | null): WriteStatement {
  return {
    sql: 'update person set totp = ?, totp_step = null where id = ?',
    parameters: [sealed, id],
    expectRows: 1,
  };
}

/** Uses up the code of a time step; changes nothing when it, or a later one, was used. */
export function useTotpStep(id: string, step: number): WriteStatement {
  return {
    sql: 'update person set totp_step = ? where id = ? and (totp_step is null or totp_step < ?)',
    parameters: [step, id, step],
    expectRows: 1,
  };
}

/** Lets somebody in who waited; changes nothing for anybody else. */
export function setAdmitted(id: string): WriteStatement {
  return {
    sql: `update person set state = case state when 'waitlisted' then 'active' else state end, waitlist_ticket = null
      where id = ? and waitlist_ticket is not null`,
    parameters: [id],
    expectRows: 1,
  };
}

export function setDeletion(id: string, from: PersonState, to: PersonState, atMs: number | null): WriteStatement {
  return {
    sql: 'update person set state = ?, deletion_at_ms = ? where id = ? and state = ?',
    parameters: [to, atMs, id, from],
    expectRows: 1,
  };
}

/** Takes away whatever tells who it was; the row stays, because the account's books do. */
export function erasePerson(id: string): WriteStatement {
  return {
    sql: `update person set state = 'deleted', email = '', email_key = null, name = '', password = null, totp = null,
      totp_step = null, waitlist_ticket = null, deletion_at_ms = null where id = ? and state = 'deletion_pending'`,
    parameters: [id],
    expectRows: 1,
  };
}

function toPerson(row: PersonRow): Person | null {
  if (row.state === 'deleted' || row.email_key === null) return null;
  return {
    id: row.id,
    email: row.email,
    emailKey: row.email_key,
    name: row.name,
    locale: row.locale,
    password: row.password,
    state: row.state,
    waitlistTicket: row.waitlist_ticket,
    totp: row.totp,
    createdAtMs: row.created_at_ms,
    signedInAtMs: row.signed_in_at_ms,
    deletionAtMs: row.deletion_at_ms,
  };
}
