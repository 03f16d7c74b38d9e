import { ok, refuse, type Result } from '../../base/result.ts';
import type { PlanChanged, PlanPayment, PlanQuote, PlanRefusal } from '../plan.ts';
import { includedCredit, NO_MONEY, surplusOf } from './change-log.ts';
import type { Core } from './core.ts';
import { type Held, isLive } from './held.ts';
import { isPaidAhead, no, notSubscribed, paymentTooSmall, SERVICE_NEEDED } from './orders.ts';
import { nextPeriodEnd, nextShare } from './proration.ts';
import { bump, renew as renewed } from './rollover.ts';
import { feeFor, receive } from './start.ts';
import { insertFee } from './store.ts';

/** The fee of the next period, by the prices of today. */
export function renewalQuote(core: Core, accountId: string): Result<PlanQuote, PlanRefusal> {
  const held = core.held(accountId);
  if (!isLive(held)) return notSubscribed(accountId);
  if (core.plans === null) return refuse(SERVICE_NEEDED);
  if (isPaidAhead(held)) return no('already_paid', `account ${accountId} has paid its next period`);
  // What is past due is owed at the price it became due at.
  const fee = held.state === 'past_due' ? held.fee : core.feeOfShare(nextShare(held));
  return ok({ due: fee, fee, effective: held.state === 'past_due' ? 'now' : 'period_end' });
}

/** Takes the fee of the next period, or of the one that is past due. Call it in the account's lane. */
export async function renew(
  core: Core,
  accountId: string,
  payment: PlanPayment,
): Promise<Result<PlanChanged, PlanRefusal>> {
  const known = await core.knownPayment(accountId, payment);
  if (known !== null) return known;
  const quoted = renewalQuote(core, accountId);
  if (!quoted.ok) return quoted;
  const { fee } = quoted.value;
  if (fee === 0n) return no('nothing_to_do', 'a free plan renews itself');
  if (payment.amount < fee) return paymentTooSmall(fee, payment.amount);
  const held = core.held(accountId);
  if (held === null) return notSubscribed(accountId);
  return core.apply(held.state === 'past_due' ? payLate(core, held, payment) : payAhead(core, held, payment));
}

/** The period that is past due began when the one before it ended. */
function payLate(core: Core, held: Held, payment: PlanPayment) {
  const now = core.clock.wallMs();
  const { fee } = held;
  const after = renewed(held, nextPeriodEnd(held, held), fee, now);
  const received = receive(after, fee, payment, now);
  const credit = includedCredit(after, core.planOf(held.plan).includedCredit * BigInt(held.seats), now);
  return {
    ...NO_MONEY,
    after,
    kind: 'renewed' as const,
    atMs: now,
    payment,
    transfers: [...received.transfers, ...credit.transfers],
    grants: [...received.grants, ...credit.grants],
    statements: received.statements,
  };
}

function payAhead(core: Core, held: Held, payment: PlanPayment) {
  const now = core.clock.wallMs();
  const share = nextShare(held);
  const fee = core.feeOfShare(share);
  const toMs = nextPeriodEnd(held, share);
  const after = { ...bump(held), nextPaid: { toMs, fee } };
  const surplus = surplusOf(payment, fee, after, now);
  const span = { startMs: held.periodEndMs, endMs: toMs };
  return {
    ...NO_MONEY,
    after,
    kind: 'paid_ahead' as const,
    atMs: now,
    payment,
    transfers: [{ debit: payment.from, credit: 'deferred_subscription', amount: fee } as const, ...surplus.transfers],
    grants: surplus.grants,
    statements: [insertFee(feeFor(after, fee, span))],
  };
}
