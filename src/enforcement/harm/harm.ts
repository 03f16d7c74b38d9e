import type { ControlHono } from '../../http/control.ts';
import type { AuditSettled } from '../cases/deps.ts';
import type { Conduct } from '../conduct.ts';
import type { Incident } from '../incident.ts';
import type { Sanction } from '../sanction.ts';
import type { Owner } from '../unit.ts';
import type { CohortKind } from './contract.ts';

/** Groups an account belongs to; null where it belongs to none or nothing is known. */
export interface Cohorts {
  readonly language: 'en' | 'zh' | null;
  /** Comes through a shared network of an organisation: a school, a company. */
  readonly campus: boolean | null;
  /** Comes through an address that a carrier shares out. */
  readonly carrierNat: boolean | null;
  readonly plan: string | null;
}

/** What somebody did not appeal, or was not sanctioned for, and is looked at anyway. */
export interface HarmBudget {
  /** A sanction that came into force without an appeal; drawn at random for an audit. */
  sanctioned(what: {
    readonly sanction: Sanction;
    readonly owner: Owner;
    readonly rule: string | null;
    readonly automatic: boolean;
  }): void;
  /** A confirmed or dismissed incident of somebody; accounts without a sanction are drawn from these. */
  incident(incident: Incident): void;
  /** An appeal settled it: it counts, and is not drawn. */
  appealed(sanctionId: string, overturned: boolean): void;
  /** What a person found in an audit. */
  settled(audit: AuditSettled): void;
  /** Draws, reckons, and pauses what hurts too many; to be called every few minutes. */
  tick(): Promise<void>;
  readonly routes: ControlHono;
}

/** What the harm budget asks of the rest. */
export interface HarmCallbacks {
  cohortsOf(accountId: string): Cohorts;
  /** Accounts with a request in the last `days` days, by cohort; `all` has the value ''. */
  activeBy(
    days: number,
  ): Promise<readonly { readonly kind: CohortKind; readonly value: string; readonly accounts: number }[]>;
  pauseRule(name: string, why: string): Promise<void>;
  /** Steps above a warning of this conduct wait for a person until it is resumed. */
  pauseAutomatic(conduct: Conduct, why: string): Promise<void>;
  resumeAutomatic(conduct: Conduct, by: string, reason: string): Promise<void>;
  alert(message: {
    readonly code: 'harm_above_limit';
    readonly cohort: string;
    readonly upper: number;
    readonly limit: number;
  }): void;
}
