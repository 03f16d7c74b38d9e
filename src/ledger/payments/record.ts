import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { KnownOrder } from './apply.ts';
import { taxOn } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Applied, Incoming } from './events.ts';
import { checkAccount, newOrder } from './order.ts';
import type { Payment, PaymentRefusal } from './payment.ts';
import { findPayment, findPaymentByRef, insertPayment } from './store.ts';

/** Money the operator saw arrive: for an order that waits, or without one. */
export type RecordedMoney = { readonly reference: string } & (
  | { readonly paymentId: string }
  | {
      readonly accountId: string;
      readonly credit: Nano;
      /** Null: by the configured rate. */
      readonly tax: Nano | null;
    }
);

export interface Recorded {
  readonly payment: Payment;
  /** The same reference was recorded before; nothing was done now. */
  readonly repeated: boolean;
}

type Apply = (incoming: Incoming, order: KnownOrder | null) => Promise<Applied>;

/** Books money the operator saw arrive, once for each reference. `apply` runs in the lane of all facts. */
export async function recordMoney(
  deps: PaymentsDeps,
  apply: Apply,
  money: RecordedMoney,
): Promise<Result<Recorded, PaymentRefusal>> {
  const { reader } = deps.storage;
  const known = await findPaymentByRef(reader, 'manual', money.reference);
  if (known !== null) return repeatedRecord(known, money);
  const found = 'paymentId' in money ? await findWaiting(deps, money.paymentId) : newInvoice(deps, money);
  if (!found.ok) return found;
  const { payment, isNew } = found.value;
  const order = { payment, before: isNew ? [insertPayment(payment)] : [] };
  const result = await apply({ driver: 'manual', fact: factOf(deps, payment, money.reference) }, order);
  const now = (await findPayment(reader, payment.id)) ?? (await findPaymentByRef(reader, 'manual', money.reference));
  if (now !== null && result.state === 'applied') return ok({ payment: now, repeated: false });
  if (now !== null && now.ref === money.reference) return repeatedRecord(now, money);
  const message = result.detail ?? 'the reference was recorded for something else';
  return refuse({ reason: 'event_rejected', message });
}

type FoundOrder = { readonly payment: Payment; readonly isNew: boolean };

async function findWaiting(deps: PaymentsDeps, id: string): Promise<Result<FoundOrder, PaymentRefusal>> {
  const payment = await findPayment(deps.storage.reader, id);
  if (payment === null || payment.driver !== 'manual') {
    return refuse({ reason: 'payment_not_found', message: `there is no payment ${id} that waits for a transfer` });
  }
  if (payment.state === 'pending' || payment.state === 'failed') return ok({ payment, isNew: false });
  return refuse({ reason: 'payment_state', message: `payment ${id} is ${payment.state}` });
}

function newInvoice(
  deps: PaymentsDeps,
  money: Extract<RecordedMoney, { accountId: string }>,
): Result<FoundOrder, PaymentRefusal> {
  const wrong = checkAccount(deps, money.accountId);
  if (wrong !== null) return refuse(wrong);
  if (money.credit <= 0n || (money.tax !== null && money.tax < 0n)) {
    return refuse({ reason: 'amount_invalid', message: 'the amount must be above 0, and its tax not below' });
  }
  const tax = money.tax ?? (deps.config === null ? null : taxOn(money.credit, deps.config.topup.taxBp));
  if (tax === null) {
    return refuse({
      reason: 'service_needed',
      message: 'no service runs, so the rate of tax is unknown; say --tax-usd',
    });
  }
  const { accountId, credit } = money;
  return ok({
    payment: newOrder(deps, { accountId, kind: 'invoice', driver: 'manual', credit, tax, facts: {} }),
    isNew: true,
  });
}

function repeatedRecord(known: Payment, money: RecordedMoney): Result<Recorded, PaymentRefusal> {
  const same =
    'paymentId' in money
      ? known.id === money.paymentId
      : known.accountId === money.accountId &&
        known.credit === money.credit &&
        (money.tax === null || money.tax === known.tax);
  if (same) return ok({ payment: known, repeated: true });
  const message = `this reference was recorded for payment ${known.id}, which is something else`;
  return refuse({ reason: 'reference_used', message });
}

function factOf(deps: PaymentsDeps, payment: Payment, reference: string): Incoming['fact'] {
  const { id: paymentId, accountId, amount } = payment;
  const told = { eventId: `manual:${reference}`, paymentId, accountId, amount, currency: 'usd', ref: reference };
  if (payment.kind !== 'subscription') return { kind: 'paid', ...told, customerRef: null };
  const nowMs = deps.clock.wallMs();
  const days = payment.facts.plan?.interval === 'year' ? 365 : 30;
  return {
    kind: 'subscription_paid',
    ...told,
    chargeRef: reference,
    subscriptionRef: paymentId,
    customerRef: null,
    periodStartMs: nowMs,
    periodEndMs: nowMs + days * 86_400_000,
  };
}
