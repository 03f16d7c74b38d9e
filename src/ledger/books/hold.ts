import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import { type Nano, smaller } from '../../base/money.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { grantAccount } from '../chart.ts';
import type { Charge, ExtendStep, Hold, SettleStep, Step } from '../ledger.ts';
import { type Part, type Pocket, type Purse, type Scope, toSlices, totalOf } from './purse.ts';
import type { Purses } from './purses.ts';
import { book, deleteHold, type Entry, extendHold, insertHold } from './statements.ts';

/** A part of a hold with the number its transfer's id ends with. */
export interface NumberedPart extends Part {
  readonly at: number;
}

export interface HoldFacts {
  readonly id: string;
  readonly accountId: string;
  readonly scope: Scope;
  readonly parts: readonly NumberedPart[];
  /** It is on the disk already: an earlier process opened it. */
  readonly isOpen: boolean;
}

export interface HoldDeps {
  readonly purses: Pick<Purses, 'begin' | 'end' | 'unpin'>;
  readonly clock: Clock;
  readonly epoch: string;
  readonly ttlMs: number;
  /** It is settled, or was never kept. */
  readonly onEnd: (hold: LiveHold) => void;
  /** What may be spent from this purse has changed. */
  readonly onChange: (purse: Purse) => void;
}

/** A hold of this process, with what only the ledger asks of it. */
export interface LiveHold extends Hold {
  /** A settlement is on its way to the disk. */
  readonly isSettling: () => boolean;
}

interface StepEnds {
  readonly onKept: () => void;
  readonly onLost: () => void;
}

/** A hold over `parts`, which were taken from `purse`; the purse stays in memory until the hold has ended. */
export function createHold(facts: HoldFacts, purse: Purse, deps: HoldDeps): LiveHold {
  const { id, accountId, scope } = facts;
  const { purses, clock } = deps;
  let parts = [...facts.parts];
  let nextAt = parts.reduce((next, { at }) => Math.max(next, at + 1), 0);
  let state: 'open' | 'settling' | 'ended' = 'open';

  function step(statements: readonly WriteStatement[], { onKept, onLost }: StepEnds): Step {
    let told = false;
    purses.begin(purse);
    return {
      statements,
      kept(wasKept) {
        assert(!told, `what became of a step of ${id} is told once`);
        told = true;
        if (wasKept) onKept();
        else onLost();
        purses.end(purse, wasKept);
        deps.onChange(purse);
      },
    };
  }

  function end(): void {
    state = 'ended';
    deps.onEnd(hold);
    purses.unpin(purse);
  }

  const entry = (
    suffix: string,
    kind: Entry['kind'],
    rest: Pick<Entry, 'debit' | 'credit' | 'amount' | 'grantId'>,
  ): Entry => ({
    id: `${id}:${suffix}`,
    atMs: clock.wallMs(),
    kind,
    accountId,
    subject: id,
    note: null,
    ...rest,
  });

  function holdEntries(taken: readonly NumberedPart[]): Entry[] {
    return taken.map(({ at, amount, pocket: { grant } }) =>
      entry(`hold:${at}`, 'hold', { debit: grantAccount(grant.id), credit: 'holds', amount, grantId: grant.id }),
    );
  }

  function take(want: Nano): NumberedPart[] {
    return purse.take(want, scope, clock.wallMs()).map((part) => ({ ...part, at: nextAt++ }));
  }

  function extend(want: Nano): ExtendStep {
    assert(state === 'open', `${id} is extended while it is open`);
    const taken = want > 0n ? take(want) : [];
    if (taken.length === 0) return { ...NOTHING, added: 0n };
    parts = [...parts, ...taken];
    const added = totalOf(taken);
    const statements = [...book(holdEntries(taken)), extendHold(id, added, clock.wallMs() + deps.ttlMs)];
    const onLost = () => {
      purse.putBack(taken);
      parts = parts.filter((part) => !taken.includes(part));
    };
    return { ...step(statements, { onKept: () => undefined, onLost }), added };
  }

  function settle(charge: Charge | null): SettleStep {
    assert(state === 'open', `${id} is settled once`);
    state = 'settling';
    const held = totalOf(parts);
    const price = charge?.price ?? 0n;
    const extra = price > held ? take(price - held) : [];
    const shares = share([...parts, ...extra], price);
    const writtenOff = price - totalOf(shares.map(({ posted }) => ({ amount: posted })));
    const entries = [
      ...holdEntries(extra),
      ...shares.flatMap((one, at) => shareEntries(one, at)),
      ...closingEntries(charge, shares, writtenOff),
    ];
    const statements = [...book(entries), deleteHold(id, held)];
    const settled = step(statements, {
      onKept() {
        for (const { pocket, amount, posted } of shares) {
          pocket.held -= amount;
          pocket.available += amount - posted;
        }
        end();
      },
      onLost() {
        purse.putBack(extra);
        state = 'open';
      },
    });
    const paid = toSlices(
      shares.filter(({ posted }) => posted > 0n).map(({ pocket, posted }) => ({ pocket, amount: posted })),
    );
    return { ...settled, paid, writtenOff };
  }

  function shareEntries({ pocket: { grant }, amount, posted }: Share, at: number): Entry[] {
    const credit = grant.kind === 'paid' ? 'earnings' : 'earnings_promo';
    const entries: Entry[] = [];
    if (posted > 0n)
      entries.push(entry(`post:${at}`, 'post', { debit: 'holds', credit, amount: posted, grantId: grant.id }));
    const rest = amount - posted;
    if (rest > 0n) {
      const back = { debit: 'holds', credit: grantAccount(grant.id), amount: rest, grantId: grant.id } as const;
      entries.push(entry(`release:${at}`, 'release', back));
    }
    return entries;
  }

  function closingEntries(charge: Charge | null, shares: readonly Share[], writtenOff: Nano): Entry[] {
    const entries: Entry[] = [];
    if (writtenOff > 0n) {
      entries.push(
        entry('write_off', 'write_off', { debit: 'write_off', credit: 'earnings', amount: writtenOff, grantId: null }),
      );
    }
    if (charge !== null && charge.price > 0n && charge.rounding > 0n) {
      const last = shares.findLast(({ posted }) => posted > 0n);
      const debit = writtenOff === 0n && last?.pocket.grant.kind === 'promo' ? 'earnings_promo' : 'earnings';
      entries.push(
        entry('rounding', 'rounding', { debit, credit: 'rounding', amount: charge.rounding, grantId: null }),
      );
    }
    if (charge?.cost) entries.push(costEntry(id, accountId, charge.cost, clock.wallMs()));
    return entries;
  }

  function openStep(): Step {
    const held = totalOf(parts);
    const row = { id, accountId, ...scope, held, epoch: deps.epoch, expiresAtMs: clock.wallMs() + deps.ttlMs };
    const onLost = () => {
      purse.putBack(parts);
      end();
    };
    return step([...book(holdEntries(parts)), insertHold(row)], { onKept: () => undefined, onLost });
  }

  const hold: LiveHold = {
    id,
    accountId,
    held: () => totalOf(parts),
    open: facts.isOpen ? NOTHING : openStep(),
    extend,
    settle,
    isSettling: () => state === 'settling',
  };
  return hold;
}

/** What an upstream charges for a request. */
export function costEntry(requestId: string, accountId: string | null, cost: Nano, atMs: number): Entry {
  return {
    id: `${requestId}:cost`,
    atMs,
    kind: 'cost',
    debit: 'provider_cost',
    credit: 'provider_payable',
    amount: cost,
    accountId,
    subject: requestId,
    grantId: null,
    note: null,
  };
}

const NOTHING: Step = { statements: [], kept: () => undefined };

/** What one grant gave to a hold, and what of it is posted. */
interface Share {
  readonly pocket: Pocket;
  readonly amount: Nano;
  readonly posted: Nano;
}

/** The parts by grant, in the order in which the grants were first used; the price is posted from them in that order. */
function share(parts: readonly Part[], price: Nano): Share[] {
  const amounts = new Map<Pocket, Nano>();
  for (const { pocket, amount } of parts) amounts.set(pocket, (amounts.get(pocket) ?? 0n) + amount);
  let rest = price;
  return [...amounts].map(([pocket, amount]) => {
    const posted = smaller(rest, amount);
    rest -= posted;
    return { pocket, amount, posted };
  });
}
