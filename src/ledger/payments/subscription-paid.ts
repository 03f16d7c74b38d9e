import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { PlanPayment } from '../plan.ts';
import type { PaymentsDeps } from './deps.ts';
import { applied, type Applied, type Incoming, keepEvent, REPEATED } from './events.ts';
import { mismatch, taxOf } from './paid.ts';
import type { Payment } from './payment.ts';
import {
  eventState,
  findPayment,
  findPaymentByRef,
  findSubscriptionPayment,
  insertPayment,
  markPaid,
  setCustomer,
} from './store.ts';

/**
 * The fee of one period arrived: the first starts the plan, each later one pays the next period as a payment of its own.
 * `before` is kept with it, ahead of everything else.
 */
export async function applySubscriptionPaid(
  deps: PaymentsDeps,
  incoming: Incoming<'subscription_paid'>,
  known: Payment | null = null,
  before: readonly WriteStatement[] = [],
): Promise<Applied> {
  const { driver, fact } = incoming;
  const { reader } = deps.storage;
  if (fact.amount === 0n) return keepEvent(deps, incoming, 'ignored', null, 'nothing was charged');
  const order =
    known ??
    (fact.paymentId === null
      ? await findSubscriptionPayment(reader, fact.subscriptionRef)
      : await findPayment(reader, fact.paymentId));
  if (order === null && fact.paymentId === null) {
    return keepEvent(deps, incoming, 'ignored', null, 'none of our subscriptions');
  }
  if (order === null || order.driver !== driver || order.kind !== 'subscription' || order.facts.plan === undefined) {
    return keepEvent(deps, incoming, 'rejected', null, 'there is no such order');
  }
  const wrong = mismatch(order, fact);
  if (wrong !== null) return keepEvent(deps, incoming, 'rejected', order.id, wrong);
  const booked = await findPaymentByRef(reader, driver, chargeOf(fact));
  if (booked !== null) {
    // The tax follows the fee in a unit of its own, which a crash may have kept from happening.
    await bookTax(deps, booked);
    return (await eventState(reader, driver, fact.eventId)) === 'applied'
      ? REPEATED
      : keepEvent(deps, incoming, 'ignored', booked.id, 'paid already');
  }
  const isFirst = order.state === 'pending' || order.state === 'failed';
  return bookFee(deps, incoming, isFirst ? order : renewalOf(deps, order), isFirst, before);
}

function chargeOf(fact: Incoming<'subscription_paid'>['fact']): string {
  return fact.chargeRef ?? fact.ref;
}

function renewalOf(deps: PaymentsDeps, first: Payment): Payment {
  const { plan } = first.facts;
  return {
    ...first,
    id: deps.mintId('pay'),
    state: 'pending',
    ref: null,
    createdAtMs: deps.clock.wallMs(),
    facts: { ...(plan === undefined ? {} : { plan }), renews: first.id },
  };
}

async function bookFee(
  deps: PaymentsDeps,
  incoming: Incoming<'subscription_paid'>,
  payment: Payment,
  isFirst: boolean,
  before: readonly WriteStatement[],
): Promise<Applied> {
  const { driver, fact } = incoming;
  const paid = {
    ref: chargeOf(fact),
    grantId: null,
    subscriptionRef: isFirst ? fact.subscriptionRef : null,
    facts: { ...payment.facts, periodEndMs: fact.periodEndMs },
    atMs: deps.clock.wallMs(),
  };
  const planPayment: PlanPayment = {
    id: payment.id,
    amount: payment.credit,
    from: 'wash',
    note: `payment ${payment.id}`,
    also: [
      ...before,
      applied(deps, incoming, payment.id),
      ...(isFirst ? [] : [insertPayment(payment)]),
      markPaid(payment.id, paid),
      ...(fact.customerRef === null ? [] : [setCustomer(payment.accountId, driver, fact.customerRef)]),
    ],
  };
  const changed = await payPlan(deps, payment, planPayment, isFirst);
  if (!changed.ok) return keepEvent(deps, incoming, 'rejected', isFirst ? payment.id : null, changed.refusal);
  await bookTax(deps, payment);
  return { state: 'applied', paymentId: payment.id, detail: null };
}

async function payPlan(
  deps: PaymentsDeps,
  order: Payment,
  payment: PlanPayment,
  isFirst: boolean,
): Promise<Result<null, string>> {
  const { plan } = order.facts;
  if (deps.subscriptions === null || plan === undefined) return refuse('plans are known to a running service alone');
  const { accountId } = order;
  const changed = isFirst
    ? await deps.subscriptions.start({
        accountId,
        plan: plan.name,
        interval: plan.interval,
        seats: plan.seats,
        trial: false,
        payment,
      })
    : await deps.subscriptions.renew(accountId, payment);
  return changed.ok ? ok(null) : refuse(`${changed.refusal.reason}: ${changed.refusal.message}`.slice(0, 300));
}

/** Once, however often it is asked for. */
async function bookTax(deps: PaymentsDeps, payment: Payment): Promise<void> {
  const transfers = taxOf(payment);
  if (transfers.length === 0) return;
  const posted = await deps.ledger.post({
    id: `${payment.id}:tax`,
    kind: 'payment',
    accountId: payment.accountId,
    transfers,
    note: `tax of payment ${payment.id}`,
  });
  if (!posted.ok) throw new Error(`the tax of payment ${payment.id} could not be booked: ${posted.refusal.reason}`);
}
