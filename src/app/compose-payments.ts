import type { Hono } from 'hono';
import type { Accounts } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import {
  type CardSeen,
  createManualDriver,
  createPayments,
  createStripeDriver,
  createWebhook,
  type DriverName,
  type Ledger,
  type PaymentDriver,
  type Payments,
  paymentRoutes,
  type Subscriptions,
} from '../ledger/index.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Job } from './jobs.ts';

export interface ComposePaymentsOptions {
  readonly storage: Storage;
  readonly ledger: Ledger;
  readonly accounts: Accounts;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly config: Config | null;
  readonly telemetry: Telemetry | null;
}

export interface PaymentParts {
  readonly payments: Payments;
  readonly redeem: Payments['codes']['redeem'];
  /** What Stripe tells us; null where it is not configured. */
  readonly stripeWebhook: ((request: Request) => Promise<Response>) | null;
  readonly routes: Hono;
  readonly job: Job;
  /** Who hears of cards that paid. */
  onCard(listener: (card: CardSeen) => Promise<void>): void;
  /** Who hears of accounts whose payment was taken back at their bank. */
  onDisputed(listener: (accountId: string) => Promise<void>): void;
}

const SWEEP_EVERY_MS = 60_000;
/** Over a folder no service runs on, nobody listens. */
const SILENT: Pick<Telemetry, 'notice' | 'fault'> = { notice: () => undefined, fault: () => undefined };

/** Money in: the drivers that are configured, and what hears of them. */
export async function composePayments(options: ComposePaymentsOptions): Promise<PaymentParts> {
  const { config, clock } = options;
  const telemetry = options.telemetry ?? SILENT;
  const drivers = new Map<DriverName, PaymentDriver>([['manual', createManualDriver()]]);
  const stripe = config?.payments.stripe ? await createStripeDriver(config.payments.stripe) : null;
  if (stripe !== null) drivers.set('stripe', stripe);
  const payments = await createPayments({
    ...options,
    subscriptions: config === null ? null : options.subscriptions,
    drivers,
    config: config?.payments ?? null,
    telemetry,
  });
  let heard: ((card: CardSeen) => Promise<void>) | null = null;
  const onCard = async (card: CardSeen) => heard?.(card);
  let disputed: ((accountId: string) => Promise<void>) | null = null;
  const onDisputed = async (paymentId: string) => {
    const details = await payments.show(paymentId);
    if (details !== null) await disputed?.(details.payment.accountId);
  };
  const hears = { onCard, onDisputed };
  const bodyTimeoutMs = config?.server.bodyTimeoutMs ?? 0;
  return {
    payments,
    redeem: payments.codes.redeem,
    stripeWebhook: stripe && createWebhook({ driver: stripe, payments, ...hears, clock, telemetry, bodyTimeoutMs }),
    routes: paymentRoutes(payments, clock, config && Object.keys(config.models)),
    onCard(listener) {
      heard = listener;
    },
    onDisputed(listener) {
      disputed = listener;
    },
    job: { name: 'finish refunds and top-ups', everyMs: SWEEP_EVERY_MS, run: () => payments.sweep() },
  };
}
