import { systemRandom } from '../src/base/random.ts';
import { createLinkage } from '../src/fraud/linkage/create-linkage.ts';
import { keepNothing } from '../src/fraud/linkage/keeping.ts';
import { putAccount, putLink } from '../src/fraud/linkage/store.ts';
import type { SqliteDatabase, SqliteStatement } from '../src/runtime/sqlite.ts';
import { loadSecretFile } from '../src/storage/secret-file.ts';
import type { WriteStatement } from '../src/storage/sql/writer.ts';
import { createNewcomers } from './newcomers.ts';

/** Lets so many people sign up by the real code, and keeps what it makes of them. Call it inside a transaction. */
export function fillLinkage(database: SqliteDatabase, dataDir: string, accounts: number): void {
  const prepared = new Map<string, SqliteStatement>();
  function write(statements: readonly WriteStatement[]): void {
    for (const { sql, parameters } of statements) {
      const statement = prepared.get(sql) ?? database.prepare(sql);
      prepared.set(sql, statement);
      statement.run(parameters);
    }
  }
  const linkage = createLinkage({
    secret: loadSecretFile(dataDir, 'evidence-secret', systemRandom),
    nowMs: () => 0,
    keeping: {
      ...keepNothing,
      account: (account) => write(putAccount(account)),
      link: (link) => write(putLink(link)),
    },
  });
  const newcomer = createNewcomers(accounts);
  for (let nth = 0; nth < accounts; nth++) linkage.signedUp(newcomer(nth));
  for (const statement of prepared.values()) statement.finalize();
}
