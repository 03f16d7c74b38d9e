import type { PlanInterval } from '../../../src/ledger/index.ts';
import { type House, must } from './house.ts';
import { earnedOf, type Note } from './notes.ts';

const USD = 1_000_000_000n;
const CENT = 10_000_000n;
const GRACE_MS = 3 * 86_400_000;
/** What the plans cost and give for each seat, said again. */
const FEES: Readonly<Record<string, { readonly month?: bigint; readonly year?: bigint }>> = {
  plus: { month: 20n * USD, year: 204n * USD },
  business: { month: 30n * USD, year: 300n * USD },
  enterprise: { year: 720n * USD },
};
const INCLUDED: Readonly<Record<string, bigint>> = { plus: 5n * USD, business: 10n * USD, enterprise: 20n * USD };
const TRIAL_DAYS: Readonly<Record<string, number>> = { plus: 7, business: 14 };

interface Share {
  readonly plan: string;
  readonly interval: PlanInterval;
  readonly seats: number;
}

interface Subscriber extends Share {
  readonly account: string;
  state: 'trial' | 'active' | 'late' | 'ended';
  seats: number;
  anchor: number;
  start: number;
  end: number;
  /** Included credit was given up to here. */
  creditedTo: number;
  cancels: boolean;
  next: Share | null;
  nextPaid: boolean;
  grace: number;
  /** The fee of the period it is in. */
  fee: { id: string; amount: bigint; start: number; end: number } | null;
  nextFee: Subscriber['fee'];
  readonly included: string[];
}

/** The same time of day, months later; no day of this test is beyond the 28th. */
function later(at: number, months: number): number {
  const day = new Date(at);
  return day.setUTCMonth(day.getUTCMonth() + months);
}

function feeOf({ plan, interval, seats }: Share): bigint {
  const fee = FEES[plan]?.[interval];
  if (fee === undefined) throw new Error(`no fee of ${plan} by the ${interval}`);
  return fee * BigInt(seats);
}

/** Starts, renews, changes and ends plans in the house, and keeps what was noted of them in step. */
export function createSubscribers(house: House, note: (one: Note) => void) {
  const all = new Map<string, Subscriber>();
  let count = 0;
  const now = () => house.time.ms;
  const months = (share: Share) => (share.interval === 'month' ? 1 : 12);

  function noteWorth(one: Subscriber, from: number): void {
    const fee = one.state === 'active' ? feeOf(one) : 0n;
    const monthly = one.interval === 'year' ? fee / 12n : fee;
    note({ at: now(), what: 'worth', account: one.account, from, monthly });
  }

  function noteFee(paid: bigint, start: number, end: number, carried = 0n, rounding = 0n) {
    const fee = { id: `fee ${++count}`, amount: paid + carried + rounding, start, end };
    note({ at: now(), what: 'fee', id: fee.id, paid, carried, rounding, start, end });
    return fee;
  }

  function noteIncluded(one: Subscriber, amount: bigint): void {
    if (amount === 0n || one.creditedTo <= now()) return;
    const grant = `included ${++count}`;
    one.included.push(grant);
    const { account, creditedTo: endsAt } = one;
    note({ at: now(), what: 'given', account, grant, kind: 'promo', amount, endsAt, from: 'house' });
  }

  const includedOf = (share: Share) => (INCLUDED[share.plan] ?? 0n) * BigInt(share.seats);

  /** The end of the month of the subscription that holds this moment. */
  function monthEnd(anchor: number, at: number): number {
    let passed = 1;
    while (later(anchor, passed) <= at) passed++;
    return later(anchor, passed);
  }

  /** What time alone does, as far as it was due. */
  function passTime(): void {
    for (const one of all.values()) {
      while (step(one));
    }
    note({ at: now(), what: 'days earned' });
  }

  function step(one: Subscriber): boolean {
    if (one.state === 'late' && now() >= one.grace) {
      one.state = 'ended';
      noteWorth(one, one.grace);
      return true;
    }
    if (one.state !== 'trial' && one.state !== 'active') return false;
    if (now() >= one.end) {
      endPeriod(one);
      return true;
    }
    if (one.state === 'active' && now() >= one.creditedTo) {
      one.creditedTo = monthEnd(one.anchor, now());
      noteIncluded(one, includedOf(one));
      return true;
    }
    return false;
  }

  function endPeriod(one: Subscriber): void {
    const end = one.end;
    if (one.nextPaid) renewFrom(one, one.nextFee);
    else if (one.cancels) one.state = 'ended';
    else {
      one.state = 'late';
      one.grace = now() + GRACE_MS;
    }
    noteWorth(one, end);
  }

  function renewFrom(one: Subscriber, fee: Subscriber['fee']): void {
    if (one.next !== null) one.seats = one.next.seats;
    const start = one.end;
    Object.assign(one, { state: 'active', start, end: later(start, months(one)), next: null, nextPaid: false, fee });
    one.creditedTo = monthEnd(one.anchor, Math.max(now(), start));
    noteIncluded(one, includedOf(one));
  }

  function enter(account: string, share: Share, more: Partial<Subscriber>): Subscriber {
    const start = now();
    const end = later(start, months(share));
    const fresh = { state: 'active' as const, anchor: start, start, end, creditedTo: later(start, 1), cancels: false };
    const rest = { next: null, nextPaid: false, grace: 0, fee: null, nextFee: null, included: [] };
    const one: Subscriber = { account, ...share, ...fresh, ...rest, ...more };
    all.set(account, one);
    return one;
  }

  const find = (account: string): Subscriber => {
    const one = all.get(account);
    if (one === undefined) throw new Error(`${account} has no plan`);
    return one;
  };

  const payment = (amount: bigint) => ({ id: `bank ${++count}`, amount, from: 'wash' as const, note: 'bank transfer' });

  return {
    passTime,
    /** By an invoice, with tax. */
    async buy(account: string, share: Share): Promise<void> {
      const ordered = must(await house.payments.subscribe({ ...share, accountId: account, driver: 'manual' }));
      must(await house.payments.record({ paymentId: ordered.payment.id, reference: `bank ${++count}` }));
      const fee = feeOf(share);
      const one = enter(account, share, {});
      one.fee = noteFee(fee, one.start, one.end);
      note({ at: now(), what: 'tax', amount: ((fee * 1_900n + 10_000n * CENT - 1n) / (10_000n * CENT)) * CENT });
      noteIncluded(one, includedOf(one));
      noteWorth(one, now());
    },
    async startTrial(account: string, share: Share): Promise<void> {
      must(await house.plans.subscriptions.start({ ...share, accountId: account, trial: true, payment: null }));
      const end = now() + (TRIAL_DAYS[share.plan] ?? 0) * 86_400_000;
      const one = enter(account, share, { state: 'trial', anchor: end, end, creditedTo: end });
      noteWorth(one, now());
    },
    /** Ahead of the end of the period, or late. */
    async renew(account: string): Promise<void> {
      const one = find(account);
      const share = one.next ?? one;
      const amount = feeOf(share);
      must(await house.plans.subscriptions.renew(account, payment(amount)));
      const fee = noteFee(amount, one.end, later(one.end, months(share)));
      if (one.state === 'late') {
        renewFrom(one, fee);
        noteWorth(one, now());
      } else Object.assign(one, { nextPaid: true, nextFee: fee });
    },
    async cancel(account: string): Promise<void> {
      must(await house.plans.subscriptions.cancel(account));
      find(account).cancels = true;
    },
    /** To more seats now, paid for the rest of the period. */
    async grow(account: string, seats: number): Promise<void> {
      const one = find(account);
      if (one.fee === null) throw new Error(`${account} pays nothing`);
      const { plan, interval } = one;
      const unused = one.fee.amount - earnedOf(one.fee, now());
      const length = BigInt(one.end - one.start);
      const rest = (feeOf({ plan, interval, seats }) * BigInt(one.end - now()) + length - 1n) / length;
      const due = ((rest - unused) / CENT) * CENT;
      const monthStart = later(one.creditedTo, -1);
      const credit = (amount: bigint) =>
        (amount * BigInt(one.creditedTo - now())) / BigInt(one.creditedTo - monthStart);
      const added = credit(includedOf({ plan, interval, seats })) - credit(includedOf(one));
      const order = { accountId: account, plan, interval, seats, payment: payment(due) };
      must(await house.plans.subscriptions.change(order));
      note({ at: now(), what: 'fee ended', id: one.fee.id, to: 'fee' });
      one.fee = noteFee(due, now(), one.end, unused, rest - unused - due);
      one.seats = seats;
      noteIncluded(one, added);
      noteWorth(one, now());
    },
    /** To fewer seats, when the period has ended. */
    async shrink(account: string, seats: number): Promise<void> {
      const { plan, interval } = find(account);
      must(await house.plans.subscriptions.change({ accountId: account, plan, interval, seats, payment: null }));
      find(account).next = { plan, interval, seats };
    },
    async endNow(account: string, to: 'customer' | 'house'): Promise<void> {
      const one = find(account);
      const into = to === 'customer' ? 'wash' : null;
      must(await house.plans.subscriptions.endNow(account, { into, reason: 'it was agreed' }));
      if (one.fee !== null) note({ at: now(), what: 'fee ended', id: one.fee.id, to });
      one.state = 'ended';
      noteWorth(one, now());
      for (const grant of one.included) note({ at: now(), what: 'revoked', account, grant });
    },
  };
}
