/** What appeals ask of the rest of enforcement, and of the domains that restitution reaches into. Wired in `app`. */
import type { Standing } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Link } from '../../fraud/index.ts';
import type { Prolongation } from '../../ledger/index.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { SayHarmless } from '../../moderation/index.ts';
import type { Decisions } from '../decisions/decisions.ts';
import type { Incident } from '../incident.ts';
import type { SanctionsPart } from '../sanctions/sanctions.ts';

/** Whatever changes something is durable when it resolves, and no error where it was done before. */
export interface RestitutionDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly decisions: Pick<Decisions, 'get' | 'ofAccount' | 'append'>;
  readonly sanctions: Pick<SanctionsPart, 'get' | 'end' | 'ofAccount' | 'impose' | 'followers'>;
  readonly incidents: {
    get(incidentId: string): Promise<Incident | null>;
    undo(incidentIds: readonly string[], atMs: number): Promise<readonly Incident[]>;
  };
  readonly standing: Pick<Standing, 'inForce' | 'lift' | 'receipt'>;
  readonly links: {
    /** Resolves once links may be asked for. */
    readonly ready: Promise<unknown>;
    linksOf(accountId: string): readonly Link[];
    cut(linkId: string, reason: string): boolean;
    /** Whether later sign-ups are matched with it as with one that was sanctioned. */
    sanctioned(accountId: string, isSanctioned: boolean): void;
    settled(): Promise<void>;
  };
  readonly vesting: {
    /** Those whose sign-up credit was taken back and not given again. */
    sanctioned(): Promise<ReadonlyMap<string, string>>;
    restore(accountId: string): Promise<void>;
  };
  readonly prolongation: Pick<Prolongation, 'find' | 'prolong'>;
  /** Statements by which moderation learns that these requests were harmless, for the unit of the caller. */
  readonly harmless: SayHarmless;
  readonly onFault: (what: string, error: unknown) => void;
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
  /** Who said or read that an incident happened or judged a case of it or of a sanction, besides whom it names itself: ids of the staff. */
  readersOf(ids: readonly string[]): Promise<readonly string[]>;
}
