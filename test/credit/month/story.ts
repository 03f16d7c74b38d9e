import { type House, must, seeded } from './house.ts';
import type { Note } from './notes.ts';
import { type Asking, createAsker, enterPrices, MODELS, type OpenAsking } from './requests.ts';
import { createSubscribers } from './subscribers.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CENT = 10_000_000n;
const USD = 100n * CENT;
export const START_MS = Date.UTC(2026, 9, 18);
/** The first moment after the month. */
export const CLOSE_MS = Date.UTC(2026, 11, 1);
const REQUESTS = 1_600;
const PAYERS = 24;

export interface Told {
  readonly notes: readonly Note[];
  readonly accounts: readonly string[];
  /** How often each kind of thing happened. */
  readonly happened: Readonly<Record<string, number>>;
}

interface Payment {
  readonly id: string;
  readonly account: string;
  readonly ref: string;
  readonly grant: string;
  readonly credit: bigint;
  readonly tax: bigint;
  refunded: bigint;
  refundedTax: bigint;
  disputed: boolean;
}

/** Plays six weeks of business into the house, up to ten minutes past the end of the month. */
export async function playStory(house: House, seed: number): Promise<Told> {
  const random = seeded(seed);
  const notes: Note[] = [];
  const happened: Record<string, number> = {};
  const note = (one: Note) => void notes.push(one);
  const subscribers = createSubscribers(house, note);
  const ask = createAsker(house, note);
  const schedule = createSchedule(house);
  const accounts: string[] = [];
  const payments: Payment[] = [];
  const open = new Map<string, number>();
  const settled: { readonly request: string; readonly account: string }[] = [];
  const corrections = new Map<string, number>();
  let count = 0;
  let disputes = 0;

  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[random.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const between = (from: number, to: number) => from + random.below(to - from);
  const did = (what: string) => void (happened[what] = (happened[what] ?? 0) + 1);

  async function keepHouse(): Promise<void> {
    await house.ledger.expire();
    note({ at: house.time.ms, what: 'swept' });
    await house.plans.tick();
    subscribers.passTime();
    await house.payments.sweep();
  }

  /** Time passes for everybody before a plan is changed. */
  const plan = (at: number, what: string, work: () => Promise<void>) =>
    schedule.add(at, async () => {
      await keepHouse();
      await work();
      did(what);
    });

  async function signUp(): Promise<string> {
    const { id } = must(await house.accounts.create({ name: `account ${accounts.length}` }));
    accounts.push(id);
    return id;
  }

  async function startFree(account: string): Promise<void> {
    const order = { accountId: account, plan: 'free', interval: 'month' as const, seats: 1 };
    must(await house.plans.subscriptions.start({ ...order, trial: false, payment: null }));
    const at = house.time.ms;
    note({ at, what: 'promised', amount: 20n * USD });
    const first = { grant: `sign-up ${account}`, kind: 'promo', amount: USD, endsAt: at + 90 * DAY_MS } as const;
    note({ at, what: 'given', account, ...first, from: 'promise' });
    did('sign-up credit');
  }

  async function release(account: string): Promise<void> {
    const made = must(await house.plans.signups.release(account, 2));
    const part = { grant: made.grantId, kind: 'promo', amount: 2n * USD, endsAt: house.time.ms + 90 * DAY_MS } as const;
    note({ at: house.time.ms, what: 'given', account, ...part, from: 'promise' });
    did('release');
  }

  async function topUp(account: string): Promise<void> {
    const credit = BigInt(between(30, 900)) * CENT;
    const { payment } = must(
      await house.payments.topup({ accountId: account, credit, driver: 'stripe', saveMethod: false }),
    );
    const tax = ((credit * 1_900n + 10_000n * CENT - 1n) / (10_000n * CENT)) * CENT;
    const ref = `pi_${++count}`;
    const fact = { eventId: `evt_${count}`, paymentId: payment.id, accountId: account, currency: 'usd', ref };
    await house.payments.apply('stripe', { kind: 'paid', ...fact, amount: credit + tax, customerRef: null });
    const grant = `grant_${payment.id.slice(4)}`;
    payments.push({ id: payment.id, account, ref, grant, credit, tax, refunded: 0n, refundedTax: 0n, disputed: false });
    const at = house.time.ms;
    note({ at, what: 'given', account, grant, kind: 'paid', amount: credit, endsAt: null, from: 'customer' });
    note({ at, what: 'tax', amount: tax });
    did('top-up');
  }

  async function give(account: string): Promise<void> {
    const kind = pick(['paid', 'promo'] as const);
    const amount = BigInt(between(1, 200_000_000));
    const expiresInMs = pick([null, 2 * DAY_MS, 9 * DAY_MS]);
    const terms = { priority: 50, models: null, products: null, id: null, reason: 'a test' };
    const given = must(await house.credit.give({ accountId: account, amount, kind, expiresInMs, ...terms }));
    const at = house.time.ms;
    const endsAt = expiresInMs === null ? null : at + expiresInMs;
    const from = kind === 'paid' ? 'customer' : 'house';
    note({ at, what: 'given', account, grant: given.grant.id, kind, amount, endsAt, from });
    did(`${kind} gift`);
  }

  async function redeem(account: string): Promise<void> {
    const credit = BigInt(between(1, 300)) * CENT;
    const code = { credit, usesMax: 1, perAccountMax: 1, models: null, grantMs: 6 * DAY_MS, expiresAtMs: null };
    const { text } = await house.payments.codes.create(code);
    const { grantId } = must(await house.payments.codes.redeem(account, text));
    const at = house.time.ms;
    const grant = { grant: grantId, kind: 'promo', amount: credit, endsAt: at + 6 * DAY_MS } as const;
    note({ at, what: 'given', account, ...grant, from: 'house' });
    did('code');
  }

  const isIdle = (account: string) => (open.get(account) ?? 0) === 0;

  async function refund(): Promise<void> {
    const payment = pick(payments.filter((one) => !one.disputed && one.refunded === 0n));
    const { grants } = await house.ledger.balance(payment.account);
    const available = grants.find((one) => one.id === payment.grant)?.available ?? 0n;
    const credit = (available / CENT / 2n) * CENT;
    if (credit === 0n) return;
    must(
      await house.payments.refund({ paymentId: payment.id, credit, reason: 'asked for', key: null, reference: null }),
    );
    const tax = ((payment.tax * credit) / payment.credit / CENT) * CENT;
    Object.assign(payment, { refunded: credit, refundedTax: tax });
    note({ at: house.time.ms, what: 'refunded', account: payment.account, grant: payment.grant, credit, tax });
    did('refund');
  }

  async function dispute(): Promise<void> {
    const payment = pick(payments.filter((one) => !one.disputed && one.refunded === 0n && isIdle(one.account)));
    const { account, grant, credit, tax, ref } = payment;
    payment.disputed = true;
    const name = `dp_${++count}`;
    const told = { disputeRef: name, ref };
    const fact = { kind: 'disputed', ...told, eventId: `evt_${count}`, amount: credit + tax, currency: 'usd' } as const;
    await house.payments.apply('stripe', fact);
    note({ at: house.time.ms, what: 'disputed', account, grant, dispute: name, credit, tax });
    did('dispute');
    const isWon = disputes++ % 2 === 0;
    schedule.add(house.time.ms + 3 * DAY_MS, async () => {
      const kind = isWon ? 'dispute_won' : 'dispute_lost';
      await house.payments.apply('stripe', { kind, ...told, eventId: `evt_${++count}` });
      if (isWon) note({ at: house.time.ms, what: 'dispute won', dispute: name, grant: `restored ${name}` });
      did(kind);
    });
  }

  async function correct(): Promise<void> {
    const { request } = pick(settled);
    const amount = random.below(4) === 0 ? BigInt(-between(1, 5_000)) : BigInt(between(1, 400_000));
    const made = await house.corrections.correct({ requestId: request, amount, reason: 'counted wrongly' });
    if (!made.ok) return did(`correction refused: ${made.refusal.reason}`);
    const number = (corrections.get(request) ?? 0) + 1;
    corrections.set(request, number);
    note({ at: house.time.ms, what: 'corrected', request, amount, number });
    did(amount > 0n ? 'given back' : 'charged more');
  }

  async function request(asking: Asking, lastsMs: number): Promise<void> {
    const opened: OpenAsking | null = await ask(asking);
    if (opened === null) return did('request refused');
    const { account } = asking;
    open.set(account, (open.get(account) ?? 0) + 1);
    const asked = notes.at(-1);
    schedule.add(house.time.ms + lastsMs, async () => {
      await opened.answer();
      open.set(account, (open.get(account) ?? 0) - 1);
      if (asked?.what === 'asked') settled.push({ request: asked.request, account });
      did('request');
    });
  }

  const asking = (account: string, output: number): Asking => ({
    account,
    model: pick(MODELS),
    input: between(1, 9_000),
    output,
    thrifty: random.below(8) === 0,
  });

  function planDays(): void {
    for (let at = START_MS + 20_000; at < CLOSE_MS + DAY_MS; at += DAY_MS) schedule.add(at, keepHouse);
  }

  function planBusiness(): void {
    const day = (name: string) => Date.parse(`${name}T10:00:00Z`);
    const share = (name: string, interval: 'month' | 'year', seats: number) => ({ plan: name, interval, seats });
    const subscriber = (at: number, what: string, first: (account: string) => Promise<void>) => {
      const account = Promise.withResolvers<string>();
      plan(at, what, async () => {
        const id = await signUp();
        await first(id);
        account.resolve(id);
      });
      return (later: number, told: string, work: (id: string) => Promise<void>) =>
        plan(later, told, async () => work(await account.promise));
    };
    const { buy, startTrial, renew, cancel, grow, shrink, endNow } = subscribers;
    const stays = subscriber(day('2026-10-20'), 'plan', (id) => buy(id, share('plus', 'month', 1)));
    stays(day('2026-11-18'), 'paid ahead', renew);
    const leaves = subscriber(day('2026-10-21'), 'plan', (id) => buy(id, share('plus', 'month', 1)));
    leaves(day('2026-10-30'), 'cancelled', cancel);
    const paysLate = subscriber(day('2026-10-22'), 'plan', (id) => buy(id, share('plus', 'month', 1)));
    paysLate(day('2026-11-23') + HOUR_MS, 'paid late', renew);
    subscriber(day('2026-10-23'), 'plan that lapses', (id) => buy(id, share('business', 'month', 2)));
    subscriber(day('2026-10-28') + HOUR_MS, 'plan past due at the end', (id) => buy(id, share('plus', 'month', 1)));
    const grows = subscriber(day('2026-10-24'), 'plan', (id) => buy(id, share('business', 'month', 3)));
    grows(day('2026-11-03') + 12_345, 'grown', (id) => grow(id, 5));
    grows(day('2026-11-22'), 'paid ahead', renew);
    grows(day('2026-11-27') + 54_321, 'grown', (id) => grow(id, 9));
    const shrinks = subscriber(day('2026-10-25'), 'plan', (id) => buy(id, share('business', 'month', 6)));
    shrinks(day('2026-11-10'), 'shrunk', (id) => shrink(id, 2));
    shrinks(day('2026-11-20'), 'paid ahead', renew);
    const tries = subscriber(day('2026-11-03'), 'trial', (id) => startTrial(id, share('plus', 'month', 1)));
    tries(day('2026-11-11'), 'paid after trial', renew);
    subscriber(day('2026-11-05'), 'trial that lapses', (id) => startTrial(id, share('plus', 'month', 1)));
    subscriber(day('2026-11-20'), 'trial at the end', (id) => startTrial(id, share('business', 'month', 2)));
    subscriber(day('2026-11-12'), 'yearly plan', (id) => buy(id, share('plus', 'year', 1)));
    const regrets = subscriber(day('2026-10-26'), 'plan', (id) => buy(id, share('enterprise', 'year', 20)));
    regrets(day('2026-11-17') + 777, 'ended with money back', (id) => endNow(id, 'customer'));
    const banned = subscriber(day('2026-11-02'), 'plan', (id) => buy(id, share('business', 'month', 2)));
    banned(day('2026-11-09') + 333, 'ended without', (id) => endNow(id, 'house'));
  }

  async function planTraffic(): Promise<void> {
    const payers: string[] = [];
    for (let at = 0; at < PAYERS; at++) payers.push(await signUp());
    for (const account of payers) {
      const joined = between(START_MS + HOUR_MS, START_MS + 25 * DAY_MS);
      schedule.add(joined, () => startFree(account));
      if (random.below(2) === 0) schedule.add(joined + 5 * DAY_MS, () => release(account));
      const some = (times: number, work: (id: string) => Promise<void>) => {
        for (let nth = 0; nth < times; nth++) schedule.add(between(joined, CLOSE_MS), () => work(account));
      };
      some(random.below(4), topUp);
      some(random.below(3), give);
      some(random.below(3), redeem);
    }
    for (let nth = 0; nth < REQUESTS; nth++) {
      const account = pick(payers);
      const lastsMs = between(1, 120_000);
      const wanted = asking(account, between(0, 40_000));
      schedule.add(between(START_MS + DAY_MS, CLOSE_MS - 60_000), () => request(wanted, lastsMs));
    }
    for (let nth = 0; nth < 8; nth++) {
      // In progress when the month ends.
      const wanted = asking(pick(payers), 500);
      schedule.add(CLOSE_MS - between(1, 9_000), () => request({ ...wanted, thrifty: false }, 5 * 60_000));
    }
    for (let nth = 0; nth < 12; nth++) schedule.add(between(START_MS + 20 * DAY_MS, CLOSE_MS), refund);
    for (let nth = 0; nth < 8; nth++) schedule.add(between(START_MS + 20 * DAY_MS, CLOSE_MS), dispute);
    for (let nth = 0; nth < 60; nth++) schedule.add(between(START_MS + 9 * DAY_MS, CLOSE_MS), correct);
    const budget = { subject: 'account' as const, period: 'month' as const, action: 'stop' as const, alertAt: [] };
    for (const accountId of payers.slice(0, 3)) {
      await house.budgets.set({ ...budget, accountId, subjectId: accountId, limit: USD / 2n });
    }
  }

  await enterPrices(house);
  planDays();
  planBusiness();
  await planTraffic();
  await schedule.runUntil(CLOSE_MS + 10 * 60_000);
  return { notes, accounts, happened };
}

/** Runs what was planned one after the other, each at a moment of its own, with the clock set to it. */
function createSchedule(house: House) {
  const planned: { readonly at: number; readonly order: number; readonly run: () => Promise<void> }[] = [];
  let count = 0;
  return {
    add(at: number, run: () => Promise<void>): void {
      planned.push({ at, order: count++, run });
    },
    async runUntil(end: number): Promise<void> {
      for (;;) {
        planned.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = planned[0];
        if (next === undefined || next.at >= end) break;
        planned.shift();
        house.time.ms = Math.max(house.time.ms + 1, next.at);
        await next.run();
      }
      house.time.ms = end;
    },
  };
}
