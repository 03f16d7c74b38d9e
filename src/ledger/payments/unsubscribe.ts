import type { PaymentsDeps } from './deps.ts';
import type { Payment } from './payment.ts';
import { forgetSubscription, listSubscribed } from './store.ts';

const PAGE = 500;

/** Tells drivers to charge no more for plans that were cancelled or have ended. Resolves with how many that were. */
export async function unsubscribeEnded(deps: PaymentsDeps): Promise<number> {
  let ended = 0;
  for (let after = ''; ; ) {
    const page = await listSubscribed(deps.storage.reader, after, PAGE);
    for (const payment of page) if (isOver(deps, payment) && (await unsubscribe(deps, payment))) ended++;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return ended;
    after = last.id;
  }
}

/** What was paid for stays with the customer; only the next charge is stopped. */
function isOver(deps: PaymentsDeps, payment: Payment): boolean {
  const now = deps.subscriptions?.get(payment.accountId);
  return now !== undefined && (now === null || now.state === 'ended' || now.cancelAtPeriodEnd);
}

async function unsubscribe(deps: PaymentsDeps, payment: Payment): Promise<boolean> {
  const driver = deps.drivers.get(payment.driver);
  if (driver === undefined || payment.subscriptionRef === null) return false;
  const asked = await driver.unsubscribe(payment.subscriptionRef);
  if (asked.ok) {
    await deps.storage.writer.write([forgetSubscription(payment.id)]);
    return true;
  }
  deps.telemetry.notice('warn', 'a subscription at the driver could not be ended', {
    payment: payment.id,
    why: asked.refusal.detail,
  });
  return false;
}
