import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Budget, BudgetOrder, BudgetTake } from '../budget.ts';
import type { Step } from '../ledger.ts';
import { periodStart } from './period.ts';
import { DAY_MS, openBooks, type ProvenBooks } from './proving/books.ts';

/** What should hold, in the plainest way: sums over lists. */
interface ModelBudget {
  readonly order: Pick<Budget, 'accountId' | 'subject' | 'subjectId' | 'period'>;
  limit: bigint;
  action: Budget['action'];
}

interface ModelRequest {
  readonly id: string;
  readonly places: readonly { readonly budget: ModelBudget; readonly startMs: number }[];
  taken: bigint;
  /** Null while it runs. */
  price: bigint | null;
}

interface Running {
  readonly request: ModelRequest;
  take: BudgetTake;
  /** Its first step, until that is written. */
  open: Step | null;
}

const SUBJECTS = [
  ['account', 'acct_a'],
  ['key', 'k1'],
  ['key', 'k2'],
  ['member', 'ana'],
] as const;

const amount = fc.bigInt({ min: 0n, max: 60n });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      key: fc.constantFrom('k1', 'k2'),
      member: fc.boolean(),
      amount,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), which: fc.nat(9), fails: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), price: amount, fails: fc.nat(4) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('extend' as const), which: fc.nat(9), amount, fails: fc.nat(3) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      subject: fc.constantFrom(...SUBJECTS),
      period: fc.constantFrom('day' as const, 'month' as const, 'total' as const),
      limit: fc.bigInt({ min: 1n, max: 200n }),
      action: fc.constantFrom('stop' as const, 'stop' as const, 'alert' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('go to' as const), day: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);
type Command = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** The last noons of May and the first of June: days and months both change on the way. */
const FIRST_NOON_MS = Date.UTC(2027, 4, 30, 12);
const POISON = { sql: 'delete from account where id = ?', parameters: ['nobody'], expectRows: 1 };
const ALERT_AT = [50, 100];

function createWorld(real: ProvenBooks) {
  const budgets: ModelBudget[] = [];
  const requests: ModelRequest[] = [];
  const alerts = new Set<string>();
  let running: Running[] = [];
  let ids = 0;

  const counted = (budget: ModelBudget, startMs: number, price: (request: ModelRequest) => bigint) =>
    requests
      .filter(({ places }) => places.some((place) => place.budget === budget && place.startMs === startMs))
      .reduce((sum, request) => sum + price(request), 0n);
  const used = (budget: ModelBudget, startMs: number) => counted(budget, startMs, ({ price, taken }) => price ?? taken);
  const spent = (budget: ModelBudget, startMs: number) => counted(budget, startMs, ({ price }) => price ?? 0n);
  const hasRoom = (places: ModelRequest['places'], more: bigint) =>
    places.every(({ budget, startMs }) => budget.action === 'alert' || budget.limit - used(budget, startMs) >= more);
  const isAlive = (budget: ModelBudget) => budgets.includes(budget);
  const matches = ({ order }: ModelBudget, key: string, member: string | null) =>
    order.subject === 'account' || order.subjectId === (order.subject === 'key' ? key : member);

  async function write(step: Step, fails: boolean): Promise<boolean> {
    const outcome = await real.write([...step.statements, ...(fails ? [POISON] : [])]);
    expect(outcome.ok).toBe(!fails);
    step.kept(outcome.ok);
    return outcome.ok;
  }

  function take(command: Extract<Command, { do: 'take' }>): void {
    const { key, amount: wanted } = command;
    const member = command.member ? 'ana' : null;
    const places = budgets
      .filter((budget) => matches(budget, key, member))
      .map((budget) => ({ budget, startMs: periodStart(budget.order.period, real.now) }));
    const id = `req_${ids++}`;
    const order: BudgetOrder = { requestId: id, accountId: 'acct_a', keyId: key, app: null, member, amount: wanted };
    const room = hasRoom(places, wanted);
    const taken = real.budgets.take(order);
    expect(taken.ok).toBe(room);
    if (!taken.ok) return;
    const request: ModelRequest = { id, places, taken: wanted, price: null };
    requests.push(request);
    running.push({ request, take: taken.value, open: taken.value.open });
  }

  async function open(one: Running, fails: boolean): Promise<void> {
    if (one.open === null) return;
    const kept = await write(one.open, fails);
    one.open = null;
    if (!kept) drop(one);
  }

  function drop(one: Running): void {
    requests.splice(requests.indexOf(one.request), 1);
    running = running.filter((other) => other !== one);
  }

  async function extend(one: Running, more: bigint, fails: boolean): Promise<void> {
    if (one.open !== null) return;
    const alive = one.request.places.filter(({ budget }) => isAlive(budget));
    const extended = one.take.extend(more);
    if (alive.length === one.request.places.length) expect(extended.ok).toBe(hasRoom(alive, more));
    if (extended.ok && (await write(extended.value, fails))) one.request.taken += more;
  }

  async function settle(one: Running, price: bigint, fails: boolean): Promise<void> {
    if (one.open !== null || !(await write(one.take.settle(price), fails))) return;
    one.request.price = price;
    running = running.filter((other) => other !== one);
    for (const { budget, startMs } of one.request.places.filter((place) => isAlive(place.budget))) {
      for (const percent of ALERT_AT) {
        if (spent(budget, startMs) * 100n < budget.limit * BigInt(percent)) continue;
        alerts.add(`${idOf(budget)}:${startMs}:${budget.limit}:${percent}`);
      }
    }
  }

  const idOf = ({ order }: ModelBudget) =>
    real.budgets
      .list('acct_a')
      .find(({ subject, subjectId, period }) => `${subject}${subjectId}${period}` === nameOf(order))?.id;

  async function set({ subject, period, limit, action }: Extract<Command, { do: 'set' }>): Promise<void> {
    const order = { accountId: 'acct_a', subject: subject[0], subjectId: subject[1], period };
    expect((await real.budgets.set({ ...order, limit, action, alertAt: ALERT_AT })).ok).toBe(true);
    const found = budgets.find((budget) => nameOf(budget.order) === nameOf(order));
    if (found === undefined) budgets.push({ order, limit, action });
    else Object.assign(found, { limit, action });
  }

  async function crash(): Promise<void> {
    for (const one of running.filter(({ open: unwritten }) => unwritten !== null)) drop(one);
    await real.restart();
    const left = await real.budgets.left(running.map(({ request }) => request.id));
    for (const one of running) {
      const again = left.get(one.request.id);
      expect(again !== undefined).toBe(one.request.places.length > 0);
      if (again !== undefined) one.take = again;
    }
  }

  async function run(command: Command): Promise<void> {
    const one = 'which' in command ? running[command.which % Math.max(1, running.length)] : undefined;
    if (command.do === 'take') take(command);
    if (command.do === 'set') await set(command);
    if (command.do === 'crash') await crash();
    if (command.do === 'go to') real.now = FIRST_NOON_MS + command.day * DAY_MS;
    if (command.do === 'remove' && budgets.length > 0) {
      const [removed] = budgets.splice(command.which % budgets.length, 1);
      if (removed !== undefined) expect(await real.budgets.remove('acct_a', idOf(removed) ?? '')).toBe(true);
    }
    if (one === undefined) return;
    if (command.do === 'write') await open(one, command.fails);
    if (command.do === 'extend') await extend(one, command.amount, command.fails === 0);
    if (command.do === 'settle') await settle(one, command.price, command.fails === 0);
  }

  function check(): void {
    const seen = real.budgets.list('acct_a').map((one) => [nameOf(one), one.limit, one.used, one.spent]);
    const wanted = budgets.map((budget) => {
      const startMs = periodStart(budget.order.period, real.now);
      return [nameOf(budget.order), budget.limit, used(budget, startMs), spent(budget, startMs)];
    });
    expect(seen.sort(byName)).toEqual(wanted.sort(byName));
  }

  async function end(): Promise<void> {
    await Promise.all(running.map((one) => open(one, false)));
    expect(await real.afresh()).toEqual(real.budgets.list(null));
    await Promise.all(running.map((one) => settle(one, 0n, false)));
    check();
    expect(await real.takes()).toBe(0);
    const crossed = (await real.alerts()).filter((alert) => alert.kind === 'budget');
    expect(new Set(crossed.map((alert) => alert.once.replace('budget:', '')))).toEqual(alerts);
  }

  return { run, check, end };
}

function nameOf({ subject, subjectId, period }: ModelBudget['order']): string {
  return `${subject}${subjectId}${period}`;
}

function byName([a]: unknown[], [b]: unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

test('memory and disk agree with sums over all requests, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (commands) => {
      const real = await openBooks();
      try {
        real.now = FIRST_NOON_MS;
        const world = createWorld(real);
        for (const command of commands) {
          await world.run(command);
          world.check();
        }
        await world.end();
      } finally {
        await real.close();
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
