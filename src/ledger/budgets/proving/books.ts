/** Budgets over a database of their own, for tests: time is held, and what is on the disk can be looked at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountsAndKeys } from '../../../accounts/index.ts';
import { createMintId } from '../../../base/ids.ts';
import { systemRandom } from '../../../base/random.ts';
import type { Migration } from '../../../storage/sql/migration.ts';
import { openStorage } from '../../../storage/sql/storage.ts';
import type { WriteOutcome, WriteStatement } from '../../../storage/sql/writer.ts';
import type { Budgets, BudgetUse } from '../../budget.ts';
import type { Alert } from '../alert.ts';
import { readAlerts } from '../alert-store.ts';
import { type BudgetsDeps, createBudgets } from '../budgets.ts';
import { ledgerBudgets } from '../migrations/2026-11-22-ledger-budgets.ts';
import { readWindows, type StoredWindow } from '../store.ts';

export const DAY_MS = 86_400_000;
/** Noon of a day in the middle of a month. */
const NOON_MS = Date.UTC(2027, 4, 15, 12);

export interface ProvenBooks {
  /** Wall milliseconds; tests move it. */
  now: number;
  readonly budgets: Budgets;
  readonly told: Alert[];
  readonly parts: Pick<BudgetsDeps, 'storage' | 'clock' | 'mintId'>;
  write(unit: readonly WriteStatement[]): Promise<WriteOutcome>;
  /** Begins again from what is on the disk. */
  restart(): Promise<void>;
  /** What is used now, budget by budget, as a process that begins now would see it. */
  afresh(): Promise<readonly BudgetUse[]>;
  windows(): Promise<readonly StoredWindow[]>;
  /** How many requests count in budgets. */
  takes(): Promise<number>;
  /** Oldest first. */
  alerts(): Promise<readonly Alert[]>;
  /** `version limit removed` of every change, oldest first. */
  history(): Promise<readonly string[]>;
  close(): Promise<void>;
}

type Tables = {
  ledger_budget_take: { request_id: string };
  ledger_budget_version: { budget_id: string; version: number; limit_nano: number; removed: number };
};

/** The accounts `acct_a` and `acct_b` and no budget yet. */
export async function openBooks(more: readonly Migration[] = []): Promise<ProvenBooks> {
  const dataDir = mkdtempSync(join(tmpdir(), 'candor-budgets-'));
  const told: Alert[] = [];
  let now = NOON_MS;
  const clock = { wallMs: () => now, monoMs: () => now };
  const mintId = createMintId(clock, systemRandom);
  const storage = await openStorage({
    dataDir,
    migrations: [accountsAndKeys, ledgerBudgets, ...more],
    clock,
    random: systemRandom,
    onFatal: (fault) => {
      throw fault;
    },
  });
  const { reader, writer } = storage;
  const account = 'insert into account (id, name, created_at_ms) values (?, ?, 0)';
  await writer.write(['acct_a', 'acct_b'].map((id) => ({ sql: account, parameters: [id, id] })));
  const make = (onAlert: (alert: Alert) => void) => createBudgets({ storage, clock, mintId, onAlert });
  let budgets = await make((alert) => told.push(alert));
  return {
    get now() {
      return now;
    },
    set now(ms) {
      now = ms;
    },
    get budgets() {
      return budgets;
    },
    told,
    parts: { storage, clock, mintId },
    write: (unit) => writer.write(unit),
    async restart() {
      budgets = await make((alert) => told.push(alert));
    },
    afresh: async () => (await make(() => undefined)).list(null),
    windows: () => readWindows(reader),
    takes: async () =>
      (await reader.withTables<Tables>().selectFrom('ledger_budget_take').select('request_id').execute()).length,
    alerts: async () => (await readAlerts(reader, { accountId: null, before: null, limit: 1_000 })).toReversed(),
    async history() {
      const versions = reader.withTables<Tables>().selectFrom('ledger_budget_version').selectAll();
      const rows = await versions.orderBy('budget_id').orderBy('version').execute();
      return rows.map((row) => `${row.version} ${row.limit_nano} ${row.removed}`);
    },
    async close() {
      await storage.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
