import type { Clock } from '../../base/clock.ts';
import type { Nano } from '../../base/money.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Hold, HoldOrder, HoldRefusal, Ledger, Spent } from '../ledger.ts';
import { readBalance } from './balance.ts';
import { createExpiry } from './expiry.ts';
import { type HoldFacts, LiveHold } from './hold.ts';
import { HoldQueue } from './hold-queue.ts';
import { findLeftHolds } from './left-holds.ts';
import { Postings } from './postings.ts';
import type { Part, Purse } from './purse.ts';
import { Purses } from './purses.ts';
import { costEntry } from './settlement.ts';
import { book, renewHold } from './statements.ts';
import { BookReader } from './store.ts';

const HOLD_TTL_MS = 15 * 60_000;
const PURSES_MAX = 10_000;
const WAITERS_MAX = 1_000;

export interface LedgerDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer' | 'epoch'>;
  readonly clock: Clock;
  /** After which a hold counts as left behind unless it is renewed or extended. */
  readonly holdTtlMs?: number;
  /** Accounts whose credit is kept in memory besides those in use. */
  readonly pursesMax?: number;
  /** Orders of one account that may wait for credit. */
  readonly waitersMax?: number;
}

/** The ledger, with what tests and metrics ask of its memory. */
export interface RunningLedger extends Ledger {
  /** How often the disk said something else than memory did; more than 0 is a bug or a foreign hand. */
  drifts(): number;
  /** What memory has of an account's grants, by id; null when it has none of it or is about to read it again. */
  mirror(accountId: string): ReadonlyMap<string, { readonly available: Nano; readonly held: Nano }> | null;
}

type Change = Parameters<Parameters<Ledger['onChange']>[0]>[0];

export function createLedger(deps: LedgerDeps): RunningLedger {
  const { storage, clock, holdTtlMs = HOLD_TTL_MS, pursesMax = PURSES_MAX, waitersMax = WAITERS_MAX } = deps;
  const { reader, writer, epoch } = storage;
  const books = new BookReader(reader);
  const live = new Map<string, LiveHold>();
  const changes = createNews<Change>();
  const spending = createNews<Spent>();
  const onSpent = spending.tell;
  const purses = new Purses({ books, pursesMax, onReady: (purse) => queue.wake(purse) });
  const queue = new HoldQueue({
    clock,
    waitersMax,
    hold(order, purse, parts) {
      purse.users++;
      return keep(toFacts(order, parts), purse);
    },
  });
  const postings = new Postings({ books, writer, purses, clock, onChange });

  function onChange(purse: Purse): void {
    queue.wake(purse);
    if (!changes.isHeard()) return;
    changes.tell({ accountId: purse.accountId, available: purse.available(null, clock.wallMs()) });
  }

  /** A hold of this process; the purse has one user more until it ends. */
  function keep(facts: HoldFacts, purse: Purse): LiveHold {
    const onEnd = ({ id }: Hold) => void live.delete(id);
    const hold = new LiveHold(facts, purse, { purses, clock, epoch, ttlMs: holdTtlMs, onEnd, onChange, onSpent });
    live.set(hold.id, hold);
    return hold;
  }

  async function hold(order: HoldOrder): Promise<Result<Hold, HoldRefusal>> {
    if (order.signal.aborted) return refuse({ reason: 'aborted' });
    const known = purses.peek(order.accountId);
    if (known !== null) return queue.enter(order, known);
    for (;;) {
      const purse = await purses.pin(order.accountId);
      try {
        if (!purse.stale) return order.signal.aborted ? refuse({ reason: 'aborted' }) : await queue.enter(order, purse);
      } finally {
        purses.unpin(purse);
      }
    }
  }

  return {
    hold,
    bookCost: (requestId, cost) => book([costEntry({ id: requestId, accountId: null, atMs: clock.wallMs() }, cost)]),
    post: (posting) => postings.post(posting),
    drain: (order) => postings.drain(order),
    balance: (accountId) => readBalance(reader, accountId, clock.wallMs()),
    onChange: changes.listen,
    onSpent: spending.listen,
    leftHolds: (limit) =>
      findLeftHolds(limit, { books, purses, epoch, nowMs: () => clock.wallMs(), live, adopt: keep }),
    async renew(ids) {
      const expiresAtMs = clock.wallMs() + holdTtlMs;
      if (ids.length > 0) await writer.write(ids.map((id) => renewHold(id, expiresAtMs)));
    },
    expire: createExpiry(books, postings, writer, clock),
    close: () => queue.close(),
    drifts: () => purses.drifts(),
    mirror: (accountId) => mirrorOf(purses.get(accountId)),
  };
}

function createNews<News>() {
  const listeners = new Set<(news: News) => void>();
  return {
    isHeard: () => listeners.size > 0,
    tell(news: News): void {
      for (const listener of listeners) listener(news);
    },
    listen(listener: (news: News) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function mirrorOf(purse: Purse | null): ReturnType<RunningLedger['mirror']> {
  if (purse === null || purse.stale) return null;
  return new Map(purse.pockets().map(({ grant, available, held }) => [grant.id, { available, held }]));
}

function toFacts({ id, accountId, model, product }: HoldOrder, parts: readonly Part[]): HoldFacts {
  const numbered = parts.map((part, at) => ({ ...part, at }));
  return { id, accountId, scope: { model, product }, parts: numbered, isOpen: false };
}
