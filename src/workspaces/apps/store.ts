/** The tables of apps and of allowed models, and every statement that writes them. */
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { APPS_MAX } from '../contract.ts';

type AppTables = {
  account_app: {
    account_id: string;
    id: string;
    name: string;
    created_at_ms: number;
    archived_at_ms: number | null;
  };
  allowed_models: {
    account_id: string;
    kind: ModelSubject['kind'];
    subject: string;
    /** A JSON array. */
    models: string;
  };
};

/** An app somebody declared: `id` is what keys carry. */
export interface DeclaredApp {
  readonly accountId: string;
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly archivedAtMs: number | null;
}

/** Whose keys a set of models narrows: all of an account's, an app's, or a member's. */
export type ModelSubject =
  | { readonly kind: 'account' }
  | { readonly kind: 'app'; readonly id: string }
  | { readonly kind: 'member'; readonly id: string };

export interface AllowedSet {
  readonly accountId: string;
  readonly subject: ModelSubject;
  readonly models: readonly string[];
}

export async function readApps(reader: Reader, accountId: string): Promise<DeclaredApp[]> {
  const rows = await reader
    .withTables<AppTables>()
    .selectFrom('account_app')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    accountId: row.account_id,
    id: row.id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    archivedAtMs: row.archived_at_ms,
  }));
}

export async function readApp(reader: Reader, accountId: string, id: string): Promise<DeclaredApp | null> {
  return (await readApps(reader, accountId)).find((app) => app.id === id) ?? null;
}

export async function readAllowedSets(reader: Reader): Promise<AllowedSet[]> {
  const rows = await reader.withTables<AppTables>().selectFrom('allowed_models').selectAll().execute();
  return rows.map(({ account_id: accountId, kind, subject, models }) => ({
    accountId,
    subject: kind === 'account' ? { kind } : { kind, id: subject },
    models: JSON.parse(models) as string[],
  }));
}

/** Changes nothing when there are as many as there may be; breaks a constraint where there is one of this id. */
export function insertApp({ accountId, id, name, createdAtMs }: DeclaredApp): WriteStatement {
  return {
    sql: `insert into account_app (account_id, id, name, created_at_ms)
      select ?, ?, ?, ? where (select count(*) from account_app where account_id = ?) < ?`,
    parameters: [accountId, id, name, createdAtMs, accountId, APPS_MAX],
    expectRows: 1,
  };
}

export function updateApp({ accountId, id, name, archivedAtMs }: DeclaredApp): WriteStatement {
  return {
    sql: 'update account_app set name = ?, archived_at_ms = ? where account_id = ? and id = ?',
    parameters: [name, archivedAtMs, accountId, id],
    expectRows: 1,
  };
}

export function putAllowedSet({ accountId, subject, models }: AllowedSet): WriteStatement {
  return {
    sql: 'insert or replace into allowed_models (account_id, kind, subject, models) values (?, ?, ?, ?)',
    parameters: [accountId, subject.kind, subjectId(subject), JSON.stringify(models)],
    expectRows: 1,
  };
}

export function dropAllowedSet(accountId: string, subject: ModelSubject): WriteStatement {
  return {
    sql: 'delete from allowed_models where account_id = ? and kind = ? and subject = ?',
    parameters: [accountId, subject.kind, subjectId(subject)],
  };
}

function subjectId(subject: ModelSubject): string {
  return subject.kind === 'account' ? '' : subject.id;
}
