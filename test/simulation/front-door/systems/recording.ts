/** Keeps what accounts did with their credit, so that it can be done again over other books. */
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { System } from './system.ts';

export type Deed =
  | { readonly kind: 'proved'; readonly atMs: number; readonly accountId: string; readonly rung: Rung }
  | { readonly kind: 'spent'; readonly atMs: number; readonly accountId: string; readonly usd: number };

export function recorded(system: System, nowMs: () => number, deeds: Deed[]): System {
  return {
    ...system,
    proved(accountId, rung) {
      deeds.push({ kind: 'proved', atMs: nowMs(), accountId, rung });
      system.proved(accountId, rung);
    },
    spend(accountId, wantedUsd, requests) {
      const usd = system.spend(accountId, wantedUsd, requests);
      if (usd > 0) deeds.push({ kind: 'spent', atMs: nowMs(), accountId, usd });
      return usd;
    },
  };
}
