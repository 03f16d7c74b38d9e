import type { Nano } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import type { PlanChanged, PlanOrder, PlanPayment, PlanQuote, PlanRefusal } from '../plan.ts';
import { type Change, includedCredit, NO_MONEY, surplusOf } from './change-log.ts';
import type { Core } from './core.ts';
import { recogniseNow } from './recognition.ts';
import { isLive, type Held } from './held.ts';
import { type CheckedOrder, checkOrder, mayStart, no, paymentRequired, paymentTooSmall } from './orders.ts';
import { addMonths, DAY_MS, monthsOf } from './period.ts';
import { insertFee } from './store.ts';

export type StartOrder = PlanOrder & {
  readonly trial: boolean;
  readonly payment: PlanPayment | null;
  /** See `Subscriptions.start`. */
  readonly ownChoice?: boolean;
};

/** Begins a plan with a period of its own; call it in the account's lane. */
export async function start(core: Core, order: StartOrder): Promise<Result<PlanChanged, PlanRefusal>> {
  const { accountId, payment } = order;
  const known = await core.knownPayment(accountId, payment);
  if (known !== null) return known;
  const checked = checkStart(core, order, payment !== null);
  if (!checked.ok) return checked;
  const held = core.held(accountId);
  const { fee } = checked.value;
  if (order.trial && payment === null) return startTrial(core, order, checked.value, held);
  if (payment === null && fee > 0n) return paymentRequired(fee);
  if (payment !== null && payment.amount < fee) return paymentTooSmall(fee, payment.amount);
  // What an earlier plan earned is booked before another one begins.
  await recogniseNow(accountId, core.clock.wallMs(), core);
  return core.apply(await startPaid(core, checked.value, order, held));
}

/** What a start would cost. */
export function quoteStart(core: Core, order: PlanOrder): Result<PlanQuote, PlanRefusal> {
  const priced = checkOrder(core.plans, core.accounts, order);
  const checked = priced.ok ? checkStart(core, order, priced.value.fee > 0n) : priced;
  if (!checked.ok) return checked;
  const { fee } = checked.value;
  return ok({ due: fee, fee, effective: 'now' });
}

function checkStart(core: Core, order: PlanOrder, isPaid: boolean): Result<CheckedOrder, PlanRefusal> {
  const checked = checkOrder(core.plans, core.accounts, order);
  if (!checked.ok) return checked;
  const held = core.held(order.accountId);
  const { share, fee } = checked.value;
  const isSame = isLive(held) && fee === 0n && held.plan === share.plan;
  if (mayStart(held, isPaid) && !isSame) return checked;
  return no('already_subscribed', `account ${order.accountId} has the plan ${held?.plan}; change that one`);
}

async function startPaid(
  core: Core,
  { plan, share, fee }: CheckedOrder,
  { accountId, payment, ownChoice = false }: StartOrder,
  before: Held | null,
): Promise<Change> {
  const now = core.clock.wallMs();
  const after: Held = {
    ...fresh(core, before, accountId, now),
    ...share,
    fee,
    state: 'active',
    periodEndMs: addMonths(now, monthsOf(share.interval)),
    creditedToMs: addMonths(now, 1),
  };
  const received = receive(after, fee, payment, now);
  const credit = includedCredit(after, plan.includedCredit * BigInt(share.seats), now);
  const signup = await core.signups.promise(accountId, ownChoice && payment === null ? [] : plan.signupTranches);
  return {
    ...NO_MONEY,
    after,
    kind: 'started',
    atMs: now,
    payment,
    transfers: [...received.transfers, ...credit.transfers, ...signup.transfers],
    grants: [...received.grants, ...credit.grants, ...signup.grants],
    statements: [...received.statements, ...signup.statements],
  };
}

/** The fee of the period the subscription is in: deferred, and what was paid above it as credit. */
export function receive(after: Held, fee: Nano, payment: PlanPayment | null, atMs: number) {
  if (payment === null) return { transfers: [], grants: [], statements: [] };
  const surplus = surplusOf(payment, fee, after, atMs);
  if (fee === 0n) return { ...surplus, statements: [] };
  return {
    transfers: [{ debit: payment.from, credit: 'deferred_subscription', amount: fee } as const, ...surplus.transfers],
    grants: surplus.grants,
    statements: [insertFee(feeFor(after, fee, { startMs: after.periodStartMs, endMs: after.periodEndMs }))],
  };
}

/** A fee just received, for a stretch of time. */
export function feeFor(after: Held, amount: Nano, span: { readonly startMs: number; readonly endMs: number }) {
  return {
    id: `${after.id}:${after.version}`,
    accountId: after.accountId,
    amount,
    ...span,
    recognised: 0n,
    recognisedToMs: span.startMs,
    moved: 0n,
  };
}

async function startTrial(
  core: Core,
  { accountId, ownChoice = false }: StartOrder,
  { plan, share, fee }: CheckedOrder,
  before: Held | null,
): Promise<Result<PlanChanged, PlanRefusal>> {
  if (plan.trialDays === 0) return no('payment_required', `the plan ${plan.name} has no trial`, fee);
  if (before?.trialUsed === true) return no('payment_required', `account ${accountId} has had its trial`, fee);
  const now = core.clock.wallMs();
  const periodEndMs = now + plan.trialDays * DAY_MS;
  const after: Held = {
    ...fresh(core, before, accountId, now),
    ...share,
    fee,
    state: 'trialing',
    // Paid periods count from the end of the trial.
    anchorMs: periodEndMs,
    periodEndMs,
    creditedToMs: periodEndMs,
    trialUsed: true,
  };
  const signup = await core.signups.promise(accountId, ownChoice ? [] : plan.signupTranches);
  return core.apply({ ...NO_MONEY, ...signup, after, kind: 'trial_started', atMs: now });
}

function fresh(core: Core, before: Held | null, accountId: string, now: number) {
  return {
    id: core.mintId('sub'),
    accountId,
    anchorMs: now,
    periodStartMs: now,
    cancelAtPeriodEnd: false,
    next: null,
    nextPaid: null,
    graceToMs: null,
    trialUsed: before?.trialUsed ?? false,
    version: (before?.version ?? 0) + 1,
  };
}
