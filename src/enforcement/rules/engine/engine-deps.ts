import type { Clock } from '../../../base/clock.ts';
import type { Conduct } from '../../conduct.ts';
import type { Signal } from '../../signal.ts';
import type { Owner } from '../../unit.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import type { PauseReason, RuleMode } from '../contract.ts';
import type { HashSeeds } from '../counters/key-hash.ts';
import type { Subject } from '../events/facts.ts';

/** A rule with how much it may do. */
export interface StandingRule {
  readonly rule: CompiledRule;
  readonly mode: RuleMode;
  readonly canaryPercent: number;
}

/** What a rule says of somebody, without what only whoever hears it can know. */
export type RuleSignal = Omit<Signal, 'id' | 'cleanBefore'>;

/** A rule asks a person. */
export interface RuleCase {
  readonly rule: string;
  readonly atMs: number;
  readonly owner: Owner;
  readonly eventId: string;
  readonly conduct: Conduct | null;
  /** `unknown`: what the rule asks about was unknown; `capped`: it had done its share of the hour. */
  readonly why: 'hit' | 'hold' | 'unknown';
}

export interface Hit {
  /** `<rule>@<version>:<event>`, the same whenever the same event is shown to the same version. */
  readonly id: string;
  readonly rule: string;
  readonly version: number;
  readonly subject: Subject;
  readonly mode: 'shadow' | 'canary' | 'live';
  /** What was done; null: nothing. */
  readonly acted: string | null;
  readonly unknown: boolean;
  readonly clauses: readonly HitClause[];
}

export interface HitClause {
  readonly text: string;
  readonly outcome: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface EngineDeps {
  readonly clock: Pick<Clock, 'monoMs'>;
  /** Which nobody outside knows, the same for as long as counts are to be compared. */
  readonly seeds: HashSeeds;
  /** Of all counters together. */
  readonly counterBytesMax: number;
  readonly onHit: (hit: Hit) => void;
  readonly onSignal: (signal: RuleSignal) => void;
  readonly onCase: (asked: RuleCase) => void;
  /** The rule is asked no more from here on; whoever keeps its mode must write that down. */
  readonly onPause: (rule: string, version: number, reason: PauseReason, detail: string) => void;
  /** It has done its share of this hour; told once an hour. */
  readonly onCapped: (rule: string) => void;
}
