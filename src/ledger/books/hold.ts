import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Nano } from '../../base/money.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Charge, ExtendStep, Grant, Hold, SettleStep, Spent, Step } from '../ledger.ts';
import { type Part, type Purse, type Scope, toSlices, totalOf } from './purse.ts';
import type { Purses } from './purses.ts';
import {
  applyShares,
  holdEntries,
  type NumberedPart,
  paidParts,
  postedOf,
  type RequestFacts,
  settlementEntries,
  shareOut,
} from './settlement.ts';
import { book, deleteHold, extendHold, insertHold } from './statements.ts';

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
  /** A request was paid with this. */
  readonly onSpent: (spent: Spent) => void;
}

const NOTHING: Step = { statements: [], kept: () => undefined };

/** A hold over parts that were taken from its purse, which stays in memory until the hold has ended. */
export class LiveHold implements Hold {
  readonly id: string;
  readonly accountId: string;
  readonly open: Step;
  readonly #scope: Scope;
  readonly #purse: Purse;
  readonly #deps: HoldDeps;
  #parts: readonly NumberedPart[];
  #nextAt: number;
  #state: 'open' | 'settling' | 'ended' = 'open';

  constructor({ id, accountId, scope, parts, isOpen }: HoldFacts, purse: Purse, deps: HoldDeps) {
    this.id = id;
    this.accountId = accountId;
    this.#scope = scope;
    this.#purse = purse;
    this.#deps = deps;
    this.#parts = parts;
    this.#nextAt = parts.reduce((next, { at }) => Math.max(next, at + 1), 0);
    this.open = isOpen ? NOTHING : this.#openStep();
  }

  // Bound, because whoever holds money asks from where it hands it on.
  readonly held = (): Nano => totalOf(this.#parts);

  /** A settlement is on its way to the disk. */
  isSettling(): boolean {
    return this.#state === 'settling';
  }

  extend(want: Nano): ExtendStep {
    assert(this.#state === 'open', `${this.id} is extended while it is open`);
    const taken = want > 0n ? this.#take(want) : [];
    if (taken.length === 0) return { ...NOTHING, added: 0n };
    this.#parts = [...this.#parts, ...taken];
    const added = totalOf(taken);
    const statements = [...book(holdEntries(this.#facts(), taken)), extendHold(this.id, added, this.#expiresAtMs())];
    const onLost = () => {
      this.#purse.putBack(taken);
      this.#parts = this.#parts.filter((part) => !taken.includes(part));
    };
    return { ...this.#step(statements, () => undefined, onLost), added };
  }

  settle(charge: Charge | null): SettleStep {
    assert(this.#state === 'open', `${this.id} is settled once`);
    this.#state = 'settling';
    const held = this.held();
    const price = charge?.price ?? 0n;
    const extra = price > held ? this.#take(price - held) : [];
    const shares = shareOut([...this.#parts, ...extra], price);
    const facts = this.#facts();
    const entries = [...holdEntries(facts, extra), ...settlementEntries(facts, shares, charge)];
    const onKept = () => {
      applyShares(shares);
      this.#end();
      if (price > 0n) this.#deps.onSpent(spentOf(facts, this.accountId, paidParts(shares)));
    };
    const onLost = () => {
      this.#purse.putBack(extra);
      this.#state = 'open';
    };
    const step = this.#step([...book(entries), deleteHold(this.id, held)], onKept, onLost);
    return { ...step, paid: toSlices(paidParts(shares)), writtenOff: price - postedOf(shares) };
  }

  #openStep(): Step {
    const { id, accountId } = this;
    const { epoch } = this.#deps;
    const row = { id, accountId, ...this.#scope, held: this.held(), epoch, expiresAtMs: this.#expiresAtMs() };
    const onLost = () => {
      this.#purse.putBack(this.#parts);
      this.#end();
    };
    return this.#step([...book(holdEntries(this.#facts(), this.#parts)), insertHold(row)], () => undefined, onLost);
  }

  #step(statements: readonly WriteStatement[], onKept: () => void, onLost: () => void): Step {
    const { purses, onChange } = this.#deps;
    let told = false;
    purses.begin(this.#purse);
    return {
      statements,
      kept: (wasKept) => {
        assert(!told, `what became of a step of ${this.id} is told once`);
        told = true;
        if (wasKept) onKept();
        else onLost();
        purses.end(this.#purse, wasKept);
        onChange(this.#purse);
      },
    };
  }

  #take(want: Nano): NumberedPart[] {
    const parts = this.#purse.take(want, this.#scope, this.#deps.clock.wallMs());
    return parts.map((part) => ({ ...part, at: this.#nextAt++ }));
  }

  #end(): void {
    this.#state = 'ended';
    this.#deps.onEnd(this);
    this.#deps.purses.unpin(this.#purse);
  }

  #facts(): RequestFacts {
    return { id: this.id, accountId: this.accountId, atMs: this.#deps.clock.wallMs() };
  }

  #expiresAtMs(): number {
    return this.#deps.clock.wallMs() + this.#deps.ttlMs;
  }
}

function spentOf({ atMs }: RequestFacts, accountId: string, parts: readonly Part[]): Spent {
  const of = (which: (grant: Grant) => boolean) => totalOf(parts.filter(({ pocket }) => which(pocket.grant)));
  return {
    accountId,
    atMs,
    signup: of(({ source }) => source === 'signup'),
    paid: of(({ kind }) => kind === 'paid'),
  };
}
