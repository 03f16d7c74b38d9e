import type { WriteStatement } from '../../storage/sql/writer.ts';
import { grantAccount } from '../chart.ts';
import type { Grant, Transfer } from '../ledger.ts';
import { clearCharge } from './auto-store.ts';
import type { PaymentsDeps } from './deps.ts';
import { applied, type Applied, type Incoming, keepEvent, REPEATED } from './events.ts';
import type { Payment } from './payment.ts';
import { findPayment, markPaid, setCustomer } from './store.ts';

/** Why a fact does not fit the order it names; null when it does. */
export function mismatch(
  order: Payment,
  told: { readonly accountId: string | null; readonly amount: bigint; readonly currency: string },
): string | null {
  if (told.currency.toLowerCase() !== 'usd') return 'another currency than was asked for';
  if (told.amount !== order.amount) return 'another amount than was asked for';
  return told.accountId === order.accountId ? null : 'another account than was asked for';
}

/**
 * Money arrived for an order: the credit it bought becomes a grant, its tax a debt, all in the unit that marks the event.
 * `before` is kept with it, ahead of everything else.
 */
export async function applyPaid(
  deps: PaymentsDeps,
  incoming: Incoming<'paid'>,
  known: Payment | null = null,
  before: readonly WriteStatement[] = [],
): Promise<Applied> {
  const { driver, fact } = incoming;
  if (fact.paymentId === null) return keepEvent(deps, incoming, 'ignored', null, 'none of our payments');
  const order = known ?? (await findPayment(deps.storage.reader, fact.paymentId));
  if (order === null || order.driver !== driver || order.kind === 'subscription') {
    return keepEvent(deps, incoming, 'rejected', null, 'there is no such order');
  }
  const wrong = mismatch(order, fact);
  if (wrong !== null) return keepEvent(deps, incoming, 'rejected', order.id, wrong);
  if (order.state !== 'pending' && order.state !== 'failed') {
    if (order.ref === fact.ref) return keepEvent(deps, incoming, 'ignored', order.id, 'paid already');
    return keepEvent(deps, incoming, 'rejected', order.id, 'paid a second time by another charge');
  }
  return credit(deps, incoming, order, before);
}

async function credit(
  deps: PaymentsDeps,
  incoming: Incoming<'paid'>,
  order: Payment,
  before: readonly WriteStatement[],
): Promise<Applied> {
  const { fact, driver } = incoming;
  const atMs = deps.clock.wallMs();
  const grant = grantOf(order, atMs);
  const paid = { ref: fact.ref, grantId: grant.id, subscriptionRef: null, facts: order.facts, atMs };
  const posted = await deps.ledger.post({
    id: `${order.id}:paid`,
    kind: 'payment',
    accountId: order.accountId,
    transfers: [{ debit: 'wash', credit: grantAccount(grant.id), amount: order.credit }, ...taxOf(order)],
    grants: [grant],
    also: [
      ...before,
      applied(deps, incoming, order.id),
      markPaid(order.id, paid),
      ...(fact.customerRef === null ? [] : [setCustomer(order.accountId, driver, fact.customerRef)]),
      clearCharge(order.id),
    ],
    note: `${order.kind} ${order.id}`,
  });
  if (posted.ok) {
    return posted.value.repeated ? REPEATED : { state: 'applied', paymentId: order.id, detail: null };
  }
  // Somebody else applied the same event or paid the same order in the meantime.
  if (posted.refusal.reason === 'also_refused') return REPEATED;
  throw new Error(`payment ${order.id} could not be booked: ${posted.refusal.reason}`);
}

/** What a payment's tax adds to its posting. */
export function taxOf(order: Payment): Transfer[] {
  return order.tax === 0n ? [] : [{ debit: 'wash', credit: 'tax_payable', amount: order.tax }];
}

function grantOf(order: Payment, atMs: number): Grant {
  return {
    id: `grant_${order.id.slice('pay_'.length)}`,
    accountId: order.accountId,
    kind: 'paid',
    source: order.kind === 'invoice' ? 'invoice' : 'topup',
    priority: 50,
    startsAtMs: atMs,
    expiresAtMs: null,
    models: null,
    products: null,
    reason: order.facts.auto === true ? 'automatic top-up' : order.kind === 'invoice' ? 'invoice paid' : 'top-up',
    paymentId: order.id,
    createdAtMs: atMs,
  };
}
