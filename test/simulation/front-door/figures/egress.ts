/** How wrong the inference of shared networks is: against the people who truly signed up from each. */
import { networkPrefix } from '../../../../src/base/address.ts';
import type { SimulatedAccount } from '../account.ts';
import type { System } from '../systems/system.ts';
import { ratio } from './links.ts';

export interface EgressFigures {
  /** Of prefixes it takes for shared, weighted by accounts, those that truly are; null without a guess. */
  readonly precision: number | null;
  /** Of prefixes that truly are shared, weighted by accounts, those it takes for shared. */
  readonly recall: number | null;
  readonly prefixes: number;
  readonly shared_prefixes: number;
}

/** A network is shared when so many people or rings signed up from it, each counted once. */
const PEOPLE_MIN = 5;

export function egressFigures(accounts: readonly SimulatedAccount[], system: System): EgressFigures {
  const prefixes = [...Map.groupBy(accounts, ({ ip }) => networkPrefix(ip) ?? ip).values()];
  let [found, right, shared, prefixesShared] = [0, 0, 0, 0];
  for (const those of prefixes) {
    const isShared = new Set(those.map(({ truth }) => truth.operator)).size >= PEOPLE_MIN;
    const guess = system.isShared(those[0]?.ip ?? '');
    if (guess === null) return { precision: null, recall: null, prefixes: prefixes.length, shared_prefixes: 0 };
    if (isShared) shared += those.length;
    if (isShared) prefixesShared += 1;
    if (guess) found += those.length;
    if (guess && isShared) right += those.length;
  }
  return {
    precision: ratio(right, found),
    recall: ratio(right, shared),
    prefixes: prefixes.length,
    shared_prefixes: prefixesShared,
  };
}
