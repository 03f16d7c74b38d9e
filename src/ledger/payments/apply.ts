import { unreachable } from '../../base/assert.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { failedCharge } from './auto-charge.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Fact } from './driver.ts';
import { applied, type Applied, type Incoming, keepEvent, REPEATED } from './events.ts';
import { findReversal } from './money-back-store.ts';
import { applyPaid } from './paid.ts';
import type { Payment } from './payment.ts';
import type { Refunds } from './refunds.ts';
import { applyDecided, applyTakenBack, restore } from './reversals.ts';
import { eventState, findPayment, findSubscriptionPayment, waitingFacts } from './store.ts';
import { applySubscriptionPaid } from './subscription-paid.ts';

/** Facts that may wait for one payment. */
const WAITING_MAX = 50;

/** An order that is known without looking, and what is to be kept with it. */
export interface KnownOrder {
  readonly payment: Payment;
  readonly before: readonly WriteStatement[];
}

/**
 * Gives what a driver says its effect, once. Facts of all payments are applied one after the other; whatever the order
 * they come in, what is about a payment not yet known waits for it.
 */
export async function applyFact(
  deps: PaymentsDeps,
  refunds: Pick<Refunds, 'applyFact'>,
  incoming: Incoming,
  order: KnownOrder | null,
): Promise<Applied> {
  const { driver, fact } = incoming;
  const before = await eventState(deps.storage.reader, driver, fact.eventId);
  const isSeen = before !== null && before !== 'waiting';
  // A fee is looked at again: its tax follows it.
  if (isSeen && fact.kind !== 'subscription_paid') return REPEATED;
  const result = await applyOne(deps, refunds, incoming, order);
  const ref = refOf(fact);
  if (result.state === 'applied' && ref !== null) await applyWaiting(deps, refunds, incoming.driver, ref);
  return result;
}

/** What waited for this payment, until nothing more of it can be applied. */
async function applyWaiting(
  deps: PaymentsDeps,
  refunds: Pick<Refunds, 'applyFact'>,
  driver: Incoming['driver'],
  ref: string,
): Promise<void> {
  for (let progress = true; progress; ) {
    progress = false;
    for (const fact of await waitingFacts(deps.storage.reader, driver, ref, WAITING_MAX)) {
      const { state } = await applyOne(deps, refunds, { driver, fact }, null);
      if (state !== 'waiting' && state !== 'repeated') progress = true;
    }
  }
}

function refOf(fact: Fact): string | null {
  if (fact.kind === 'subscription_paid') return fact.chargeRef ?? fact.ref;
  return 'ref' in fact ? fact.ref : null;
}

function applyOne(
  deps: PaymentsDeps,
  refunds: Pick<Refunds, 'applyFact'>,
  { driver, fact }: Incoming,
  order: KnownOrder | null,
): Promise<Applied> {
  switch (fact.kind) {
    case 'paid':
      return applyPaid(deps, { driver, fact }, order?.payment, order?.before);
    case 'subscription_paid':
      return applySubscriptionPaid(deps, { driver, fact }, order?.payment, order?.before);
    case 'subscription_ended':
      return endSubscription(deps, { driver, fact });
    case 'payment_failed':
      return failPayment(deps, { driver, fact });
    case 'refunded':
    case 'refund_failed':
      return moneyBack(deps, refunds, { driver, fact });
    case 'disputed':
      return applyTakenBack(deps, { driver, fact });
    case 'dispute_won':
    case 'dispute_lost':
      return applyDecided(deps, { driver, fact });
    default:
      return unreachable(fact);
  }
}

async function moneyBack(
  deps: PaymentsDeps,
  refunds: Pick<Refunds, 'applyFact'>,
  incoming: Incoming<'refunded' | 'refund_failed'>,
): Promise<Applied> {
  const ours = await refunds.applyFact(incoming);
  if (ours !== null) return ours;
  const { driver, fact } = incoming;
  if (fact.kind === 'refunded') return applyTakenBack(deps, { driver, fact });
  const reversal = await findReversal(deps.storage.reader, fact.refundRef);
  return reversal === null
    ? keepEvent(deps, incoming, 'waiting', null, 'the refund is not known yet')
    : restore(deps, { driver, fact }, reversal);
}

async function failPayment(deps: PaymentsDeps, incoming: Incoming<'payment_failed'>): Promise<Applied> {
  const { fact, driver } = incoming;
  // A renewal that is not paid: the plan itself becomes past due with time.
  if (fact.paymentId === null) return keepEvent(deps, incoming, 'ignored', null, 'a renewal was not paid');
  const order = await findPayment(deps.storage.reader, fact.paymentId);
  if (order === null || order.driver !== driver || order.state !== 'pending') {
    return keepEvent(deps, incoming, 'ignored', order?.id ?? null, 'no order waits for it');
  }
  const written = await deps.storage.writer.write([
    applied(deps, incoming, order.id),
    ...failedCharge(deps, order.id, order.amount, 'declined'),
  ]);
  return written.ok ? { state: 'applied', paymentId: order.id, detail: null } : REPEATED;
}

async function endSubscription(deps: PaymentsDeps, incoming: Incoming<'subscription_ended'>): Promise<Applied> {
  const { fact } = incoming;
  const { reader } = deps.storage;
  const first = fact.paymentId === null ? null : await findPayment(reader, fact.paymentId);
  const order = first ?? (await findSubscriptionPayment(reader, fact.subscriptionRef));
  if (order === null || order.subscriptionRef !== fact.subscriptionRef) {
    return keepEvent(deps, incoming, 'ignored', order?.id ?? null, 'none of our subscriptions');
  }
  if (deps.subscriptions === null) throw new Error('plans are known to a running service alone');
  // What was paid for stays; nothing follows it. Cancelling twice is cancelling once.
  await deps.subscriptions.cancel(order.accountId);
  return keepEvent(deps, incoming, 'applied', order.id, null);
}
