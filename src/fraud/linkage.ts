/**
 * Which accounts one operator is behind: Fellegi-Sunter evidence between accounts that share a value, union-find over the
 * links, frequencies counted by operator. Streaming, in memory, every link kept with its evidence and its end.
 */
import type { Agreement, LaterFacts, SignupFacts } from './evidence.ts';

/** `hard`: evidence beyond the threshold; `soft`: not beyond it, kept to share credit and to look at, never to punish. */
export type LinkStrength = 'hard' | 'soft';

/** Two accounts and why they seem to be one operator's. */
export interface Link {
  readonly id: string;
  readonly accounts: readonly [string, string];
  readonly strength: LinkStrength;
  /** Sum after every cap. */
  readonly bits: number;
  readonly agreements: readonly Agreement[];
  readonly atMs: number;
  /** Falls by itself at this time. */
  readonly expiresAtMs: number;
  /** When it fell before its time, and why; null while it holds. */
  readonly fell: { readonly atMs: number; readonly reason: string } | null;
}

/** Accounts held together by hard links; a lone account is an operator of one. */
export interface Operator {
  /** The id of its oldest account. */
  readonly id: string;
  readonly accounts: readonly string[];
}

/** What linkage makes of one more account. */
export interface Linked {
  readonly operator: Operator;
  /** New hard and soft links of this account. */
  readonly links: readonly Link[];
  /** Sanctioned accounts it seems to be the return of, the surest first. */
  readonly evasion: readonly EvasionMatch[];
}

/** An account that seems to be a sanctioned one's return: reason to look and to be careful, never by itself to stop anybody. */
export interface EvasionMatch {
  readonly accountId: string;
  readonly sanctionedId: string;
  /** `likely` may be restricted softly; `possible` is marked for people, and nothing else. */
  readonly tier: 'likely' | 'possible';
  readonly bits: number;
  readonly agreements: readonly Agreement[];
  readonly atMs: number;
}

/** Told once of an account, and once more when what was possible became likely. */
export type OnEvasion = (match: EvasionMatch) => void;

/** Told after every change of who belongs to whom. */
export type OperatorsChanged = (change: {
  readonly kind: 'merged' | 'split';
  /** Every account whose operator is another one than before. */
  readonly accounts: readonly string[];
}) => void;

export interface Linkage {
  /** Takes in a sign-up; synchronous, at most a millisecond at a million accounts. */
  signedUp(facts: SignupFacts): Linked;
  /** Takes in what became known later; null for an account it does not know. */
  learnt(accountId: string, facts: LaterFacts, atMs: number): Linked | null;
  /** The operator of an account; one of its own for an account nobody linked. */
  operatorOf(accountId: string): Operator;
  /** Links of an account that hold, hard and soft; those that fell when asked. */
  linksOf(accountId: string, options?: { readonly fallen?: boolean }): readonly Link[];
  /** Cuts a link; components are built anew from what is left. False when it does not hold. */
  cut(linkId: string, reason: string): boolean;
  /** Says that an account was sanctioned, or no longer is: what later sign-ups are matched with. */
  sanctioned(accountId: string, isSanctioned: boolean): void;
  /** Whether many people seem to share a network, as far as the traffic itself tells. */
  egressOf(prefix: string): { readonly shared: boolean; readonly people: number; readonly organisation: string | null };
  /** Sanctioned accounts it seems to be the return of as far as is known now, the surest first; at most three. */
  evasionOf(accountId: string, atMs: number): readonly EvasionMatch[];
  onEvasion(listener: OnEvasion): () => void;
  onChange(listener: OperatorsChanged): () => void;
  /** Lets expired links fall. */
  expire(nowMs: number): number;
}
