/** What memory knows of the credit of one account. Debits count at once, credits when they are durable. */
import { assert } from '../../base/assert.ts';
import { type Nano, smaller } from '../../base/money.ts';
import type { Grant, Slice } from '../ledger.ts';
import type { FundedGrant } from './store.ts';

export interface Pocket {
  readonly grant: Grant;
  /** What may still be taken: the balance on the disk less the debits on their way there. */
  available: Nano;
  /** In open holds, or on its way into or out of them: what may come back. */
  held: Nano;
}

/** A part of a hold, in memory. */
export interface Part {
  readonly pocket: Pocket;
  readonly amount: Nano;
}

/** What a request may be paid with. */
export interface Scope {
  readonly model: string;
  readonly product: string;
}

export class Purse {
  readonly accountId: string;
  /** In order of use. */
  #pockets: Pocket[] = [];
  /** Open holds, steps, waits and postings that rely on this purse staying in memory. */
  users = 0;
  /** Steps decided here and not yet known to be on the disk or not. */
  inFlight = 0;
  /** Counts every step begun: what was read from the disk meanwhile is not to be relied on. */
  steps = 0;
  /** Memory may differ from the disk: nothing is taken until it was read again. */
  stale = true;
  /** It was read from the disk before. */
  loaded = false;

  constructor(accountId: string) {
    this.accountId = accountId;
  }

  find(grantId: string): Pocket | null {
    return this.#pockets.find(({ grant }) => grant.id === grantId) ?? null;
  }

  pockets(): readonly Pocket[] {
    return this.#pockets;
  }

  /** A pocket for this grant, empty if it is new. Pockets nothing can come back to make room. */
  open(grant: Grant): Pocket {
    const found = this.find(grant.id);
    if (found !== null) return found;
    const pocket: Pocket = { grant, available: 0n, held: 0n };
    this.#pockets = [...this.#pockets.filter(({ available, held }) => available > 0n || held > 0n), pocket].sort(
      (a, b) => compareGrants(a.grant, b.grant),
    );
    return pocket;
  }

  /** Takes over what the disk says; whether it said something else than memory. */
  correct(funded: readonly FundedGrant[]): boolean {
    const balances = new Map(funded.map(({ grant, balance }) => [grant.id, balance]));
    let differed = false;
    for (const pocket of this.#pockets) {
      const balance = balances.get(pocket.grant.id) ?? 0n;
      if (pocket.available !== balance) differed = true;
      pocket.available = balance;
    }
    for (const { grant, balance } of funded) {
      if (this.find(grant.id) !== null) continue;
      differed = true;
      this.open(grant).available = balance;
    }
    return differed;
  }

  /** What may be spent now; in this scope, or in any. At most `signupMost` of it is sign-up credit. */
  available(scope: Scope | null, nowMs: number, signupMost: Nano | null = null): Nano {
    const all = this.#sum(scope, nowMs, ({ available }) => available);
    if (signupMost === null) return all;
    const signup = this.#sum(scope, nowMs, ({ grant, available }) => (isSignup(grant) ? available : 0n));
    const room = this.#signupRoom(signupMost);
    return signup > room ? all - signup + room : all;
  }

  /** What may be spent now or once everything that is held has come back. */
  possible(scope: Scope, nowMs: number, signupMost: Nano | null = null): Nano {
    const all = this.#sum(scope, nowMs, ({ available, held }) => available + held);
    if (signupMost === null) return all;
    const signup = this.#sum(scope, nowMs, ({ grant, available, held }) => (isSignup(grant) ? available + held : 0n));
    return signup > signupMost ? all - signup + signupMost : all;
  }

  /** Sets aside up to `want`, in order of use; at most `signupMost` of it is sign-up credit, open holds included. */
  take(want: Nano, scope: Scope, nowMs: number, signupMost: Nano | null = null): Part[] {
    const parts: Part[] = [];
    let rest = want;
    let room = signupMost === null ? null : this.#signupRoom(signupMost);
    if (this.stale) return parts;
    for (const pocket of this.#pockets) {
      if (rest === 0n) break;
      if (pocket.available <= 0n || !isUsable(pocket.grant, scope, nowMs)) continue;
      const isPaced = room !== null && isSignup(pocket.grant);
      const amount = smaller(isPaced ? smaller(pocket.available, room ?? 0n) : pocket.available, rest);
      if (amount === 0n) continue;
      if (isPaced) room = (room ?? 0n) - amount;
      pocket.available -= amount;
      pocket.held += amount;
      rest -= amount;
      parts.push({ pocket, amount });
    }
    return parts;
  }

  /** What is left of `most` beside what is held of sign-up credit. */
  #signupRoom(most: Nano): Nano {
    const held = this.#pockets.reduce((total, one) => total + (isSignup(one.grant) ? one.held : 0n), 0n);
    return held < most ? most - held : 0n;
  }

  /** Undoes `take`. */
  putBack(parts: readonly Part[]): void {
    for (const { pocket, amount } of parts) {
      pocket.available += amount;
      pocket.held -= amount;
      assert(pocket.held >= 0n, 'no more comes back than was held');
    }
  }

  #sum(scope: Scope | null, nowMs: number, of: (pocket: Pocket) => Nano): Nano {
    let sum = 0n;
    for (const pocket of this.#pockets) if (isUsable(pocket.grant, scope, nowMs)) sum += of(pocket);
    return sum;
  }
}

export function totalOf(parts: readonly { readonly amount: Nano }[]): Nano {
  return parts.reduce((sum, { amount }) => sum + amount, 0n);
}

export function toSlices(parts: readonly Part[]): Slice[] {
  return parts.map(({ pocket: { grant }, amount }) => ({ grantId: grant.id, kind: grant.kind, amount }));
}

function isSignup({ source }: Grant): boolean {
  return source === 'signup';
}

/** Begun, not expired, and meant for this. */
function isUsable(grant: Grant, scope: Scope | null, nowMs: number): boolean {
  if (grant.startsAtMs > nowMs || (grant.expiresAtMs !== null && grant.expiresAtMs <= nowMs)) return false;
  if (scope === null) return true;
  return (
    (grant.models === null || grant.models.includes(scope.model)) &&
    (grant.products === null || grant.products.includes(scope.product))
  );
}

/** Order of use: priority, expiry (never last), promotional before paid, start, creation, id. */
export function compareGrants(a: Grant, b: Grant): number {
  const kind = (grant: Grant) => (grant.kind === 'promo' ? 0 : 1);
  return (
    a.priority - b.priority ||
    compareExpiry(a.expiresAtMs, b.expiresAtMs) ||
    kind(a) - kind(b) ||
    a.startsAtMs - b.startsAtMs ||
    a.createdAtMs - b.createdAtMs ||
    (a.id < b.id ? -1 : 1)
  );
}

function compareExpiry(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}
