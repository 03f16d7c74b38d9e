import type { Accounts } from '../../accounts/index.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Nano } from '../../base/money.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Revocations } from '../credit/revocations.ts';
import type { Ledger } from '../ledger.ts';
import type { Plan, PlanChanged, PlanPayment, PlanRefusal, Subscription } from '../plan.ts';
import { type Change, createChangeLog } from './change-log.ts';
import { feeOf, type Held, type Share } from './held.ts';
import { no, type Plans } from './orders.ts';
import { createLanes } from '../lanes.ts';
import type { Signups } from './signup.ts';
import { readPayer, readSubscriptions } from './store.ts';

export interface PlansDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly ledger: Pick<Ledger, 'post' | 'drain' | 'balance'>;
  readonly revocations: Revocations;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** By name; null where no configuration is at hand: then plans are shown and cancelled, and not had. */
  readonly plans: Plans | null;
}

/** What every verb of subscriptions works on. */
export interface Core extends PlansDeps {
  readonly signups: Signups;
  held(accountId: string): Held | null;
  all(): Iterable<Held>;
  /** Calls `listener` with the account after each change of a subscription. */
  onChange(listener: (accountId: string) => void): void;
  /** Runs what is asked for one account one after the other. */
  inLane<Value>(accountId: string, work: () => Promise<Value>): Promise<Value>;
  /** Durable, and in memory, once this resolves. */
  apply(change: Change): Promise<Result<PlanChanged, PlanRefusal>>;
  /** What a payment that is known already did; null for a new one. */
  knownPayment(accountId: string, payment: PlanPayment | null): Promise<Result<PlanChanged, PlanRefusal> | null>;
  /** Of a plan somebody has; throws a bug when the configuration lacks it, which `createPlans` looked for. */
  planOf(name: string): Plan;
  /** By the prices of today. */
  feeOfShare(share: Share): Nano;
}

/** Loads every subscription into memory. */
export async function createCore(deps: PlansDeps, signups: Signups): Promise<Core> {
  const table = new Map((await readSubscriptions(deps.storage.reader)).map((one) => [one.accountId, one]));
  checkPlansOf(table.values(), deps.plans);
  const write = createChangeLog(deps);
  const listeners: ((accountId: string) => void)[] = [];

  function planOf(name: string): Plan {
    const plan = deps.plans?.[name];
    assert(plan !== undefined, `the plan ${name} is configured`);
    return plan;
  }

  function feeOfShare(share: Share): Nano {
    // An interval that is no longer offered keeps its subscribers, at the other interval's price.
    const plan = planOf(share.plan);
    const fee = feeOf(plan, share) ?? otherFee(plan, share);
    assert(fee !== null, `the plan ${plan.name} has a fee`);
    return fee;
  }

  return {
    ...deps,
    signups,
    held: (accountId) => table.get(accountId) ?? null,
    all: () => table.values(),
    onChange: (listener) => void listeners.push(listener),
    inLane: createLanes(),
    async apply(change) {
      const written = await write(change);
      if (!written.ok) return written;
      table.set(change.after.accountId, change.after);
      for (const listener of listeners) listener(change.after.accountId);
      return ok({ subscription: show(change.after), repeated: false });
    },
    async knownPayment(accountId, payment) {
      const payer = payment === null ? null : await readPayer(deps.storage.reader, payment.id);
      if (payment === null || payer === null) return null;
      const held = table.get(accountId);
      if (payer === accountId && held !== undefined) return ok({ subscription: show(held), repeated: true });
      return no('payment_used', `the payment ${payment.id} is another account's`);
    },
    planOf,
    feeOfShare,
  };
}

function otherFee(plan: Plan, { interval, seats }: Share): Nano | null {
  const { month, year } = plan.price;
  if (interval === 'year') return month === null ? null : month * 12n * BigInt(seats);
  return year === null ? null : (year / 12n) * BigInt(seats);
}

/** A plan that somebody has and that nobody describes would be served at a guess: better not to start. */
function checkPlansOf(all: Iterable<Held>, plans: Plans | null): void {
  if (plans === null) return;
  for (const { accountId, state, plan, next } of all) {
    if (state === 'ended') continue;
    for (const name of next === null ? [plan] : [plan, next.plan]) {
      if (plans[name] !== undefined) continue;
      throw new Error(
        `account ${accountId} is on the plan ${name}, which is not configured; put it back under plans: in the configuration`,
      );
    }
  }
}

/** As others may see it. */
export function show(held: Held): Subscription {
  return {
    accountId: held.accountId,
    plan: held.plan,
    interval: held.interval,
    seats: held.seats,
    state: held.state,
    periodStartMs: held.periodStartMs,
    periodEndMs: held.periodEndMs,
    cancelAtPeriodEnd: held.cancelAtPeriodEnd,
    next: held.next,
    isPaidAhead: held.nextPaid !== null,
  };
}
