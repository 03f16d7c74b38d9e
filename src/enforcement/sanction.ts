import type { Result } from '../base/result.ts';
import type { Conduct, Severity } from './conduct.ts';
import type { Certificate } from './judgement.ts';
import type { Step } from './step.ts';
import type { Unit } from './unit.ts';

/** What a `restrict` takes away; the other steps have none. */
export interface Scope {
  readonly models: readonly string[];
  /** Requests with tools are refused. */
  readonly tools: boolean;
}

/** Who decides: the ladder by itself, or people, of whom some steps take two. */
export type Author =
  | { readonly kind: 'automatic'; readonly version: string }
  | { readonly kind: 'staff'; readonly ids: readonly string[] };

/** What a decision rests on, as codes and figures; words are made of them in both languages. */
export interface Facts {
  readonly conduct: Conduct;
  readonly severity: Severity;
  readonly incidents: readonly string[];
  readonly requests: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Where the signals came from: `moderation`, `report`, ... */
  readonly sources: readonly string[];
  /** What was found in the reviewed text, as categories of moderation; empty where it was not text. */
  readonly categories: readonly string[];
  readonly score: number | null;
}

export interface SanctionOrder {
  readonly unit: Unit;
  readonly step: Step;
  readonly scope: Scope | null;
  /** Null: the step's own length, or for good where it has none. */
  readonly untilMs: number | null;
  readonly facts: Facts;
  readonly certificate: Certificate | null;
  readonly author: Author;
  /** For the person concerned, beyond what the facts say; '' for none. */
  readonly note: string;
  /** What milder step was thought of and why it does not do. */
  readonly alternatives: string;
  /** The sanction of the linked account this one follows from. */
  readonly linkedTo: string | null;
  /** Put off by so much: for what must not show the rule that caught it. 0 for what is about safety. */
  readonly delayMs: number;
}

/** `in_force` is told by the clock, never by a worker. */
export const SANCTION_ENDS = ['lifted', 'reversed', 'replaced'] as const;

export interface Sanction {
  /** `san_<ulid>` */
  readonly id: string;
  readonly decisionId: string;
  readonly unit: Unit;
  readonly step: Step;
  readonly scope: Scope | null;
  readonly conduct: Conduct;
  readonly decidedAtMs: number;
  /** From when it is felt. */
  readonly startMs: number;
  readonly untilMs: number | null;
  /** The stop that carries it out, from `cool_off` on. */
  readonly stopId: string | null;
  readonly linkedTo: string | null;
  /** `reversed`: an appeal found it wrong; `lifted`: it is over early; `replaced`: a graver one came. */
  readonly ended: { readonly how: (typeof SANCTION_ENDS)[number]; readonly atMs: number; readonly by: string } | null;
  readonly acknowledgedAtMs: number | null;
}

/** What the sanctions in force do to a request; asked on the path of every request, from memory. */
export interface Effects {
  /** Stricter moderation, and nothing of a reply before all of it was looked at. */
  readonly friction: boolean;
  /** Share of the usual rate, percent; 100 is all of it. */
  readonly ratePercent: number;
  readonly smallModelsOnly: boolean;
  readonly withoutModels: readonly string[];
  readonly withoutTools: boolean;
  /** Of the gravest, for the person to look up. */
  readonly decisionId: string;
}

export type SanctionRefusal = {
  readonly reason:
    | 'unit_not_found'
    | 'house_account'
    | 'graver_in_force'
    | 'needs_two_people'
    | 'needs_certificate'
    | 'above_automatic_cap'
    | 'invalid_field'
    | 'sanction_not_found'
    | 'already_ended';
  readonly message: string;
};

export interface Sanctions {
  /** Decides, writes the decision with its notice, and makes it felt: in memory first, durable before this resolves. */
  impose(order: SanctionOrder): Promise<Result<Sanction, SanctionRefusal>>;
  /** Ends it early; `reversed` says that it should not have been. */
  end(
    sanctionId: string,
    how: 'lifted' | 'reversed',
    by: string,
    reason: string,
  ): Promise<Result<Sanction, SanctionRefusal>>;
  acknowledge(sanctionId: string, by: string): Promise<Result<Sanction, SanctionRefusal>>;
  /** Those that hold now for exactly this unit, the gravest first. */
  inForce(unit: Unit): readonly Sanction[];
  /** Every one of an account and of what belongs to it, the newest first, ended ones included. */
  ofAccount(accountId: string): Promise<readonly Sanction[]>;
  get(sanctionId: string): Promise<Sanction | null>;
  /** Null where nothing is in force. */
  effectsOf(
    key: { readonly id: string; readonly accountId: string; readonly app: string | null },
    endUser: string | null,
  ): Effects | null;
  /** Told after each change, once it is durable. */
  onChange(listener: (sanction: Sanction) => void): () => void;
}
