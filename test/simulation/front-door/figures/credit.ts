/** What farms got out, and what it cost them. */
import type { RefusedTry, SimulatedAccount } from '../account.ts';
import type { System } from '../systems/system.ts';
import { isFarmed, ratio } from './links.ts';

export interface CreditFigures {
  readonly extracted_usd_per_farmed_account: Readonly<Record<string, number | null>>;
  readonly extracted_usd_by_strategy: Readonly<Record<string, number | null>>;
  readonly extracted_usd: number;
  /** Of all free credit that anybody used. */
  readonly extracted_share_of_free_credit: number | null;
  readonly attacker_cost_usd: number;
  readonly attacker_cost_per_extracted_usd: Readonly<Record<string, number | null>>;
  readonly extracted_usd_per_ring: {
    readonly mean: number | null;
    readonly p90: number | null;
    readonly most: number | null;
  };
  readonly refused_tries: number;
  /** Free credit an honest account was given within the month, and used. */
  readonly given_usd_per_legitimate_account: number | null;
  readonly used_usd_per_legitimate_account: number | null;
}

export function creditFigures(
  accounts: readonly SimulatedAccount[],
  refused: readonly RefusedTry[],
  system: System,
): CreditFigures {
  const farmed = accounts.filter(isFarmed);
  const honest = accounts.filter(({ truth }) => truth.intent === 'legitimate');
  const refusedFarmed = refused.filter(({ truth }) => truth.intent === 'farmed');
  const levels = [...new Set(farmed.map(({ truth }) => truth.level ?? ''))].toSorted();
  const extracted = spentBy(farmed);
  const costs = (level: string | null) =>
    [...farmed, ...refusedFarmed].reduce(
      (sum, { truth, costUsd }) => (level === null || truth.level === level ? sum + costUsd : sum),
      0,
    );
  const at = (level: string) => farmed.filter(({ truth }) => truth.level === level);
  const rings = [...Map.groupBy(farmed, ({ truth }) => truth.operator).values()].map(spentBy).toSorted((a, b) => a - b);
  return {
    extracted_usd_per_farmed_account: {
      all: ratio(extracted, farmed.length),
      ...Object.fromEntries(levels.map((level) => [level, ratio(spentBy(at(level)), at(level).length)])),
    },
    extracted_usd_by_strategy: Object.fromEntries(
      ['drain', 'drip', 'patient'].map((name) => {
        const those = farmed.filter(({ strategy }) => strategy === name);
        return [name, ratio(spentBy(those), those.length)];
      }),
    ),
    extracted_usd: extracted,
    extracted_share_of_free_credit: ratio(extracted, spentBy(accounts)),
    attacker_cost_usd: costs(null),
    attacker_cost_per_extracted_usd: {
      all: ratio(costs(null), extracted),
      ...Object.fromEntries(levels.map((level) => [level, ratio(costs(level), spentBy(at(level)))])),
    },
    extracted_usd_per_ring: {
      mean: ratio(extracted, rings.length),
      p90: rings[Math.floor(rings.length * 0.9)] ?? null,
      most: rings.at(-1) ?? null,
    },
    refused_tries: refusedFarmed.length,
    given_usd_per_legitimate_account: ratio(
      honest.reduce((sum, { id }) => sum + system.givenTo(id), 0),
      honest.length,
    ),
    used_usd_per_legitimate_account: ratio(spentBy(honest), honest.length),
  };
}

function spentBy(accounts: readonly SimulatedAccount[]): number {
  return accounts.reduce((sum, { spentUsd }) => sum + spentUsd, 0);
}
