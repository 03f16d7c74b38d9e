/** The vocabulary of the harm budget: who was sanctioned, what was drawn for an audit, and what it showed. */
import type { ReviewingConfig } from '../../config/reviewing.ts';
import type { CaseOpening } from '../cases/case.ts';
import type { Conduct } from '../conduct.ts';
import type { Step } from '../step.ts';
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

export interface Cohort {
  readonly kind: CohortKind;
  /** `zh`, `free`, `yes`; '' of all. */
  readonly value: string;
}

export function cohortsIn({ language, campus, carrierNat, plan }: Cohorts): readonly Cohort[] {
  const named: Cohort[] = [{ kind: 'all', value: '' }];
  if (language !== null) named.push({ kind: 'language', value: language });
  if (campus === true) named.push({ kind: 'campus', value: 'yes' });
  if (carrierNat === true) named.push({ kind: 'carrier_nat', value: 'yes' });
  if (plan !== null) named.push({ kind: 'plan', value: plan });
  return named;
}

export function cohortKey({ kind, value }: Cohort): string {
  return `${kind} ${value}`;
}

/** How hard a step hits somebody who did nothing; what only warns hits nobody. */
export const HARM_CLASSES = ['throttle', 'suspend', 'terminate'] as const;
export type HarmClass = (typeof HARM_CLASSES)[number];
export const HARM_WEIGHTS: Readonly<Record<HarmClass, number>> = { throttle: 0.1, suspend: 1, terminate: 3 };

export function harmClassOf(step: Step): HarmClass | null {
  switch (step) {
    case 'notice':
    case 'warning':
      return null;
    case 'friction':
    case 'throttle':
    case 'restrict':
      return 'throttle';
    case 'cool_off':
    case 'suspend':
    case 'operator':
      return 'suspend';
    case 'terminate':
      return 'terminate';
  }
}

/** What imposed it by itself; null where people did. */
export type Cause =
  | { readonly what: 'rule'; readonly name: string }
  | { readonly what: 'conduct'; readonly name: Conduct }
  | null;

/** A sanction, or an account with incidents and without one. */
export interface HarmItem {
  /** `hrm_<ulid>` */
  readonly id: string;
  readonly accountId: string;
  readonly atMs: number;
  readonly cohorts: Cohorts;
  /** Null for an account without a sanction. */
  readonly sanction: {
    readonly id: string;
    readonly harm: HarmClass;
    readonly cause: Cause;
    readonly appeal: 'none' | 'open' | 'upheld' | 'overturned';
  } | null;
  /** Null while nobody drew it; with the chance it was drawn at, by which it counts. */
  readonly draw: { readonly chance: number; readonly atMs: number; readonly caseId: string } | null;
  /** It was not drawn, and will not be. */
  readonly passed: boolean;
  /** Of an audit or an appeal; null while it is open. */
  readonly finding: { readonly outcome: 'abuse' | 'harmless'; readonly atMs: number } | null;
}

export interface HarmPause {
  /** `hpz_<ulid>` */
  readonly id: string;
  readonly atMs: number;
  readonly cohort: Cohort;
  readonly what: 'rule' | 'conduct';
  readonly name: string;
  readonly upperPer10k: number;
  readonly limitPer10k: number;
  /** Findings it rests on. */
  readonly n: number;
  readonly lifted: { readonly atMs: number; readonly by: string; readonly reason: string } | null;
}

export interface HarmPolicy {
  /** How far back is reckoned. */
  readonly days: number;
  /** Of sanctions nobody appealed, the share that is audited, percent; more in cohorts of which little is known. */
  readonly sanctionsPercent: number;
  /** Sanctions of one cohort that are audited in a week where there are so many. */
  readonly perCohortWeek: number;
  /** Accounts with incidents and without a sanction that are audited in a day. */
  readonly unsanctionedPerDay: number;
  /** Hours for an appeal before a sanction may be drawn. */
  readonly waitHours: number;
  /** Legitimate people harmed of 10,000 active ones, weighted by step. */
  readonly limitPer10k: number;
  /** Of a single cohort, which is smaller and known less well. */
  readonly cohortLimitPer10k: number;
}

export const HARM_DEFAULTS: HarmPolicy = {
  days: 28,
  sanctionsPercent: 10,
  perCohortWeek: 5,
  unsanctionedPerDay: 5,
  waitHours: 24,
  limitPer10k: 1,
  cohortLimitPer10k: 2,
};

/** The defaults, with what the configuration says. */
export function harmPolicyOf({ harm }: ReviewingConfig): HarmPolicy {
  return { ...HARM_DEFAULTS, ...harm };
}

/** Accounts with a request in the time reckoned. */
export interface ActiveCount extends Cohort {
  readonly accounts: number;
}

/** What a case needs to know of what was drawn. */
export type AuditOpening = Omit<CaseOpening, 'kind' | 'subjects'>;
