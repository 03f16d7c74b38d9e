/** What the engine asks of a way to run the front door: the real one, or a published baseline beside it. */
import type { LaterFacts, SignupFacts } from '../../../../src/fraud/evidence.ts';
import type { Link } from '../../../../src/fraud/linkage.ts';
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { Organisation } from '../world/networks.ts';
import type { Prompt } from '../world/prompts.ts';

/** What somebody meets who sends the form. */
export type DoorAnswer =
  | {
      readonly kind: 'open';
      /** How many times the quiet amount must be computed; null where nothing is asked for. */
      readonly workFactor: number | null;
      /** What whoever cannot compute waits instead. */
      readonly waitMs: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Credit that a proof would let come in the end. Everybody may read the rules, so rings know them. */
export interface CreditOnProof {
  readonly proof: Rung;
  /** What would come above what was given, US dollars. */
  readonly usd: number;
}

/** What makes a day count towards more credit, as published. */
export interface GoodDay {
  readonly hours: number;
  readonly requests: number;
  /** Of what there was in the morning. */
  readonly spentShare: number;
  /** What one such day brings at the most, US dollars. */
  readonly usd: number;
}

/** A way to run the front door, driven in virtual time. Amounts are US dollars: these are figures, nothing is owed. */
export interface System {
  readonly name: string;
  /** Asked when the form is sent, before there is an account. */
  door(facts: SignupFacts): DoorAnswer;
  /** The account exists; hears of it with every fact. */
  signedUp(facts: SignupFacts): void;
  learnt(accountId: string, facts: LaterFacts, atMs: number): void;
  /** The account asked this for the first time. */
  prompted(accountId: string, prompt: Prompt, atMs: number): void;
  proved(accountId: string, rung: Rung): void;
  /** Pays for requests of one hour out of free credit: as much of `wantedUsd` as there is and may be burned now. */
  spend(accountId: string, wantedUsd: number, requests: { readonly all: number; readonly flagged: number }): number;
  /** Free credit of the account, whether or not it may all be burned at once. */
  available(accountId: string): number;
  /** Proofs not yet shown that would let more come. */
  onProof(accountId: string): readonly CreditOnProof[];
  readonly goodDay: GoodDay | null;
  sanctioned(accountId: string): void;
  /** Lets what is due happen; called every virtual hour. */
  tick(): void;
  /** The operator each of these accounts is taken for. */
  operatorsOf(accountIds: readonly string[]): ReadonlyMap<string, string>;
  /** Links of an account that hold. */
  linksOf(accountId: string): readonly Link[];
  /** Whether it takes the network of an address for one that many share; null where it makes no such guess. */
  isShared(ip: string): boolean | null;
  /** Accounts that were linked to a sanctioned operator. */
  readonly evasionMarks: ReadonlySet<string>;
  /** Free credit given in all, US dollars. */
  givenTo(accountId: string): number;
  /** Microseconds each sign-up took. */
  readonly microseconds: readonly number[];
}

/** What a system may know of the world besides the facts of accounts. */
export interface SystemWorld {
  readonly nowMs: () => number;
  /** A database of networks, as whoever runs a service may have configured one. */
  readonly organisationOf: (ip: string) => Organisation | null;
}
