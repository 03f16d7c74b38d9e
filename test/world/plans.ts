/** Plans over real books in a folder of their own, at a time the test sets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Accounts, createAccounts } from '../../src/accounts/index.ts';
import { auditDatabase } from '../../src/app/audit.ts';
import { MIGRATIONS } from '../../src/app/migrations.ts';
import type { Clock } from '../../src/base/clock.ts';
import { createMintId } from '../../src/base/ids.ts';
import { fromSqlText, type Nano, parseUsd } from '../../src/base/money.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLedger, createPlans, createRevocations, type Ledger, type PlansPart } from '../../src/ledger/index.ts';
import type { Revocations } from '../../src/ledger/credit/revocations.ts';
import type { PlanPayment } from '../../src/ledger/plan.ts';
import { openStorage, type Storage } from '../../src/storage/sql/storage.ts';

export interface PlanWorld {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly revocations: Revocations;
  readonly plans: PlansPart;
  readonly storage: Storage;
  readonly clock: Clock;
  /** The plans there are. */
  readonly configured: Config['plans'];
  /** Sets the time. */
  at(iso: string): void;
  account(): Promise<string>;
  /** Nano-dollars of one account of the books; 0 when there is none. */
  balanceOf(account: string): Promise<Nano>;
  /** The sum over all accounts of the books. */
  total(): Promise<Nano>;
  /** The rules of the audit that do not hold. */
  audit(): Promise<readonly string[]>;
  /** Ends the process and starts another on the same folder. */
  restart(): Promise<PlanWorld>;
  close(): Promise<void>;
}

/** `yaml` is the section `plans` of the configuration; `folder` is taken away when it is closed. */
export function openPlanWorld(yaml = '{}', folder = mkdtempSync(join(tmpdir(), 'candor-plans-'))): Promise<PlanWorld> {
  const time = { ms: Date.parse('2026-01-31T10:00:00Z') };
  return openOn(folder, time, yaml);
}

async function openOn(folder: string, time: { ms: number }, yaml: string): Promise<PlanWorld> {
  const clock = { wallMs: () => time.ms, monoMs: () => performance.now() };
  const mintId = createMintId(clock, systemRandom);
  const onFatal = () => undefined;
  const storage = await openStorage({ dataDir: folder, migrations: MIGRATIONS, clock, random: systemRandom, onFatal });
  const ledger = createLedger({ storage, clock });
  const accounts = await createAccounts({ storage, clock, mintId });
  const revocations = await createRevocations({ storage, ledger, clock, mintId });
  const configured = plansOf(yaml);
  const plans = await createPlans({
    storage,
    ledger,
    accounts,
    revocations,
    clock,
    mintId,
    plans: configured,
  });
  const database = storage.reader.withTables<{ ledger_account: { id: string; balance: number } }>();

  async function balances(): Promise<Map<string, Nano>> {
    const rows = await database
      .selectFrom('ledger_account')
      .select(['id', sql<string>`cast(balance as text)`.as('balance')])
      .execute();
    return new Map(rows.map((row) => [row.id, fromSqlText(row.balance)]));
  }

  async function shut(): Promise<void> {
    revocations.close();
    ledger.close();
    await storage.close();
  }

  return {
    accounts,
    ledger,
    revocations,
    plans,
    storage,
    clock,
    configured,
    at(iso) {
      time.ms = Date.parse(iso);
    },
    async account() {
      const made = await accounts.create({ name: 'someone' });
      if (!made.ok) throw new Error(made.refusal.message);
      return made.value.id;
    },
    balanceOf: async (account) => (await balances()).get(account) ?? 0n,
    total: async () => [...(await balances()).values()].reduce((sum, one) => sum + one, 0n),
    audit: async () => (await auditDatabase(folder, clock)).findings.map(({ rule }) => rule),
    async restart() {
      await shut();
      return openOn(folder, time, yaml);
    },
    async close() {
      await shut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function plansOf(yaml: string) {
  const disk = { read: () => Buffer.from(`plans: ${yaml}`), isFile: (path: string) => path.endsWith('.yaml') };
  const loaded = loadConfig({ env: {}, cwd: '/', disk });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value.plans;
}

/** Nano-dollars of dollars. */
export function usd(text: string): Nano {
  const parsed = parseUsd(text);
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}

export function paid(id: string, dollars: string): PlanPayment {
  return { id, amount: usd(dollars), from: 'wash', note: `payment ${id}` };
}
