/** The rules in force, what people do to them, and what comes of them. */
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { PathVerdict, RequestFacts } from '../path.ts';
import type { CheckView, PauseReason, RuleDocument, RuleMode } from './contract.ts';
import type { HashSeeds } from './counters/key-hash.ts';
import type { BankFigures } from './engine/counter-bank.ts';
import type { RuleCase, RuleSignal } from './engine/engine-deps.ts';
import type { RunFigures } from './engine/rule-run.ts';
import type { EndedEvent, SignUpFacts } from './events/facts.ts';
import type { HitPage, HitQuestion } from './hits/store.ts';
import type { ModeChange, RuleOrigin, RuleVersion } from './store/store.ts';

export interface RuleRefusal {
  readonly reason:
    | 'rule_not_found'
    | 'invalid_rule'
    | 'changed_meanwhile'
    | 'too_many_rules'
    | 'rule_expired'
    | 'tests_fail';
  readonly message: string;
}

/** Who changes something, and why; '' where they do not say. */
export interface RuleChange {
  readonly by: string;
  readonly note: string;
}

/** A rule as it stands. */
export interface Rule extends RuleVersion {
  readonly mode: ModeChange;
  /** Of this process; null while the rule is not asked. */
  readonly figures: RunFigures | null;
}

export interface FileProblem {
  readonly file: string;
  readonly problem: string;
}

export interface Rules {
  /** What the rules in the path make of a request that was looked at. Never waits, never throws. */
  judge(request: RequestFacts): PathVerdict;
  /** A usage event that is durable. It is shown to the rules within a second, in the order requests ended. */
  ended(event: EndedEvent): void;
  signUp(facts: SignUpFacts): void;

  /** In the order of their names. */
  list(): readonly Rule[];
  find(name: string): Rule | null;
  /** Says when anything of what is in force changes. */
  setHash(): string;
  counters(): BankFigures;
  check(document: unknown): CheckView;
  versions(name: string): Promise<readonly RuleVersion[]>;
  /** Newest first. */
  modes(name: string): Promise<readonly ModeChange[]>;
  hits(question: HitQuestion): Promise<HitPage>;

  /** Durable and in force when it resolves. */
  save(document: RuleDocument, baseVersion: number, change: RuleChange): Promise<Result<Rule, RuleRefusal>>;
  setMode(
    name: string,
    mode: RuleMode,
    canaryPercent: number | null,
    change: RuleChange,
  ): Promise<Result<Rule, RuleRefusal>>;
  /** Pauses a rule at once, for a reason found elsewhere, such as the harm it does. Nothing for one that is not asked. */
  pause(name: string, reason: PauseReason, detail: string): void;
  /** Takes in documents that ship or that lie in a folder: those that changed since they were last taken in. */
  take(documents: readonly RuleDocument[], origin: RuleOrigin): Promise<readonly FileProblem[]>;

  /** To be called again and again: shows what ended to the rules, and writes down hits and pauses. */
  flush(): Promise<void>;
  /** Forgets hits that are too old or too many. */
  prune(): Promise<void>;
}

export interface RulesDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  /** Two numbers of 32 bits which nobody outside knows, the same after every start. */
  readonly seeds: HashSeeds;
  /** Of all counters together. */
  readonly counterBytesMax: number;
  readonly onSignal: (signal: RuleSignal) => void;
  readonly onCase: (asked: RuleCase) => void;
  /** A rule was paused without a person, or has done its share of the hour: somebody should look. */
  readonly onTrouble: (rule: string, what: PauseReason | 'capped', detail: string) => void;
}
