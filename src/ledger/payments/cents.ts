import { assert } from '../../base/assert.ts';
import { divideUp, NANO_PER_CENT, type Nano } from '../../base/money.ts';

/** Cards are charged in whole cents. */
export function isWholeCents(amount: Nano): boolean {
  return amount % NANO_PER_CENT === 0n;
}

export function toCents(amount: Nano): number {
  assert(isWholeCents(amount), 'an amount for a card is whole cents');
  return Number(amount / NANO_PER_CENT);
}

export function fromCents(cents: number): Nano {
  assert(Number.isSafeInteger(cents), 'cents are whole');
  return BigInt(cents) * NANO_PER_CENT;
}

/** Tax on top of `net` at `bp` hundredths of a per cent, rounded up to a cent. */
export function taxOn(net: Nano, bp: number): Nano {
  return divideUp(net * BigInt(bp), 10_000n * NANO_PER_CENT) * NANO_PER_CENT;
}
