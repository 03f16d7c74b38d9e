import type { Hono } from 'hono';
import { accountRoutes, type Accounts, createAccounts, type Keys } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import {
  budgetRoutes,
  type Budgets,
  correctionRoutes,
  createBudgets,
  createCorrections,
  createCredit,
  createLedger,
  createLowBalance,
  createPlans,
  createPriceBook,
  createRevocations,
  creditRoutes,
  type Ledger,
  type LowBalance,
  type PlansPart,
  createVestingCredit,
  type PriceBook,
  planRoutes,
  type VestingCredit,
  priceRoutes,
  pruneAlerts,
  readingRoutes,
} from '../ledger/index.ts';
import { createUsageRecords } from '../metering/index.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { alertNotice } from './alert-notice.ts';
import { composePayments, type PaymentParts } from './compose-payments.ts';
import type { Job } from './jobs.ts';

export interface ComposeLedgerOptions {
  readonly storage: Storage;
  readonly keys: Pick<Keys, 'list'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  /** Null over a folder no service runs on: then nothing is known of models, products and plans. */
  readonly config: Config | null;
  /** Null where nobody listens; then nothing runs in the background either. */
  readonly telemetry: Telemetry | null;
}

const EXPIRE_EVERY_MS = 60_000;
/** Low credit is told when it comes; this finds what a process that died had no time to tell. */
const LOOK_EVERY_MS = 600_000;
const PRUNE_EVERY_MS = 3_600_000;
const ALERTS_KEPT_MS = 400 * 86_400_000;
const PRUNE_ROWS_MAX = 5_000;

/** The parts of the ledger, for a service and for the control API over a folder alike. */
export interface LedgerParts {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly prices: PriceBook;
  readonly budgets: Budgets;
  readonly lowBalance: LowBalance;
  readonly plans: PlansPart;
  readonly payments: PaymentParts;
  readonly vestingCredit: VestingCredit;
  /** Of the control API. */
  readonly routes: readonly Hono[];
  /** To be started by a service, after recovery. */
  readonly jobs: readonly Job[];
  close(): void;
}

export async function composeLedger(options: ComposeLedgerOptions): Promise<LedgerParts> {
  const { storage, keys, clock, config } = options;
  const ledger = createLedger({ storage, clock });
  const prices = await createPriceBook({ ...options, onUnpriced: unpricedAlarm(options.telemetry) });
  const onAlert = alertNotice(options.telemetry);
  const budgets = await createBudgets({ ...options, onAlert });
  const lowBalance = await createLowBalance({ ...options, ledger, onAlert });
  const accounts = await createAccounts(options);
  const revocations = await createRevocations({ ...options, ledger });
  const plans = await createPlans({ ...options, ledger, accounts, revocations, plans: config?.plans ?? null });
  const payments = await composePayments({ ...options, ledger, accounts, subscriptions: plans.subscriptions });
  const { reader } = storage;
  const models = config?.vesting.models ?? null;
  const vestingCredit = createVestingCredit({ storage, ledger, revocations, clock, models });
  const credit = createCredit({ ...options, ledger, accounts, revocations });
  const known = config && { models: Object.keys(config.models), products: Object.keys(config.products) };
  const findRequest = (id: string) => createUsageRecords(reader).byId(id);
  const corrections = createCorrections({ reader, ledger, findRequest, clock });
  const routes: Hono[] = [
    correctionRoutes(corrections),
    readingRoutes({ reader, accounts, prices, clock, findRequest }),
    priceRoutes(prices, clock, config),
    accountRoutes(accounts, reader, clock),
    budgetRoutes({ budgets, lowBalance, reader, accounts, keys }),
    creditRoutes({ accounts, credit, ledger, reader, known }),
    planRoutes({ part: plans, accounts, plans: config?.plans ?? null, mintId: options.mintId }),
    payments.routes,
  ];
  const forgetAlerts = () => storage.writer.write([pruneAlerts(clock.wallMs() - ALERTS_KEPT_MS, PRUNE_ROWS_MAX)]);
  const jobs: Job[] = [
    { name: 'expire credit', everyMs: EXPIRE_EVERY_MS, run: () => ledger.expire() },
    { name: 'take back revoked credit', everyMs: EXPIRE_EVERY_MS, run: () => revocations.sweep() },
    { name: 'look for low credit', everyMs: LOOK_EVERY_MS, run: () => lowBalance.look() },
    { name: 'forget old alerts', everyMs: PRUNE_EVERY_MS, run: forgetAlerts },
    { name: 'keep plans', everyMs: EXPIRE_EVERY_MS, run: () => plans.tick() },
    payments.job,
  ];
  function close(): void {
    lowBalance.close();
    revocations.close();
    payments.payments.close();
    ledger.close();
  }
  return { accounts, ledger, prices, budgets, lowBalance, plans, payments, vestingCredit, routes, jobs, close };
}

/** Tells the operator of calls for models that nobody set a price for. */
function unpricedAlarm(telemetry: Telemetry | null) {
  return function alarm(model: string, estimated: boolean): void {
    const fate = estimated ? 'charged by the configured estimate' : 'refused';
    telemetry?.notice('warn', `the model ${model} has no price; calls of paying accounts are ${fate}`, {
      model,
      fix: `candor price set ${model} --input USD --output USD`,
    });
  };
}
