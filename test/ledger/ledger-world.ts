import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../src/base/random.ts';
import type { LedgerDeps } from '../../src/ledger/books/books.ts';
import { auditBooks, createLedger, ledgerBooks } from '../../src/ledger/index.ts';
import { createFindings } from '../../src/storage/sql/findings.ts';
import { openStorage } from '../../src/storage/sql/storage.ts';
import { StorageFault, type WriteStatement } from '../../src/storage/sql/writer.ts';

export type LedgerWorld = Awaited<ReturnType<typeof startLedger>>;

/** A folder in memory where there is one: the laws are about order, and the disk has tests of its own. */
export function makeFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'candor-laws-'));
}

export function dropFolder(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}

/** A ledger over a folder, as one process has it, whose disk can be told to take nothing. */
export async function startLedger(dataDir: string, wallMs: () => number, more: Partial<LedgerDeps> = {}) {
  const clock = { wallMs, monoMs: () => performance.now() };
  const onFatal = (fault: StorageFault) => {
    throw fault;
  };
  const storage = await openStorage({ dataDir, migrations: [ledgerBooks], clock, random: systemRandom, onFatal });
  const disk = { fails: false };
  const write = (unit: readonly WriteStatement[]) =>
    disk.fails ? Promise.reject(new StorageFault('disk_full', 'planted')) : storage.writer.write(unit);
  const ledger = createLedger({ storage: { ...storage, writer: { ...storage.writer, write } }, clock, ...more });
  return {
    ledger,
    disk,
    write,
    /** Rules of the audit that do not hold. */
    audit: () =>
      storage.reader.transaction().execute(async (moment) => {
        const findings = createFindings();
        await auditBooks(moment, findings, wallMs());
        return findings.list();
      }),
    async houseBalances(): Promise<Map<string, bigint>> {
      const tables = storage.reader.withTables<{ ledger_account: { id: string; kind: string; balance: number } }>();
      const rows = await tables
        .selectFrom('ledger_account')
        .select(['id', 'balance'])
        .where('kind', '=', 'house')
        .execute();
      return new Map(rows.flatMap(({ id, balance }) => (balance === 0 ? [] : [[id, BigInt(balance)]])));
    },
    close() {
      ledger.close();
      return storage.close();
    },
  };
}
