import { monthOf } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import { claimCharge, failCharge, putChargeOff, readAutoTopups } from './auto-store.ts';
import { taxOn } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Applied, Incoming } from './events.ts';
import { customerRef, findPayment, insertPayment, markFailed } from './store.ts';

/** Books a charge that succeeded, as if the driver had sent word of it. */
export type Apply = (incoming: Incoming) => Promise<Applied>;

/** A charge that was begun is left alone for this long: longer than it may take. */
const CHARGE_RETRY_MS = 150_000;

/** Decides by the database, writes the intent, and only then asks the driver. */
export async function startCharge(deps: PaymentsDeps, apply: Apply, accountId: string): Promise<void> {
  const [auto = null] = await readAutoTopups(deps.storage.reader, accountId);
  const driver = deps.drivers.get('stripe');
  if (auto === null || auto.state !== 'on' || deps.config === null || driver === undefined) return;
  const { available } = await deps.ledger.balance(accountId);
  const nowMs = deps.clock.wallMs();
  const tax = taxOn(auto.credit, deps.config.topup.taxBp);
  const month = monthOf(nowMs);
  const amount = auto.credit + tax;
  const spent = auto.month === month ? auto.spent : 0n;
  if (available >= auto.threshold || auto.paymentId !== null || auto.nextAtMs > nowMs) return;
  if (spent + amount > auto.monthlyCap) return;
  const paymentId = deps.mintId('pay');
  const claimed = await deps.storage.writer.write([
    insertPayment({
      id: paymentId,
      accountId,
      kind: 'topup',
      driver: driver.name,
      credit: auto.credit,
      tax,
      facts: { auto: true },
      createdAtMs: nowMs,
    }),
    claimCharge(accountId, { paymentId, amount, month, nowMs, retryAtMs: nowMs + CHARGE_RETRY_MS }),
  ]);
  if (claimed.ok) await askCharge(deps, apply, { paymentId, methodRef: auto.methodRef, again: false });
}

/** Asks the driver to charge, or, `again`, what came of having asked; books what it says. */
export async function askCharge(
  deps: PaymentsDeps,
  apply: Apply,
  order: { readonly paymentId: string; readonly methodRef: string; readonly again: boolean },
): Promise<void> {
  const { reader, writer } = deps.storage;
  const { paymentId, methodRef, again } = order;
  const payment = await findPayment(reader, paymentId);
  const driver = payment === null ? undefined : deps.drivers.get(payment.driver);
  if (payment === null || driver === undefined) return;
  const { accountId, amount } = payment;
  const customer = (await customerRef(reader, accountId, payment.driver)) ?? '';
  const charged = await driver.charge({ paymentId, accountId, amount, customerRef: customer, methodRef, again });
  if (charged.ok) {
    const { ref } = charged.value;
    const fact = {
      kind: 'paid' as const,
      eventId: `charge:${ref}`,
      paymentId,
      accountId,
      amount,
      currency: 'usd',
      ref,
    };
    await apply({ driver: payment.driver, fact: { ...fact, customerRef: null } });
  } else if (charged.refusal.reason === 'unavailable') {
    await writer.write([putChargeOff(paymentId, deps.clock.wallMs() + CHARGE_RETRY_MS, charged.refusal.detail)]);
    deps.telemetry.notice('warn', 'an automatic top-up has no answer yet', { payment: paymentId });
  } else {
    // Refused where the driver's own event was faster.
    await writer.write(failedCharge(deps, paymentId, amount, charged.refusal.detail));
    deps.telemetry.notice('warn', 'an automatic top-up was declined', { payment: paymentId });
  }
}

/** What an order that was declined leaves, whether the driver answered so or sent word of it. */
export function failedCharge(deps: PaymentsDeps, paymentId: string, amount: Nano, why: string) {
  const retryMs = deps.config?.autoTopup.retryMs ?? 0;
  const failure = { amount, why, nowMs: deps.clock.wallMs(), retryMs };
  return [markFailed(paymentId), failCharge(paymentId, failure)];
}
