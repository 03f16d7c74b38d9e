/** What appeals ask of the rest of enforcement, and of the domains that restitution reaches into. Wired in `app`. */
import type { Stop, StopSubject } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Link } from '../../fraud/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Decision } from '../decision.ts';
import type { Incident } from '../incident.ts';
import type { Sanction, Sanctions } from '../sanction.ts';

/** Whatever changes something is durable when it resolves, and no error where it was done before. */
export interface RestitutionDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly decisions: DecisionRecord;
  readonly sanctions: Pick<Sanctions, 'get' | 'end' | 'ofAccount' | 'impose'> & {
    /** Those that name this one as `linkedTo`. */
    followers(sanctionId: string): Promise<readonly Sanction[]>;
  };
  readonly incidents: {
    get(incidentId: string): Promise<Incident | null>;
    undo(incidentIds: readonly string[], atMs: number): Promise<readonly Incident[]>;
  };
  readonly standing: {
    on(subject: StopSubject): readonly Stop[];
    lift(stopId: string, by: string): Promise<unknown>;
  };
  readonly links: {
    /** Resolves once links may be asked for. */
    readonly ready: Promise<unknown>;
    /** Links that were made because the account was sanctioned, at the threshold of ban evasion, and hold. */
    restingOn(accountId: string): readonly Link[];
    cut(linkId: string, reason: string): void;
    sanctioned(accountId: string, isSanctioned: boolean): void;
    settled(): Promise<void>;
  };
  readonly vesting: {
    /** Those whose sign-up credit was taken back and not given again. */
    sanctioned(): Promise<ReadonlyMap<string, string>>;
    restore(accountId: string): Promise<void>;
  };
  readonly ledger: Pick<Ledger, 'balance' | 'post'>;
  /** Statements by which moderation learns that these requests were harmless, for the unit of the caller. */
  harmless(requestIds: readonly string[], note: string, by: string): Promise<readonly WriteStatement[]>;
  /** For providers that ask to be told; resolves when they were, or when none is. */
  tellUpstream(decision: Decision, requestIds: readonly string[]): Promise<void>;
  /** Brings the notice of a decision to the people of an account; what it writes is in the record already. */
  notify(decision: Decision): Promise<void>;
  readonly onFault: (what: string, error: unknown) => void;
}

export interface DecisionRecord {
  get(decisionId: string): Promise<Decision | null>;
  /** Newest first. */
  ofAccount(accountId: string): Promise<readonly Decision[]>;
  /** Puts it on the tamper-evident record in one unit with `also`; false: `also` was not met, and nothing was written. */
  append(decision: Decision, also: readonly WriteStatement[]): Promise<boolean>;
}

export interface AppealsDeps extends RestitutionDeps {
  readonly mintId: MintId;
  readonly attempts: Attempts;
  /** 32 bytes that sign the addresses of refusals. */
  readonly secret: Uint8Array;
  /** Where the portal is, without a slash at its end. */
  readonly portalUrl: string;
  /** Those of the staff who may answer appeals now. */
  reviewers(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Who read an incident or judged a case of it, besides whom it names itself: ids of the staff. */
  readersOf(incidentIds: readonly string[]): Promise<readonly string[]>;
}
