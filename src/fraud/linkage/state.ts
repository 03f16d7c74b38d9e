import type { KnownAccounts } from './accounts.ts';
import type { Components } from './components.ts';
import type { LinkageParameters } from './parameters.ts';
import type { Values } from './values.ts';

/** What every part of linkage reads. */
export interface LinkageState {
  readonly accounts: KnownAccounts;
  readonly values: Values;
  readonly components: Components;
  readonly parameters: LinkageParameters;
}

/** Operators a value's rarity is measured against. */
export function populationOf({ components, parameters }: LinkageState): number {
  return Math.max(components.count, parameters.populationMin);
}
