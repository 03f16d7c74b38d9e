/** What the service and the process that replays say to each other; objects cross by structured clone. */
import type { EventKind, RuleDocument } from '../contract.ts';
import type { HashSeeds } from '../counters/key-hash.ts';
import type { ReplayHit } from './replay.ts';

export interface VersionedDocument {
  readonly document: RuleDocument;
  readonly version: number;
}

export interface BeginReplay {
  readonly type: 'begin';
  readonly candidate: VersionedDocument;
  readonly against: VersionedDocument | null;
  readonly seeds: HashSeeds;
  readonly counterBytesMax: number;
  readonly fromMs: number;
}

export type ToReplay =
  | BeginReplay
  /** Rows of a span; `untilMs` is its end: what is ordered behind it waits for the next. The file is the reader's to delete. */
  | { readonly type: 'file'; readonly path: string; readonly untilMs: number }
  | { readonly type: 'end' };

/** Of one value of what events are told apart by. */
export interface CohortSum {
  readonly value: string;
  readonly hits: number;
  readonly accounts: number;
}

export interface AccountSum {
  readonly accountId: string;
  readonly hits: number;
}

export interface ReplaySums {
  readonly events: number;
  readonly unknown: number;
  readonly faults: number;
  readonly hits: number;
  readonly newHits: number;
  readonly lostHits: number;
  /** Of the hits of the candidate. */
  readonly priceNano: bigint;
  readonly accounts: readonly AccountSum[];
  readonly products: readonly CohortSum[];
  readonly clients: readonly CohortSum[];
  readonly samples: readonly ReplayHit[];
}

export type FromReplay =
  | { readonly type: 'progress'; readonly events: number }
  /** A file was read; the next may come. */
  | { readonly type: 'read'; readonly events: number }
  | { readonly type: 'done'; readonly sums: ReplaySums }
  | { readonly type: 'failed'; readonly message: string };

export type ReplayKind = Exclude<EventKind, 'sign_up'>;
