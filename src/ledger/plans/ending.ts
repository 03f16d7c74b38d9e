import type { Nano } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import type { LedgerAccountId } from '../chart.ts';
import type { PlanChanged, PlanRefusal } from '../plan.ts';
import { grantPrefixOf, NO_MONEY } from './change-log.ts';
import { type Core, show } from './core.ts';
import { deferredOf } from './fees.ts';
import { type Held, isLive } from './held.ts';
import { no, notSubscribed } from './orders.ts';
import { recogniseNow } from './recognition.ts';
import { bump, end } from './rollover.ts';
import { updateFee } from './store.ts';

/** At the end of the period; at once where nothing is paid for. Call it in the account's lane. */
export async function cancel(core: Core, accountId: string): Promise<Result<PlanChanged, PlanRefusal>> {
  const held = core.held(accountId);
  if (!isLive(held)) return notSubscribed(accountId);
  const now = core.clock.wallMs();
  if (held.state === 'past_due') return core.apply({ ...NO_MONEY, after: end(held), kind: 'ended', atMs: now });
  if (held.cancelAtPeriodEnd) return ok({ subscription: show(held), repeated: true });
  const after = { ...bump(held), cancelAtPeriodEnd: true };
  return core.apply({ ...NO_MONEY, after, kind: 'cancel_requested', atMs: now });
}

/** Takes back a cancellation and a change that waits for the period's end. Call it in the account's lane. */
export async function resume(core: Core, accountId: string): Promise<Result<PlanChanged, PlanRefusal>> {
  const held = core.held(accountId);
  if (!isLive(held)) return notSubscribed(accountId);
  const waitsForChange = held.next !== null && held.nextPaid === null;
  if (!held.cancelAtPeriodEnd && !waitsForChange) return no('nothing_to_do', 'nothing waits for the end of the period');
  const after = { ...bump(held), cancelAtPeriodEnd: false, next: waitsForChange ? null : held.next };
  return core.apply({ ...NO_MONEY, after, kind: 'cancel_undone', atMs: core.clock.wallMs() });
}

/** Ends a plan now; see `Subscriptions.endNow`. Call it in the account's lane. */
export async function endNow(
  core: Core,
  accountId: string,
  order: { readonly into: LedgerAccountId | null; readonly reason: string },
): Promise<Result<Nano, PlanRefusal>> {
  const held = core.held(accountId);
  if (!isLive(held)) return notSubscribed(accountId);
  const now = core.clock.wallMs();
  const fees = await recogniseNow(accountId, now, core);
  const unused = fees.reduce((total, fee) => total + deferredOf(fee), 0n);
  const credit = order.into ?? 'earnings_subscription';
  const ended = await core.apply({
    ...NO_MONEY,
    after: end(held),
    kind: 'ended',
    atMs: now,
    note: order.reason,
    transfers: unused > 0n ? [{ debit: 'deferred_subscription', credit, amount: unused }] : [],
    statements: fees.map((fee) => updateFee(fee, { ...fee, moved: fee.moved + deferredOf(fee) })),
  });
  if (!ended.ok) return ended;
  await takeBackCredit(core, held, order.reason);
  return ok(order.into === null ? 0n : unused);
}

async function takeBackCredit(core: Core, held: Held, reason: string): Promise<void> {
  const { grants } = await core.ledger.balance(held.accountId);
  for (const grant of grants) {
    if (grant.kind !== 'promo' || !grant.id.startsWith(grantPrefixOf(held))) continue;
    const { id: grantId, accountId } = grant;
    await core.revocations.revoke({ grantId, accountId, into: 'promo_expense', kind: 'clawback', reason });
  }
}
