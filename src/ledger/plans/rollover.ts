import type { Nano } from '../../base/money.ts';
import type { Held, SubscriptionEventKind } from './held.ts';
import { DAY_MS } from './period.ts';
import { monthOf, nextPeriodEnd, nextShare } from './proration.ts';

/** How long a payment that is past due is waited for. */
const GRACE_MS = 3 * DAY_MS;

/** What time alone does to a subscription. */
export interface Step {
  readonly after: Held;
  readonly kind: SubscriptionEventKind;
  /** When it took effect, which may lie before now when nobody looked. */
  readonly atMs: number;
  /** Give the included credit of the month that ends with `after.creditedToMs`. */
  readonly credit: boolean;
}

/**
 * The next step that is due, or null. `feeOf` tells the fee of what the subscription becomes. Called again until it says
 * null, because a service that was down may owe several.
 */
export function dueStep(held: Held, feeOf: (share: ReturnType<typeof nextShare>) => Nano, nowMs: number): Step | null {
  switch (held.state) {
    case 'ended':
      return null;
    case 'past_due':
      return nowMs >= (held.graceToMs ?? held.periodEndMs) ? ended(held, held.graceToMs ?? held.periodEndMs) : null;
    case 'trialing':
    case 'active':
      if (nowMs >= held.periodEndMs) return endOfPeriod(held, feeOf, nowMs);
      return held.state === 'active' && nowMs >= held.creditedToMs ? newMonth(held, nowMs) : null;
  }
}

function endOfPeriod(held: Held, feeOf: (share: ReturnType<typeof nextShare>) => Nano, nowMs: number): Step {
  const share = nextShare(held);
  if (held.nextPaid !== null) return renewed(held, held.nextPaid.toMs, held.nextPaid.fee, nowMs);
  if (held.cancelAtPeriodEnd) return ended(held, held.periodEndMs);
  if (feeOf(share) === 0n) return renewed(held, nextPeriodEnd(held, share), 0n, nowMs);
  const standing = { ...bump(held), ...share, fee: feeOf(share), next: null };
  const after = { ...standing, state: 'past_due' as const, graceToMs: nowMs + GRACE_MS };
  const kind = held.state === 'trialing' ? 'trial_ended' : 'past_due';
  return { after, kind, atMs: held.periodEndMs, credit: false };
}

function renewed(held: Held, periodEndMs: number, fee: Nano, nowMs: number): Step {
  return { after: renew(held, periodEndMs, fee, nowMs), kind: 'renewed', atMs: held.periodEndMs, credit: true };
}

/** The subscription in the period that follows its current one. */
export function renew(held: Held, periodEndMs: number, fee: Nano, nowMs: number): Held {
  const inside = Math.min(Math.max(nowMs, held.periodEndMs), periodEndMs - 1);
  return {
    ...bump(held),
    ...nextShare(held),
    next: null,
    fee,
    state: 'active',
    periodStartMs: held.periodEndMs,
    periodEndMs,
    nextPaid: null,
    graceToMs: null,
    creditedToMs: monthOf(held.anchorMs, inside).endMs,
  };
}

function newMonth(held: Held, nowMs: number): Step {
  const { startMs, endMs } = monthOf(held.anchorMs, nowMs);
  return { after: { ...bump(held), creditedToMs: endMs }, kind: 'credited', atMs: startMs, credit: true };
}

function ended(held: Held, atMs: number): Step {
  return { after: end(held), kind: 'ended', atMs, credit: false };
}

export function end(held: Held): Held {
  const after = { ...bump(held), state: 'ended' as const, cancelAtPeriodEnd: false };
  return { ...after, next: null, nextPaid: null, graceToMs: null };
}

/** Every change counts one up. */
export function bump(held: Held): Held {
  return { ...held, version: held.version + 1 };
}
