import type { Conduct } from './conduct.ts';
import type { Owner } from './unit.ts';

export const SIGNAL_SOURCES = [
  'moderation',
  'rule',
  'fraud',
  'metering',
  'ledger',
  'report',
  'upstream',
  'staff',
] as const;
export type SignalSource = (typeof SIGNAL_SOURCES)[number];

/**
 * Something that speaks for a conduct of somebody: a flag, not yet an incident. Written in the unit of what it comes of, so
 * that none is lost; the same signals in the same order always lead to the same incidents, strikes and proposals.
 */
export interface Signal {
  /** `sig_<ulid>` */
  readonly id: string;
  /** When it happened, wall milliseconds: the only time anything is reckoned by. */
  readonly atMs: number;
  readonly source: SignalSource;
  /** What said so, with its version: `default@3` (a policy), `burst@2` (a rule), `openai` (an upstream). */
  readonly sourceVersion: string;
  readonly owner: Owner;
  readonly requestId: string | null;
  readonly conduct: Conduct;
  /** That it is so, as far as the source can tell, 0 to 1, exclusive. */
  readonly confidence: number;
  /** Keyed digests: the same for requests of one conversation; the same for texts that are nearly alike. Null: nothing to go by. */
  readonly conversation: string | null;
  readonly template: string | null;
  /** Of the text; null where nothing tells. */
  readonly language: 'en' | 'zh' | null;
  /** Reviewed requests of the account in which nothing was found since its last signal. */
  readonly cleanBefore: number;
  /** After this it speaks for nothing any more. */
  readonly freshUntilMs: number;
}
