import type { ReplayHit } from './replay.ts';
import type { CohortSum, ReplaySums } from './protocol.ts';

/** Beyond these a rule is far too wide for anybody to want the rest. */
const ACCOUNTS_MAX = 500_000;
const COHORTS_MAX = 200;
const SAMPLES_MAX = 40;

/** Too many accounts were hit to go on counting. */
export class TooWide extends Error {
  override readonly name = 'TooWide';
}

/** Adds up what a replay hits. */
export interface Sums {
  add(hit: ReplayHit): void;
  result(counts: Pick<ReplaySums, 'events' | 'unknown' | 'faults'>): ReplaySums;
}

type Cohorts = Map<string, { hits: number; readonly accounts: Set<string> }>;

export function createSums(): Sums {
  const accounts = new Map<string, number>();
  const products: Cohorts = new Map();
  const clients: Cohorts = new Map();
  const samples: ReplayHit[] = [];
  const sampled = { new: 0, lost: 0, same: 0 };
  const told = { new: 0, lost: 0, same: 0 };
  let priceNano = 0n;
  return {
    add(hit) {
      told[hit.kind]++;
      if (sampled[hit.kind] < SAMPLES_MAX) {
        sampled[hit.kind]++;
        samples.push(hit);
      }
      if (hit.kind === 'lost') return;
      priceNano += BigInt(hit.priceNano);
      accounts.set(hit.accountId, (accounts.get(hit.accountId) ?? 0) + 1);
      if (accounts.size > ACCOUNTS_MAX) throw new TooWide(`the rule hits more than ${ACCOUNTS_MAX} accounts`);
      note(products, hit.product || 'none', hit.accountId);
      note(clients, hit.client || 'none', hit.accountId);
    },
    result: (counts) => ({
      ...counts,
      hits: told.new + told.same,
      newHits: told.new,
      lostHits: told.lost,
      priceNano,
      accounts: [...accounts].map(([accountId, hits]) => ({ accountId, hits })),
      products: sumsOf(products),
      clients: sumsOf(clients),
      samples,
    }),
  };
}

function note(cohorts: Cohorts, value: string, accountId: string): void {
  let cohort = cohorts.get(value);
  if (cohort === undefined) {
    if (cohorts.size >= COHORTS_MAX) return;
    cohort = { hits: 0, accounts: new Set() };
    cohorts.set(value, cohort);
  }
  cohort.hits++;
  cohort.accounts.add(accountId);
}

function sumsOf(cohorts: Cohorts): CohortSum[] {
  const sums = [...cohorts].map(([value, { hits, accounts }]) => ({ value, hits, accounts: accounts.size }));
  return sums.sort((a, b) => b.hits - a.hits);
}
