import { expect } from 'bun:test';
import type { Drain, Grant, Hold, HoldOrder, Posting, Step } from '../../src/ledger/index.ts';
import type { Command } from './ledger-commands.ts';
import { LedgerModel } from './ledger-model.ts';
import { dropFolder, type LedgerWorld, makeFolder, startLedger } from './ledger-world.ts';

const START_MS = 1_800_000_000_000;
const NEVER = new AbortController().signal;

type Of<Kind extends Command['do']> = Extract<Command, { readonly do: Kind }>;
type Charge = Of<'settle'>['charge'];
type Order = Of<'hold'>['order'];

/** Plays commands on a ledger and on its model, and compares what both say after each. */
export class LedgerGame {
  readonly #dataDir: string;
  readonly #model = new LedgerModel(START_MS);
  #world: LedgerWorld;
  #holds = new Map<string, Hold>();
  readonly #postings: Posting[] = [];
  #made = 0;

  private constructor(dataDir: string, world: LedgerWorld) {
    this.#dataDir = dataDir;
    this.#world = world;
  }

  static async start(): Promise<LedgerGame> {
    const dataDir = makeFolder();
    let game: LedgerGame | null = null;
    const world = await startLedger(dataDir, () => (game === null ? START_MS : game.#model.nowMs));
    game = new LedgerGame(dataDir, world);
    return game;
  }

  async end(): Promise<void> {
    await this.#world.close();
    dropFolder(this.#dataDir);
  }

  async play(command: Command): Promise<void> {
    if ('fails' in command) this.#world.disk.fails = command.fails;
    try {
      await this.#do(command);
    } finally {
      if (this.#world.disk.fails) {
        this.#world.disk.fails = false;
        await this.#settleDown();
      }
    }
  }

  #do(command: Command): Promise<void> | void {
    switch (command.do) {
      case 'give':
        return this.#give(command);
      case 'post again':
        return this.#postAgain(command);
      case 'hold':
        return this.#hold(command.order, command.fails);
      case 'hold many':
        return this.#holdMany(command.orders);
      case 'extend':
        return this.#extend(command);
      case 'settle':
        return this.#settle(command.pick, command.charge, command.fails);
      case 'extend and settle':
        return this.#settle(command.pick, command.charge, command.fails, command.want);
      case 'void':
        return this.#settle(command.pick, null, command.fails);
      case 'refund':
        return this.#refund(command);
      case 'drain':
        return this.#drain(command);
      case 'expire':
        return this.#expire();
      case 'clock':
        this.#model.nowMs += command.byMs;
        return;
      case 'look':
        return this.look();
      case 'restart':
        return this.#restart();
    }
  }

  /** The disk, memory and the model say the same, and the audit finds nothing. */
  async look(): Promise<void> {
    const { ledger } = this.#world;
    for (const accountId of ['acct_1', 'acct_2']) {
      const grants = this.#model.grants.filter(({ grant }) => grant.accountId === accountId);
      const funded = new Map(grants.flatMap(({ grant, available }) => (available > 0n ? [[grant.id, available]] : [])));
      const found = await ledger.balance(accountId);
      expect(new Map(found.grants.flatMap((one) => (one.available > 0n ? [[one.id, one.available]] : [])))).toEqual(
        funded,
      );
      const held = [...this.#model.holds].filter(([, hold]) => hold.accountId === accountId);
      expect(found.held).toBe(held.reduce((sum, [id]) => sum + this.#model.heldBy(id), 0n));
      const mirror = ledger.mirror(accountId);
      if (mirror === null) continue;
      expect(new Map([...mirror].flatMap(([id, { available }]) => (available > 0n ? [[id, available]] : [])))).toEqual(
        funded,
      );
    }
    const house = new Map([...this.#model.house].filter(([, balance]) => balance !== 0n));
    const held = [...this.#model.holds.keys()].reduce((sum, id) => sum + this.#model.heldBy(id), 0n);
    if (held > 0n) house.set('holds', held);
    expect(await this.#world.houseBalances()).toEqual(house);
    await ledger.renew([...this.#model.holds.keys()]);
    expect(await this.#world.audit()).toEqual([]);
    expect(ledger.drifts()).toBe(0);
  }

  async #give(command: Of<'give'>): Promise<void> {
    const { accountId, kind, priority, models, products, amount } = command;
    const startsAtMs = this.#model.nowMs + command.startsInMs;
    const grant: Grant = {
      id: `grant_${this.#made++}`,
      accountId,
      kind,
      source: 'manual',
      priority,
      startsAtMs,
      models,
      products,
      expiresAtMs: command.lastsMs === null ? null : startsAtMs + command.lastsMs,
      reason: 'law',
      paymentId: null,
      createdAtMs: this.#model.nowMs,
    };
    const posting: Posting = {
      id: `${grant.id}:given`,
      kind: 'grant',
      accountId,
      grants: [grant],
      note: null,
      transfers: [{ debit: kind === 'paid' ? 'wash' : 'promo_expense', credit: `grant:${grant.id}`, amount }],
    };
    if (await this.#post(posting, command.fails)) this.#model.give(grant, amount);
  }

  /** Whether it was posted, which only a failing disk prevents. */
  async #post(posting: Posting, fails: boolean): Promise<boolean> {
    const posted = await this.#world.ledger.post(posting).catch((error: unknown) => error);
    if (fails) {
      expect(posted).toBeInstanceOf(Error);
      return false;
    }
    expect(posted).toEqual({ ok: true, value: { repeated: false } });
    this.#postings.push(posting);
    return true;
  }

  async #postAgain({ pick, altered }: Of<'post again'>): Promise<void> {
    const posting = choose(this.#postings, pick);
    if (posting === null) return;
    const transfers = posting.transfers.map((one) => ({ ...one, amount: one.amount + (altered ? 1n : 0n) }));
    const again = await this.#world.ledger.post({ ...posting, transfers });
    expect(again).toEqual(
      altered ? { ok: false, refusal: { reason: 'id_conflict' } } : { ok: true, value: { repeated: true } },
    );
  }

  #order({ accountId, model, product, need, spare }: Order): HoldOrder {
    const least = need > spare ? need - spare : 1n;
    return { id: `req_${this.#made++}`, accountId, model, product, need, least, waitMs: 0, signal: NEVER };
  }

  /** What the model sets aside for this order; null when there is not enough. */
  #taken(order: HoldOrder) {
    const available = this.#model.available(order);
    if (available < order.least) return null;
    return this.#model.take(available < order.need ? available : order.need, order);
  }

  async #hold(wanted: Order, fails: boolean): Promise<void> {
    const order = this.#order(wanted);
    const available = this.#model.available(order);
    const parts = this.#taken(order);
    const held = await this.#world.ledger.hold(order);
    if (parts === null) {
      const reason = this.#model.possible(order) < order.least ? 'credit_exhausted' : 'credit_held';
      expect(held).toEqual({ ok: false, refusal: { reason, available } });
      return;
    }
    if (!held.ok) throw new Error(`refused: ${held.refusal.reason}`);
    expect(await this.#keep(held.value.open)).toBe(!fails);
    if (fails) for (const [grant, amount] of parts) grant.available += amount;
    else this.#opened(order, held.value, parts);
  }

  async #holdMany(wanted: readonly Order[]): Promise<void> {
    const orders = wanted.map((one) => this.#order(one));
    const taken = orders.map((order) => this.#taken(order));
    const held = await Promise.all(
      orders.map(async (order) => {
        const result = await this.#world.ledger.hold(order);
        if (result.ok) expect(await this.#keep(result.value.open)).toBe(true);
        return result;
      }),
    );
    for (const [at, order] of orders.entries()) {
      const [result, parts] = [held[at], taken[at] ?? null];
      expect(result?.ok).toBe(parts !== null);
      if (result?.ok && parts !== null) this.#opened(order, result.value, parts);
    }
  }

  #opened(order: HoldOrder, hold: Hold, parts: ReturnType<LedgerModel['take']>): void {
    this.#model.holds.set(order.id, { ...order, parts });
    expect(hold.held()).toBe(this.#model.heldBy(order.id));
    this.#holds.set(order.id, hold);
  }

  async #extend({ pick, want, fails }: Of<'extend'>): Promise<void> {
    const hold = choose([...this.#holds.values()], pick);
    const known = hold && this.#model.holds.get(hold.id);
    if (!hold || !known) return;
    const parts = this.#model.take(want, known);
    const step = hold.extend(want);
    expect(step.added).toBe(parts.reduce((sum, [, amount]) => sum + amount, 0n));
    if (step.statements.length === 0) return;
    expect(await this.#keep(step)).toBe(!fails);
    if (fails) for (const [grant, amount] of parts) grant.available += amount;
    else known.parts.push(...parts);
    expect(hold.held()).toBe(this.#model.heldBy(hold.id));
  }

  async #settle(pick: number, wanted: Charge | null, fails: boolean, extendBy = 0n): Promise<void> {
    const hold = choose([...this.#holds.values()], pick);
    const known = hold && this.#model.holds.get(hold.id);
    if (!hold || !known) return;
    const { price = 0n, isRounded = false, cost = null } = wanted ?? {};
    const rounding = isRounded ? 1n : 0n;
    const extension = hold.extend(extendBy);
    const step = hold.settle(wanted && { price, rounding, cost });
    expect(await this.#keep(extension, step)).toBe(!fails);
    if (fails) return;
    known.parts.push(...this.#model.take(extendBy, known));
    const [paid, writtenOff] = this.#model.settle(hold.id, price, rounding, cost);
    expect(step.paid.map(({ grantId, amount }) => [grantId, amount])).toEqual(paid);
    expect(step.writtenOff).toBe(writtenOff);
    this.#holds.delete(hold.id);
  }

  async #refund({ pick, amount, fails }: Of<'refund'>): Promise<void> {
    const from = choose(this.#model.grants, pick);
    if (from === null) return;
    const { id, accountId } = from.grant;
    const posting: Posting = {
      id: `refund_${this.#made++}`,
      kind: 'refund',
      accountId,
      note: null,
      transfers: [{ debit: `grant:${id}`, credit: 'wash', amount }],
    };
    if (from.available < amount) {
      const { available } = from;
      const refusal = { reason: 'insufficient', account: `grant:${id}`, available } as const;
      expect(await this.#world.ledger.post(posting)).toEqual({ ok: false, refusal });
    } else if (await this.#post(posting, fails)) {
      from.available -= amount;
      this.#model.move('wash', amount);
    }
  }

  async #drain({ pick, most, fails }: Of<'drain'>): Promise<void> {
    const from = choose(this.#model.grants, pick);
    if (from === null) return;
    const wanted = most !== null && most < from.available ? most : from.available;
    const { id, accountId } = from.grant;
    const order: Drain = {
      id: `drain_${this.#made++}`,
      from: `grant:${id}`,
      into: 'dispute_loss',
      kind: 'clawback',
      accountId,
      most,
      note: null,
    };
    const moved = await this.#world.ledger.drain(order).catch(() => null);
    if (fails && wanted > 0n) {
      expect(moved).toBeNull();
      return;
    }
    expect(moved).toBe(wanted);
    from.available -= wanted;
    this.#model.move('dispute_loss', wanted);
    if (wanted > 0n) expect(await this.#world.ledger.drain(order)).toBe(wanted);
  }

  async #expire(): Promise<void> {
    expect(await this.#world.ledger.expire()).toBe(this.#model.expire());
  }

  /** The next process finds what this one left and goes on with it. */
  async #restart(): Promise<void> {
    await this.#world.close();
    this.#world = await startLedger(this.#dataDir, () => this.#model.nowMs);
    const left = await this.#world.ledger.leftHolds(1_000);
    expect(left.map(({ id }) => id).sort()).toEqual([...this.#model.holds.keys()].sort());
    this.#holds = new Map(left.map(({ id, hold }) => [id, hold]));
    // In the order the model has them, so that a pick means the same hold.
    this.#holds = new Map(
      [...this.#model.holds.keys()].flatMap((id) => [...this.#holds].filter(([key]) => key === id)),
    );
    for (const [id, hold] of this.#holds) expect(hold.held()).toBe(this.#model.heldBy(id));
  }

  async #keep(...steps: readonly Step[]): Promise<boolean> {
    const unit = steps.flatMap((step) => step.statements);
    const outcome = await this.#world.write(unit).catch(() => null);
    for (const step of steps) step.kept(outcome?.ok === true);
    return outcome?.ok === true;
  }

  /** After a failure memory is read again; whoever asks for nothing waits for that. */
  async #settleDown(): Promise<void> {
    for (const { grant } of this.#model.grants) {
      const { id, accountId } = grant;
      const most = { most: 0n, note: null };
      await this.#world.ledger.drain({
        id: 'none',
        from: `grant:${id}`,
        into: 'wash',
        kind: 'refund',
        accountId,
        ...most,
      });
    }
  }
}

function choose<One>(list: readonly One[], pick: number): One | null {
  return list[pick % list.length] ?? null;
}
