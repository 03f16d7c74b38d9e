import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { PlanOrder } from '../plan.ts';
import { isWholeCents, taxOn } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import type { DriverName, DriverRefusal, StartedCheckout } from './driver.ts';
import { checkAccount, checkTopup, newOrder } from './order.ts';
import type { Payment, PaymentRefusal } from './payment.ts';
import { customerRef, insertPayment, markFailed, setCheckout } from './store.ts';

export interface TopupOrder {
  readonly accountId: string;
  /** Before tax, whole cents. */
  readonly credit: Nano;
  /** Null: Stripe where it is configured, else an invoice. */
  readonly driver: DriverName | null;
  readonly saveMethod: boolean;
}

export interface SubscriptionStart extends PlanOrder {
  readonly driver: DriverName | null;
}

export interface StartedPayment {
  readonly payment: Payment;
  /** Where the customer pays; null for an invoice. */
  readonly url: string | null;
}

export interface Orders {
  topup(order: TopupOrder): Promise<Result<StartedPayment, PaymentRefusal>>;
  subscribe(order: SubscriptionStart): Promise<Result<StartedPayment, PaymentRefusal>>;
}

/** Orders are written before anybody is asked to pay them. */
export function createOrders(deps: PaymentsDeps): Orders {
  return {
    topup: (order) => startTopup(deps, order),
    subscribe: (order) => startSubscription(deps, order),
  };
}

async function startTopup(deps: PaymentsDeps, order: TopupOrder): Promise<Result<StartedPayment, PaymentRefusal>> {
  const wrong = checkAccount(deps, order.accountId) ?? checkTopup(deps, order.credit);
  if (wrong !== null) return refuse(wrong);
  const driver = pickDriver(deps, order.driver);
  if (!driver.ok) return driver;
  const tax = taxOn(order.credit, deps.config?.topup.taxBp ?? 0);
  const { accountId, credit, saveMethod } = order;
  if (saveMethod && driver.value.name === 'manual') {
    return refuse({ reason: 'driver_unsupported', message: 'an invoice has no card that could be saved' });
  }
  const kind = driver.value.name === 'manual' ? 'invoice' : 'topup';
  const payment = newOrder(deps, { accountId, kind, driver: driver.value.name, credit, tax, facts: {} });
  const customer = await customerRef(deps.storage.reader, accountId, driver.value.name);
  return start(deps, payment, () =>
    driver.value.checkout({ paymentId: payment.id, accountId, credit, tax, saveMethod, customerRef: customer }),
  );
}

async function startSubscription(
  deps: PaymentsDeps,
  order: SubscriptionStart,
): Promise<Result<StartedPayment, PaymentRefusal>> {
  const wrong = checkAccount(deps, order.accountId);
  if (wrong !== null) return refuse(wrong);
  const driver = pickDriver(deps, order.driver);
  if (!driver.ok) return driver;
  const fee = quoteFee(deps, order);
  if (!fee.ok) return fee;
  const { accountId, plan, interval, seats } = order;
  const tax = taxOn(fee.value, deps.config?.topup.taxBp ?? 0);
  const facts = { plan: { name: plan, interval, seats } };
  const { name } = driver.value;
  const payment = newOrder(deps, { accountId, kind: 'subscription', driver: name, credit: fee.value, tax, facts });
  const customer = await customerRef(deps.storage.reader, accountId, name);
  const asked = {
    paymentId: payment.id,
    accountId,
    tax,
    customerRef: customer,
    plan,
    interval,
    seats,
    fee: fee.value,
  };
  return start(deps, payment, () => driver.value.subscribe(asked));
}

/** Writes the order, then asks the driver for a page to pay it on. */
async function start(
  deps: PaymentsDeps,
  payment: Payment,
  ask: () => Promise<Result<StartedCheckout, DriverRefusal>>,
): Promise<Result<StartedPayment, PaymentRefusal>> {
  const written = await deps.storage.writer.write([insertPayment(payment)]);
  if (!written.ok) throw new Error(`order ${payment.id} could not be written`);
  const started = await ask();
  if (!started.ok) {
    await deps.storage.writer.write([markFailed(payment.id)]);
    return refuse(explain(started.refusal));
  }
  const { url, ref } = started.value;
  await deps.storage.writer.write([setCheckout(payment.id, ref)]);
  return ok({ payment: { ...payment, checkoutRef: ref }, url });
}

function pickDriver(deps: PaymentsDeps, wanted: DriverName | null) {
  const driver = deps.drivers.get(wanted ?? (deps.drivers.has('stripe') ? 'stripe' : 'manual'));
  if (driver !== undefined) return ok(driver);
  return refuse<PaymentRefusal>({ reason: 'driver_not_configured', message: `payments.${wanted} is not configured` });
}

function quoteFee(deps: PaymentsDeps, order: PlanOrder): Result<Nano, PaymentRefusal> {
  if (deps.subscriptions === null) {
    return refuse({ reason: 'service_needed', message: 'only a running service knows the plans' });
  }
  const quoted = deps.subscriptions.quote(order);
  if (!quoted.ok) return refuse({ reason: 'plan_refused', message: quoted.refusal.message });
  const { fee } = quoted.value;
  if (fee > 0n && isWholeCents(fee)) return ok(fee);
  const message = fee === 0n ? 'this plan costs nothing; start it without a payment' : 'the fee is not in whole cents';
  return refuse({ reason: 'plan_refused', message });
}

function explain(refusal: DriverRefusal): PaymentRefusal {
  const message = `the payment driver said no: ${refusal.detail}`;
  switch (refusal.reason) {
    case 'declined':
      return { reason: 'driver_declined', message };
    case 'unsupported':
      return { reason: 'driver_unsupported', message };
    case 'unavailable':
      return { reason: 'driver_unavailable', message: `the payment driver does not answer: ${refusal.detail}` };
  }
}
