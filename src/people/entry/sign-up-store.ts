import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Locale } from '../contract.ts';
import type { DoorWay } from '../door/door.ts';
import type { SignUpFacts, SignUpRung } from '../seams.ts';

type SignUpTables = { person_sign_up: SignUpRow };

type SignUpRow = {
  id: string;
  email_key: string;
  known: number;
  sealed: Uint8Array;
  password: string;
  token_digest: Uint8Array;
  code_digest: Uint8Array;
  code_tries: number;
  sends: number;
  browser_digest: Uint8Array;
  created_at_ms: number;
  expires_at_ms: number;
};

/** What was sent with a sign-up; sealed for its row. */
export interface SignUpContent {
  readonly email: string;
  readonly locale: Locale;
  readonly way: DoorWay;
  readonly invitation: string | null;
  readonly facts: SignUpFacts;
  readonly rungs: readonly SignUpRung[];
}

/** A sign-up whose mail address is not proved. Nothing else of it is anywhere. */
export interface SignUp {
  readonly id: string;
  readonly emailKey: string;
  /** The address has an account already: no link and no code of this one is ever right. */
  readonly known: boolean;
  readonly sealed: Uint8Array;
  /** A PHC string. */
  readonly password: string;
  readonly tokenDigest: Uint8Array;
  readonly codeDigest: Uint8Array;
  readonly codeTries: number;
  /** Mails that were sent of it. */
  readonly sends: number;
  /** Of the cookie in the browser that signed up. */
  readonly browserDigest: Uint8Array;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export async function readSignUp(
  reader: Reader,
  by: 'token_digest' | 'browser_digest',
  digest: Uint8Array,
  nowMs: number,
): Promise<SignUp | null> {
  const row = await reader
    .withTables<SignUpTables>()
    .selectFrom('person_sign_up')
    .selectAll()
    .where(by, '=', digest)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row === undefined ? null : toSignUp(row);
}

export function insertSignUp(one: SignUp): WriteStatement {
  return {
    sql: `insert into person_sign_up (id, email_key, known, sealed, password, token_digest, code_digest, code_tries, sends,
      browser_digest, created_at_ms, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      one.id,
      one.emailKey,
      Number(one.known),
      one.sealed,
      one.password,
      one.tokenDigest,
      one.codeDigest,
      one.codeTries,
      one.sends,
      one.browserDigest,
      one.createdAtMs,
      one.expiresAtMs,
    ],
    expectRows: 1,
  };
}

/** Counts a try of the code before it is compared; changes nothing when there were `triesMax` already. */
export function countTry(id: string, triesMax: number): WriteStatement {
  return {
    sql: 'update person_sign_up set code_tries = code_tries + 1 where id = ? and code_tries < ?',
    parameters: [id, triesMax],
    expectRows: 1,
  };
}

/** A new link and a new code in place of the old ones; changes nothing when `sendsMax` mails were sent. */
export function renewSignUp(
  id: string,
  { tokenDigest, codeDigest }: Pick<SignUp, 'tokenDigest' | 'codeDigest'>,
  sendsMax: number,
): WriteStatement {
  return {
    sql: `update person_sign_up set token_digest = ?, code_digest = ?, code_tries = 0, sends = sends + 1
      where id = ? and sends < ?`,
    parameters: [tokenDigest, codeDigest, id, sendsMax],
    expectRows: 1,
  };
}

/** Uses a sign-up up, and with it every other of the address; fails where it was used, or its link replaced. */
export function takeSignUp({ id, emailKey, tokenDigest }: SignUp, nowMs: number): WriteStatement[] {
  return [
    {
      sql: 'delete from person_sign_up where id = ? and token_digest = ? and expires_at_ms > ?',
      parameters: [id, tokenDigest, nowMs],
      expectRows: 1,
    },
    { sql: 'delete from person_sign_up where email_key = ?', parameters: [emailKey] },
  ];
}

export function deleteExpiredSignUps(nowMs: number): WriteStatement {
  return { sql: 'delete from person_sign_up where expires_at_ms <= ?', parameters: [nowMs] };
}

function toSignUp(row: SignUpRow): SignUp {
  return {
    id: row.id,
    emailKey: row.email_key,
    known: row.known === 1,
    sealed: row.sealed,
    password: row.password,
    tokenDigest: row.token_digest,
    codeDigest: row.code_digest,
    codeTries: row.code_tries,
    sends: row.sends,
    browserDigest: row.browser_digest,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
