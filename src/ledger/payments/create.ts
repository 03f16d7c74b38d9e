import type { Result } from '../../base/result.ts';
import { applyFact, type KnownOrder } from './apply.ts';
import { type AutoTopups, createAutoTopups } from './auto-topup.ts';
import { type Codes, createCodes } from './codes.ts';
import type { PaymentsDeps } from './deps.ts';
import type { DriverName, Fact } from './driver.ts';
import type { Applied, Incoming } from './events.ts';
import { createLane } from '../lanes.ts';
import { listRefunds, listReversals, owedReversals } from './money-back-store.ts';
import { createOrders, type Orders } from './orders.ts';
import { type Recorded, recordMoney, type RecordedMoney } from './record.ts';
import type { Payment, PaymentRefusal, Refund, Reversal } from './payment.ts';
import { createRefunds, type Refunds } from './refunds.ts';
import { drainReversal } from './reversals.ts';
import { unsubscribeEnded } from './unsubscribe.ts';
import { failUnpaid, findPayment, forgetWaiting, listEvents, listPayments, type PaymentEvent } from './store.ts';

export interface PaymentDetails {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
  readonly reversals: readonly Reversal[];
  readonly events: readonly PaymentEvent[];
}

/** Money in and money back. */
export interface Payments extends Orders, Pick<Refunds, 'refund'> {
  readonly codes: Codes;
  readonly autoTopups: Pick<AutoTopups, 'set' | 'off' | 'show'>;
  record(money: RecordedMoney): Promise<Result<Recorded, PaymentRefusal>>;
  /** Gives a fact its effect, once, durable when this resolves. Rejects when nothing could be decided: then it is to be sent again. */
  apply(driver: DriverName, fact: Fact): Promise<Applied>;
  list(page: { accountId: string | null; before: string | null; limit: number }): Promise<readonly Payment[]>;
  show(id: string): Promise<PaymentDetails | null>;
  /** What to do every minute: ask again about refunds and charges without an answer, and let go of what nobody paid. */
  sweep(): Promise<void>;
  close(): void;
}

const EVENTS_SHOWN_MAX = 200;
/** A page of Stripe's is open for a day; its last word may come late. */
const UNPAID_MS = 2 * 86_400_000;
const WAITING_MS = 90 * 86_400_000;
const REVERSALS_PAGE = 500;
const UNSUBSCRIBE_EVERY_MS = 600_000;

export async function createPayments(deps: PaymentsDeps): Promise<Payments> {
  const { reader, writer } = deps.storage;
  const inLane = createLane();
  const refunds = createRefunds(deps, inLane);
  const owed = watchReversals(deps, inLane);
  let unsubscribeAtMs = 0;

  async function apply(incoming: Incoming, order: KnownOrder | null): Promise<Applied> {
    const result = await inLane(() => applyFact(deps, refunds, incoming, order));
    if (result.state === 'applied' && result.paymentId !== null) await owed.look(result.paymentId);
    return result;
  }

  const autoTopups = await createAutoTopups(deps, (incoming) => apply(incoming, null));
  await owed.load();
  return {
    ...createOrders(deps),
    record: (money) => recordMoney(deps, apply, money),
    refund: refunds.refund,
    codes: createCodes(deps),
    autoTopups,
    apply: (driver, fact) => apply({ driver, fact }, null),
    list: (page) => listPayments(reader, page),
    async show(id) {
      const payment = await findPayment(reader, id);
      if (payment === null) return null;
      const events = await listEvents(reader, id, EVENTS_SHOWN_MAX);
      return { payment, refunds: await listRefunds(reader, id), reversals: await listReversals(reader, id), events };
    },
    async sweep() {
      await refunds.retry();
      await autoTopups.sweep();
      if (deps.clock.monoMs() >= unsubscribeAtMs) {
        unsubscribeAtMs = deps.clock.monoMs() + UNSUBSCRIBE_EVERY_MS;
        await unsubscribeEnded(deps);
      }
      const now = deps.clock.wallMs();
      await writer.write([failUnpaid(now - UNPAID_MS), forgetWaiting(now - WAITING_MS)]);
    },
    close() {
      owed.close();
      autoTopups.close();
    },
  };
}

/**
 * Watches accounts with a payment that was taken back: what comes back to its grant from requests that held it is taken
 * out of reach as soon as it does.
 */
function watchReversals(deps: PaymentsDeps, inLane: ReturnType<typeof createLane>) {
  /** Reversals that still want credit, by account. */
  const byAccount = new Map<string, Set<string>>();

  function watch(accountId: string, reversalId: string): void {
    byAccount.set(accountId, (byAccount.get(accountId) ?? new Set()).add(reversalId));
  }

  async function drain(accountId: string, reversalId: string): Promise<void> {
    const isOwed = await inLane(() => drainReversal(deps, reversalId));
    if (!isOwed) byAccount.get(accountId)?.delete(reversalId);
    if (byAccount.get(accountId)?.size === 0) byAccount.delete(accountId);
  }

  const stop = deps.ledger.onChange(({ accountId, available }) => {
    if (available === 0n) return;
    for (const id of byAccount.get(accountId) ?? []) {
      drain(accountId, id).catch((error: unknown) => deps.telemetry.fault('take back disputed credit', error));
    }
  });

  return {
    /** Drains what a fact just took back. */
    async look(paymentId: string): Promise<void> {
      for (const reversal of await listReversals(deps.storage.reader, paymentId)) {
        if (reversal.state === 'won' || reversal.drained === reversal.credit) continue;
        const payment = await findPayment(deps.storage.reader, paymentId);
        if (payment === null) continue;
        watch(payment.accountId, reversal.id);
        await drain(payment.accountId, reversal.id);
      }
    },
    async load(): Promise<void> {
      for (let after = ''; ; ) {
        const page = await owedReversals(deps.storage.reader, after, REVERSALS_PAGE);
        for (const reversal of page) {
          const payment = await findPayment(deps.storage.reader, reversal.paymentId);
          if (payment === null) continue;
          watch(payment.accountId, reversal.id);
          await drain(payment.accountId, reversal.id);
        }
        const last = page.at(-1);
        if (last === undefined || page.length < REVERSALS_PAGE) return;
        after = last.id;
      }
    },
    close: stop,
  };
}
