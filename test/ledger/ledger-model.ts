/** What the ledger should do, told in the fewest words: no memory, no disk, no waiting. */
import type { Grant } from '../../src/ledger/index.ts';

interface ModelGrant {
  readonly grant: Grant;
  available: bigint;
}

interface ModelHold {
  readonly accountId: string;
  readonly model: string;
  readonly product: string;
  readonly parts: (readonly [ModelGrant, bigint])[];
}

type Scope = Pick<ModelHold, 'accountId' | 'model' | 'product'>;

export class LedgerModel {
  nowMs: number;
  readonly grants: ModelGrant[] = [];
  readonly holds = new Map<string, ModelHold>();
  readonly house = new Map<string, bigint>();

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  give(grant: Grant, amount: bigint): void {
    this.grants.push({ grant, available: amount });
    this.move(grant.kind === 'paid' ? 'wash' : 'promo_expense', -amount);
  }

  move(account: string, amount: bigint): void {
    this.house.set(account, (this.house.get(account) ?? 0n) + amount);
  }

  usable(scope: Scope): ModelGrant[] {
    return this.grants
      .filter(({ grant }) => grant.accountId === scope.accountId)
      .filter(({ grant }) => grant.startsAtMs <= this.nowMs && (grant.expiresAtMs ?? Infinity) > this.nowMs)
      .filter(({ grant }) => grant.models?.includes(scope.model) ?? true)
      .filter(({ grant }) => grant.products?.includes(scope.product) ?? true)
      .sort((a, b) => compare(rank(a.grant), rank(b.grant)));
  }

  take(want: bigint, scope: Scope): [ModelGrant, bigint][] {
    const parts: [ModelGrant, bigint][] = [];
    let rest = want;
    for (const one of this.usable(scope)) {
      const amount = one.available < rest ? one.available : rest;
      if (amount <= 0n) continue;
      one.available -= amount;
      rest -= amount;
      parts.push([one, amount]);
    }
    return parts;
  }

  available(scope: Scope): bigint {
    return this.usable(scope).reduce((sum, one) => sum + one.available, 0n);
  }

  /** What would be available had nothing been set aside. */
  possible(scope: Scope): bigint {
    const usable = new Set<object>(this.usable(scope));
    const parts = [...this.holds.values()].flatMap((hold) => hold.parts);
    return parts.reduce((sum, [grant, amount]) => sum + (usable.has(grant) ? amount : 0n), this.available(scope));
  }

  heldBy(id: string): bigint {
    return (this.holds.get(id)?.parts ?? []).reduce((sum, [, amount]) => sum + amount, 0n);
  }

  /** What each grant paid, and what nobody paid. */
  settle(
    id: string,
    price: bigint,
    rounding: bigint,
    cost: bigint | null,
  ): [paid: [string, bigint][], writtenOff: bigint] {
    const hold = this.holds.get(id);
    if (!hold) throw new Error(`the model has no hold ${id}`);
    const held = this.heldBy(id);
    const parts = [...hold.parts, ...(price > held ? this.take(price - held, hold) : [])];
    const paid = new Map<ModelGrant, bigint>();
    let rest = price;
    let last = 'paid';
    for (const grant of new Set(parts.map(([one]) => one))) {
      const amount = parts.reduce((sum, [one, part]) => (one === grant ? sum + part : sum), 0n);
      const posted = amount < rest ? amount : rest;
      rest -= posted;
      grant.available += amount - posted;
      if (posted === 0n) continue;
      paid.set(grant, posted);
      last = grant.grant.kind;
      this.move(last === 'paid' ? 'earnings' : 'earnings_promo', posted);
    }
    this.move('earnings', rest);
    this.move('write_off', -rest);
    if (price > 0n && rounding > 0n) {
      this.move(rest === 0n && last === 'promo' ? 'earnings_promo' : 'earnings', -rounding);
      this.move('rounding', rounding);
    }
    this.move('provider_cost', -(cost ?? 0n));
    this.move('provider_payable', cost ?? 0n);
    this.holds.delete(id);
    return [[...paid].map(([{ grant }, amount]) => [grant.id, amount]), rest];
  }

  expire(): number {
    const past = this.grants.filter(
      ({ grant, available }) => (grant.expiresAtMs ?? Infinity) <= this.nowMs && available > 0n,
    );
    for (const one of past) {
      this.move(one.grant.kind === 'paid' ? 'breakage' : 'promo_expense', one.available);
      one.available = 0n;
    }
    return past.length;
  }
}

/** Order of use as a list to be compared from the left. */
function rank({ priority, expiresAtMs, kind, startsAtMs, createdAtMs, id }: Grant): readonly (string | number)[] {
  return [priority, expiresAtMs ?? Infinity, kind === 'promo' ? 0 : 1, startsAtMs, createdAtMs, id];
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((part, place) => part !== b[place]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}
