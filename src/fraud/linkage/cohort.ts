import { fieldCode } from '../evidence/fields.ts';
import type { LinkageState } from './state.ts';
import { populationOf } from './state.ts';

/** How far the pattern of an account's name is overrepresented among those who share something with it. */
export interface CohortExcess {
  /** Bits the pattern counts for between an account and others that share `through`; 0 where there is no excess. */
  bitsOf(account: number, pattern: number, through: number): number;
}

const LOOKED_AT = 64;
const WINDOW_MS = 3 * 86_400_000;
/** A pattern never seen before is as rare as this. */
const SHARE_MIN = 0.001;
const SHARE_MAX = 0.98;
const ROOM = 0.05;
export const SHAPE = fieldCode('local_shape');

/**
 * The pattern's frequency inside a cohort against that in the whole base, by the likelihood ratio of the two; what it
 * counts for is bounded by the share of members who would have it anyway. A class or a venue has the frequencies of the
 * base and no excess, however many they are.
 */
export function createCohortExcess(state: LinkageState): CohortExcess {
  const { accounts, values, parameters } = state;
  return {
    bitsOf(account, pattern, through) {
      const atMs = accounts.atMs(account);
      let all = 0;
      let alike = 0;
      values.newest(through, LOOKED_AT, (other) => {
        if (Math.abs(atMs - accounts.atMs(other)) > WINDOW_MS) return false;
        all++;
        values.eachOf(other, (value) => {
          if (value === pattern) alike++;
        });
        return false;
      });
      if (alike < parameters.groupMin) return 0;
      const base = Math.min(SHARE_MAX, Math.max(SHARE_MIN, values.operatorsOf(pattern) / populationOf(state)));
      const share = Math.min(alike / all, 1 - ROOM / all);
      const ratio = alike * Math.log2(share / base) + (all - alike) * Math.log2((1 - share) / (1 - base));
      const anyway = ((all - alike) * base) / (1 - base) + ROOM;
      if (share <= base) return 0;
      const bits = Math.min(ratio - parameters.groupPriorBits, Math.log2(alike / anyway), parameters.groupBitsMax);
      return Math.max(0, bits);
    },
  };
}
