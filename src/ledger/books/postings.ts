import { assert, BugError } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { type Nano, smaller } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { WriteOutcome, WriteStatement, Writer } from '../../storage/sql/writer.ts';
import { grantAccount, grantIdOf, type LedgerAccountId } from '../chart.ts';
import type { Drain, Grant, Posted, Posting, PostRefusal } from '../ledger.ts';
import { createLocks } from '../lanes.ts';
import type { Pocket, Purse } from './purse.ts';
import type { Purses } from './purses.ts';
import { book, ensureEnvelope, ensureExpiring, type Entry, insertGrant, netOf } from './statements.ts';
import type { BookReader, StoredEntry } from './store.ts';

const NOTE_CHARACTERS_MAX = 500;

export interface PostingsDeps {
  readonly books: BookReader;
  readonly writer: Pick<Writer, 'write'>;
  readonly purses: Purses;
  readonly clock: Clock;
  /** What may be spent from this purse has changed. */
  readonly onChange: (purse: Purse) => void;
}

/** One grant a posting changes, and the purse it lies in. */
interface Touched {
  readonly grant: Grant;
  readonly purse: Purse;
  /** More than zero is credited. */
  readonly net: Nano;
}

/** Transfers outside the path of a request: memory first where credit is taken away, then one unit. */
export class Postings {
  readonly #deps: PostingsDeps;
  readonly #withLocks = createLocks();

  constructor(deps: PostingsDeps) {
    this.#deps = deps;
  }

  post(posting: Posting): Promise<Result<Posted, PostRefusal>> {
    const entries = toEntries(posting, this.#deps.clock.wallMs());
    const net = netOf(posting.transfers);
    // Envelopes are few and slow: whoever takes from one reads it first, alone.
    const envelopes = [...net].filter(([account, amount]) => isEnvelope(account) && amount < 0n);
    return this.#withLocks([posting.id, ...envelopes.map(([account]) => account)], async () => {
      const stored = await this.#deps.books.entriesWith([
        ...entries.map(({ id }) => id),
        `${posting.id}:${entries.length}`,
      ]);
      if (stored.length > 0)
        return isSame(stored, entries) ? ok({ repeated: true }) : refuse({ reason: 'id_conflict' });
      for (const [account, amount] of envelopes) {
        const available = (await this.#deps.books.balanceOf(account)) ?? 0n;
        if (available < -amount) return refuse({ reason: 'insufficient', account, available });
      }
      return this.#withTouched(net, posting.grants ?? [], (touched) => this.#write(posting, entries, touched));
    });
  }

  drain(order: Drain): Promise<Nano> {
    return this.#withLocks([order.id, order.from], async () => {
      const [stored] = await this.#deps.books.entriesWith([order.id]);
      if (stored !== undefined) {
        assert(stored.debit === order.from && stored.credit === order.into, `${order.id} names one emptying`);
        return stored.amount;
      }
      const inEnvelope = isEnvelope(order.from) ? await this.#deps.books.balanceOf(order.from) : null;
      const accounts = new Map<LedgerAccountId, Nano>([
        [order.from, -1n],
        [order.into, 1n],
      ]);
      return this.#withTouched(accounts, [], async (touched) => {
        const source = touched.find(({ grant }) => grantAccount(grant.id) === order.from);
        const there = source ? (source.purse.find(source.grant.id)?.available ?? 0n) : (inEnvelope ?? 0n);
        const amount = order.most === null ? there : smaller(there, order.most);
        if (amount <= 0n) return 0n;
        const transfers = [{ debit: order.from, credit: order.into, amount }];
        const posting: Posting = { ...order, transfers };
        const moved = touched.map((one) => ({ ...one, net: one.net * amount }));
        const posted = await this.#write(posting, toEntries(posting, this.#deps.clock.wallMs()), moved);
        return posted.ok ? amount : 0n;
      });
    });
  }

  /** Calls `work` with every grant that changes, its purse in memory and, at that moment, to be relied on. */
  async #withTouched<Value>(
    net: ReadonlyMap<LedgerAccountId, Nano>,
    made: readonly Grant[],
    work: (touched: readonly Touched[]) => Promise<Value>,
  ): Promise<Value> {
    const ids = [...net.keys()].flatMap((account) => grantIdOf(account) ?? []);
    const known = ids.filter((id) => !made.some((grant) => grant.id === id));
    const grants = [...made, ...(await this.#deps.books.grantsWith(known)).map(({ grant }) => grant)];
    const pinned = new Map<string, Purse>();
    try {
      for (let sure = false; !sure; ) {
        for (const { accountId } of grants) {
          const purse = pinned.get(accountId);
          if (purse !== undefined && !purse.stale) continue;
          pinned.set(accountId, await this.#deps.purses.pin(accountId));
          if (purse !== undefined) this.#deps.purses.unpin(purse);
        }
        sure = [...pinned.values()].every(({ stale }) => !stale);
      }
      const touched = grants.flatMap((grant) => {
        const purse = pinned.get(grant.accountId);
        return purse === undefined ? [] : [{ grant, purse, net: net.get(grantAccount(grant.id)) ?? 0n }];
      });
      assert(
        ids.every((id) => touched.some(({ grant }) => grant.id === id)),
        'credit moves between grants there are',
      );
      return await work(touched);
    } finally {
      for (const purse of pinned.values()) this.#deps.purses.unpin(purse);
    }
  }

  /** Everything up to the unit's place in the queue happens at once. */
  async #write(
    posting: Posting,
    entries: readonly Entry[],
    touched: readonly Touched[],
  ): Promise<Result<Posted, PostRefusal>> {
    const short = touched.find(({ grant, purse, net }) => -net > (purse.find(grant.id)?.available ?? 0n));
    if (short !== undefined) return refuse(insufficient(short));
    const unit = toUnit(posting, entries, touched);
    const step = this.#reserve(touched);
    let outcome: WriteOutcome | null = null;
    try {
      outcome = await this.#deps.writer.write(unit.statements);
    } finally {
      // An id that is taken and an `also` that is not met say nothing against memory.
      step(outcome?.ok === true, outcome?.ok === false && unit.isExpected(outcome.refusal.statement));
    }
    if (outcome.ok) return ok({ repeated: false });
    return unit.explain(outcome.refusal.statement, touched);
  }

  /** Takes debits from memory; the answer says what became of them. */
  #reserve(touched: readonly Touched[]): (kept: boolean, isExpected: boolean) => void {
    const changed = touched
      .filter(({ net }) => net !== 0n)
      .map((one) => {
        const pocket = one.purse.open(one.grant);
        // At once, because opening the next pocket drops those that hold nothing.
        if (one.net < 0n) move(pocket, one.net, -one.net);
        else pocket.held += one.net;
        return { ...one, pocket };
      });
    const involved = new Set(changed.map(({ purse }) => purse));
    for (const purse of involved) this.#deps.purses.begin(purse);
    return (kept, isExpected) => {
      for (const { pocket, net } of changed) {
        if (net < 0n) move(pocket, kept ? 0n : -net, net);
        else move(pocket, kept ? net : 0n, -net);
      }
      for (const purse of involved) {
        this.#deps.purses.end(purse, kept || isExpected);
        this.#deps.onChange(purse);
      }
    };
  }
}

function move(pocket: Pocket, available: Nano, held: Nano): void {
  pocket.available += available;
  pocket.held += held;
}

function toUnit(
  { grants = [], transfers, also = [] }: Posting,
  entries: readonly Entry[],
  touched: readonly Touched[],
) {
  const net = netOf(transfers);
  const making = grants.flatMap((grant) => insertGrant(grant, fundingOf(grant, net)));
  const ensuring: WriteStatement[] = [
    ...[...net.keys()].filter(isEnvelope).map((id) => ensureEnvelope(id, id.slice(ENVELOPE.length))),
    ...touched.flatMap(({ grant: { id, expiresAtMs }, net: change }) =>
      change > 0n && expiresAtMs !== null ? [ensureExpiring(id, expiresAtMs)] : [],
    ),
  ];
  const booking = book(entries);
  const alsoAt = making.length + ensuring.length + booking.length;
  return {
    statements: [...making, ...ensuring, ...booking, ...also],
    isExpected: (statement: number) => statement < making.length || statement >= alsoAt,
    explain(statement: number, all: readonly Touched[]): Result<Posted, PostRefusal> {
      if (statement < making.length) return refuse({ reason: 'id_conflict' });
      if (statement >= alsoAt) return refuse({ reason: 'also_refused', statement: statement - alsoAt });
      const debited = all.find((one) => one.net < 0n);
      if (debited === undefined) throw new BugError(`a posting was refused at statement ${statement}`);
      return refuse(insufficient(debited));
    },
  };
}

function insufficient({ grant, purse }: Touched): PostRefusal {
  const available = purse.find(grant.id)?.available ?? 0n;
  return { reason: 'insufficient', account: grantAccount(grant.id), available };
}

function fundingOf(grant: Grant, net: ReadonlyMap<LedgerAccountId, Nano>): Nano {
  const amount = net.get(grantAccount(grant.id)) ?? 0n;
  assert(amount > 0n, `the posting that makes ${grant.id} funds it`);
  return amount;
}

function toEntries({ id, kind, accountId, transfers, note }: Posting, atMs: number): Entry[] {
  assert(transfers.length > 0, `${id} moves something`);
  assert(note === null || note.length <= NOTE_CHARACTERS_MAX, `the note of ${id} is short`);
  return transfers.map((transfer, at) => {
    assert(transfer.amount > 0n, `${id} moves more than nothing`);
    return {
      ...transfer,
      id: at === 0 ? id : `${id}:${at}`,
      atMs,
      kind,
      accountId,
      subject: null,
      grantId: grantIdOf(transfer.debit) ?? grantIdOf(transfer.credit),
      note,
    };
  });
}

/** The same transfers under the same ids, neither fewer nor more. */
function isSame(stored: readonly StoredEntry[], entries: readonly Entry[]): boolean {
  const byId = new Map(stored.map((one) => [one.id, one]));
  return (
    stored.length === entries.length &&
    entries.every(({ id, kind, debit, credit, amount, accountId }) => {
      const one = byId.get(id);
      return (
        one?.kind === kind &&
        one.debit === debit &&
        one.credit === credit &&
        one.amount === amount &&
        one.accountId === accountId
      );
    })
  );
}

const ENVELOPE = 'envelope:';

function isEnvelope(account: LedgerAccountId): boolean {
  return account.startsWith(ENVELOPE);
}
