import { type Nano, sum } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import type { PlanChanged, PlanOrder, PlanPayment, PlanQuote, PlanRefusal } from '../plan.ts';
import { includedCredit, NO_MONEY, surplusOf } from './change-log.ts';
import type { Core } from './core.ts';
import { deferredOf, earnedBy, type Fee } from './fees.ts';
import { type Held, isLive } from './held.ts';
import {
  type CheckedOrder,
  checkOrder,
  isPaidAhead,
  no,
  notSubscribed,
  paymentRequired,
  paymentTooSmall,
} from './orders.ts';
import { addedCredit, monthOf, prorate, type Proration } from './proration.ts';
import { recogniseNow } from './recognition.ts';
import { bump } from './rollover.ts';
import { feeFor, start } from './start.ts';
import { insertFee, readOpenFees, updateFee } from './store.ts';

export type ChangeOrder = PlanOrder & { readonly payment: PlanPayment | null };

interface Changeable {
  readonly held: Held;
  readonly checked: CheckedOrder;
}

/** What a change would cost now. */
export async function quoteChange(core: Core, order: PlanOrder): Promise<Result<PlanQuote, PlanRefusal>> {
  const changeable = checkChange(core, order);
  if (!changeable.ok) return changeable;
  const { held, checked } = changeable.value;
  const { fee } = checked;
  if (held.state === 'trialing') return ok({ due: 0n, fee, effective: 'now' });
  if (held.fee === 0n) return ok({ due: fee, fee, effective: 'now' });
  const now = core.clock.wallMs();
  const fees = await readOpenFees(core.storage.reader, order.accountId);
  const unused = sum(fees.map((one) => one.amount - one.moved - earnedBy(one, now)));
  const proration = prorationOf(core, changeable.value, unused, now);
  return ok({ due: proration?.due ?? 0n, fee, effective: proration === null ? 'period_end' : 'now' });
}

/** To more: now, for the rest of the period; to less: with the next period. Call it in the account's lane. */
export async function change(core: Core, order: ChangeOrder): Promise<Result<PlanChanged, PlanRefusal>> {
  const { accountId, payment } = order;
  const known = await core.knownPayment(accountId, payment);
  if (known !== null) return known;
  const before = core.held(accountId);
  if (isLive(before) && before.state === 'active' && before.fee === 0n) {
    return start(core, { ...order, trial: false, ownChoice: payment === null });
  }
  const changeable = checkChange(core, order);
  if (!changeable.ok) return changeable;
  const { held, checked } = changeable.value;
  const now = core.clock.wallMs();
  const kind =
    checked.share.plan === held.plan && checked.share.interval === held.interval ? 'seats_changed' : 'plan_changed';
  if (held.state === 'trialing') {
    const after = { ...bump(held), ...checked.share, fee: checked.fee, next: null };
    return core.apply({ ...NO_MONEY, after, kind, atMs: now });
  }
  const fees = await recogniseNow(accountId, now, core);
  const proration = prorationOf(core, changeable.value, sum(fees.map(deferredOf)), now);
  if (proration === null) {
    if (payment !== null) return no('nothing_to_do', 'nothing is due for a change that waits for the next period');
    const after = { ...bump(held), next: checked.share };
    return core.apply({ ...NO_MONEY, after, kind: 'change_scheduled', atMs: now });
  }
  if (payment === null && proration.due > 0n) return paymentRequired(proration.due);
  if (payment !== null && payment.amount < proration.due) return paymentTooSmall(proration.due, payment.amount);
  return changeNow(core, { changeable: changeable.value, proration, fees, payment, now, kind });
}

interface NowChange {
  readonly changeable: Changeable;
  readonly proration: Proration;
  readonly fees: readonly Fee[];
  readonly payment: PlanPayment | null;
  readonly now: number;
  readonly kind: 'seats_changed' | 'plan_changed';
}

function changeNow(core: Core, { changeable, proration, fees, payment, now, kind }: NowChange) {
  const { held, checked } = changeable;
  const { due, rounding, endMs, anchorMs } = proration;
  const restarts = anchorMs !== held.anchorMs;
  const after: Held = {
    ...bump(held),
    ...checked.share,
    fee: checked.fee,
    next: null,
    anchorMs,
    periodStartMs: restarts ? now : held.periodStartMs,
    periodEndMs: endMs,
    creditedToMs: monthOf(anchorMs, now).endMs,
  };
  const credit = includedCredit(after, addedCredit(held, includedOf(core, changeable), anchorMs, now), now);
  const surplus = payment === null ? { transfers: [], grants: [] } : surplusOf(payment, due, after, now);
  const paid =
    payment !== null && due > 0n
      ? [{ debit: payment.from, credit: 'deferred_subscription', amount: due } as const]
      : [];
  const rounded =
    rounding > 0n ? [{ debit: 'rounding', credit: 'deferred_subscription', amount: rounding } as const] : [];
  return core.apply({
    ...NO_MONEY,
    after,
    kind,
    atMs: now,
    payment,
    transfers: [...paid, ...rounded, ...surplus.transfers, ...credit.transfers],
    grants: [...surplus.grants, ...credit.grants],
    statements: [
      // What is unused of the fees so far becomes part of the new one.
      ...fees.map((fee) => updateFee(fee, { ...fee, moved: fee.moved + deferredOf(fee) })),
      ...(proration.fee > 0n ? [insertFee(feeFor(after, proration.fee, proration))] : []),
    ],
  });
}

function checkChange(core: Core, order: PlanOrder): Result<Changeable, PlanRefusal> {
  const checked = checkOrder(core.plans, core.accounts, order);
  if (!checked.ok) return checked;
  const held = core.held(order.accountId);
  if (!isLive(held)) return notSubscribed(order.accountId);
  if (held.state === 'past_due') return paymentRequired(held.fee);
  if (isPaidAhead(held)) {
    return no(
      'already_paid',
      `account ${order.accountId} has paid its next period; change the plan when that has begun`,
    );
  }
  const { share } = checked.value;
  if (share.plan === held.plan && share.interval === held.interval && share.seats === held.seats) {
    return no('nothing_to_do', `account ${order.accountId} has just this plan`);
  }
  return ok({ held, checked: checked.value });
}

function prorationOf(core: Core, changeable: Changeable, unused: Nano, now: number): Proration | null {
  const { held, checked } = changeable;
  return prorate(held, includedOf(core, changeable), checked, unused, now);
}

/** Included credit of a month, before the change and after it. */
function includedOf(core: Core, { held, checked }: Changeable) {
  return {
    before: core.planOf(held.plan).includedCredit * BigInt(held.seats),
    after: checked.plan.includedCredit * BigInt(checked.share.seats),
  };
}
