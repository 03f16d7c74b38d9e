/** An account of the simulation: what truly is so of it, and what became of it. */
export type Intent = 'legitimate' | 'farmed' | 'evading' | 'griefing' | 'reselling';

/** What no detector is told. */
export interface Truth {
  readonly cohort: string;
  readonly intent: Intent;
  /** The one person or ring behind it. */
  readonly operator: string;
  /** People of one household have it in common; else null. */
  readonly household: string | null;
  /** Of farms: the level of their disguise, or what they are reported as besides; `unseen` for the generator nothing is tuned on. */
  readonly level: string | null;
}

/** How the first try of a person went. */
export type FirstTry = 'answered' | 'refused' | 'out_of_patience' | 'no_credit';

export interface SimulatedAccount {
  readonly id: string;
  readonly truth: Truth;
  readonly ip: string;
  readonly atMs: number;
  /** Null when nobody has tried yet. */
  firstTry: FirstTry | null;
  /** Free credit it has used, US dollars. */
  spentUsd: number;
  /** What whoever is behind it paid for it, US dollars. */
  costUsd: number;
  /** Tries that got nothing although the account had used less than the first tranche. */
  emptyTries: number;
  sanctionedAtMs: number | null;
  /** How the account was meant to be used, of farms. */
  strategy: string | null;
}

/** A try to sign up that the door refused. */
export interface RefusedTry {
  readonly truth: Truth;
  readonly costUsd: number;
}
