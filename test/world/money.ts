import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, createAccounts } from '../../src/accounts/index.ts';
import { MIGRATIONS } from '../../src/app/migrations.ts';
import { createMintId } from '../../src/base/ids.ts';
import { fromSqlText, NANO_PER_USD, type Nano } from '../../src/base/money.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { PaymentsConfig } from '../../src/config/payments.ts';
import { assemblePlans } from '../../src/config/plans.ts';
import {
  createLedger,
  createManualDriver,
  createPayments,
  createPlans,
  createRevocations,
  createStripeDriver,
  createWebhook,
  type Ledger,
  type PaymentDriver,
  type Payments,
  type PlansPart,
} from '../../src/ledger/index.ts';
import { openStorage, type Storage } from '../../src/storage/sql/storage.ts';
import { type FakeStripe, startStripe } from './stripe.ts';

/** Payments over a database of their own, beside a Stripe of ours; time is held. */
export interface MoneyWorld {
  /** Wall milliseconds; tests move it. */
  now: number;
  readonly stripe: FakeStripe;
  readonly storage: Storage;
  readonly ledger: Ledger;
  readonly payments: Payments;
  readonly plans: PlansPart;
  readonly accounts: Accounts;
  readonly webhook: (request: Request) => Promise<Response>;
  /** What the operator was told. */
  readonly told: string[];
  account(): Promise<string>;
  available(accountId: string): Promise<Nano>;
  /** Balance of one account of the chart. */
  house(id: string): Promise<Nano>;
  /** The sum over all accounts, which is nothing. */
  sum(): Promise<Nano>;
  rows(table: string): Promise<Record<string, unknown>[]>;
  /** As Stripe delivers it. */
  deliver(event: unknown, changed?: Parameters<FakeStripe['sign']>[1]): Promise<Response>;
  /** Spends credit as a request does. */
  spend(accountId: string, amount: Nano): Promise<void>;
  /** Ends the process without a word, and starts another over the same disk. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const usd = (dollars: number): Nano => (BigInt(Math.round(dollars * 100)) * NANO_PER_USD) / 100n;

export interface MoneyOptions {
  readonly taxBp?: number;
  readonly failuresPerHour?: number;
  readonly timeoutMs?: number;
}

export async function openMoney(options: MoneyOptions = {}): Promise<MoneyWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'candor-money-'));
  let now = Date.UTC(2027, 4, 15, 12);
  const clock = { wallMs: () => now, monoMs: () => now };
  const stripe = await startStripe(() => now);
  const config: PaymentsConfig = {
    stripe: {
      secretKey: 'sk_test_01234567',
      webhookSecret: stripe.secret,
      baseUrl: stripe.url,
      successUrl: 'https://app.example.com/paid',
      cancelUrl: 'https://app.example.com/',
      timeoutMs: options.timeoutMs ?? 1_000,
    },
    topup: { min: usd(1), max: usd(1000), taxBp: options.taxBp ?? 0 },
    redeem: { failuresPerHour: options.failuresPerHour ?? 10 },
    autoTopup: { retryMs: 3_600_000 },
  };
  const told: string[] = [];
  let requests = 0;

  async function start() {
    const storage = await openStorage({
      dataDir,
      migrations: MIGRATIONS,
      clock,
      random: systemRandom,
      onFatal: (fault) => {
        throw fault;
      },
    });
    const mintId = createMintId(clock, systemRandom);
    const accounts = await createAccounts({ storage, clock, mintId });
    const ledger = createLedger({ storage, clock });
    const revocations = await createRevocations({ storage, ledger, clock, mintId });
    const plans = await createPlans({
      storage,
      ledger,
      accounts,
      revocations,
      clock,
      mintId,
      plans: assemblePlans({}, []),
    });
    const drivers = new Map<'stripe' | 'manual', PaymentDriver>([['manual', createManualDriver()]]);
    if (config.stripe !== null) drivers.set('stripe', await createStripeDriver(config.stripe));
    const telemetry = {
      notice: (_level: string, message: string) => void told.push(message),
      fault: (where: string, error: unknown) => void told.push(`fault: ${where}: ${String(error)}`),
    };
    const payments = await createPayments({
      storage,
      ledger,
      accounts,
      subscriptions: plans.subscriptions,
      drivers,
      config,
      clock,
      random: systemRandom,
      mintId,
      telemetry,
    });
    const driver = drivers.get('stripe');
    if (driver === undefined) throw new Error('there is no stripe');
    const webhook = createWebhook({
      driver,
      payments,
      onCard: async () => undefined,
      onDisputed: async () => undefined,
      clock,
      telemetry,
      bodyTimeoutMs: 1_000,
    });
    return { storage, accounts, ledger, plans, payments, webhook };
  }

  let parts = await start();
  async function stop() {
    parts.payments.close();
    parts.ledger.close();
    await parts.storage.close();
  }
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const { CompiledQuery } = await import('kysely');
    const { rows } = await parts.storage.reader.executeQuery(CompiledQuery.raw(sql));
    return rows as Record<string, unknown>[];
  };
  const world: MoneyWorld = {
    get now() {
      return now;
    },
    set now(ms) {
      now = ms;
    },
    stripe,
    get storage() {
      return parts.storage;
    },
    get ledger() {
      return parts.ledger;
    },
    get payments() {
      return parts.payments;
    },
    get plans() {
      return parts.plans;
    },
    get accounts() {
      return parts.accounts;
    },
    get webhook() {
      return parts.webhook;
    },
    told,
    async account() {
      const made = await parts.accounts.create({ name: 'Ana' });
      if (!made.ok) throw new Error(made.refusal.message);
      return made.value.id;
    },
    available: async (accountId) => (await parts.ledger.balance(accountId)).available,
    async house(id) {
      const [row] = await query(`select cast(balance as text) as balance from ledger_account where id = '${id}'`);
      return fromSqlText(row?.['balance'] ?? '0');
    },
    async sum() {
      const [row] = await query('select cast(coalesce(sum(balance), 0) as text) as total from ledger_account');
      return BigInt(String(row?.['total']));
    },
    rows: (table) => query(`select * from ${table}`),
    async deliver(event, changed) {
      const { body, headers } = stripe.sign(event, changed);
      return parts.webhook(new Request('http://candor/webhooks/stripe', { method: 'POST', body, headers }));
    },
    async spend(accountId, amount) {
      const id = `req_${++requests}`;
      const order = { id, accountId, model: 'm', product: 'api', need: amount, least: amount, waitMs: 0 };
      const held = await parts.ledger.hold({ ...order, signal: new AbortController().signal });
      if (!held.ok) throw new Error(held.refusal.reason);
      const settled = held.value.settle({ price: amount, rounding: 0n, cost: null });
      for (const step of [held.value.open, settled]) {
        const outcome = await parts.storage.writer.write(step.statements);
        step.kept(outcome.ok);
        if (!outcome.ok) throw new Error('the unit was refused');
      }
    },
    async restart() {
      await stop();
      parts = await start();
    },
    async close() {
      await stop();
      await stripe.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}
