/** A case: what a person must decide, with what they need to decide it and nothing they need not read. */
import type { Conduct, Severity } from '../conduct.ts';
import type { IncidentFacts } from '../follow/facts.ts';
import type { Proposal } from '../judgement.ts';
import type { Step } from '../step.ts';
import type { Owner, Unit } from '../unit.ts';
import type { CaseKind, CaseState, Outcome } from './contract.ts';

/** What is known when a case is opened, as codes and counts; no text of anybody. */
export interface CaseFacts extends IncidentFacts {
  /** Null where the figures of the unit are not known. */
  readonly score: number | null;
  readonly cusum: number | null;
  readonly alarmAt: number | null;
  readonly posterior: number | null;
  /** At most this chance of a false ban; null without a certificate. */
  readonly certificateBound: number | null;
  /** The gravest step in force when it was opened. */
  readonly stepNow: Step | null;
}

/** What opens a case, or adds to one that is open. */
export interface CaseOpening {
  readonly kind: CaseKind;
  readonly conduct: Conduct;
  readonly severity: Severity;
  readonly unit: Unit;
  readonly owner: Owner;
  readonly language: 'en' | 'zh' | null;
  /** That it is so, 0 to 1. */
  readonly probability: number;
  readonly facts: CaseFacts;
  /** At most 100 of each are kept; the facts count them all. */
  readonly incidents: readonly string[];
  readonly requestIds: readonly string[];
  readonly sanctionId: string | null;
  readonly decisionId: string | null;
  readonly reportId: string | null;
  /** `name@version` */
  readonly rule: string | null;
  /** What is proposed to a person, such as a step above the automatic cap. */
  readonly proposal: Proposal | null;
  /**
   * What it is about, such as `incident inc_…` or `report rep_…`: nothing becomes a case twice, so that whoever opens may
   * ask again after a start. Empty: it always does.
   */
  readonly subjects: readonly string[];
  /** Who may not judge it: authors of what it is about. Ids of staff. */
  readonly authors: readonly string[];
}

/** A step somebody wants and a second person must agree to. */
export interface Awaited {
  readonly by: string;
  readonly outcome: Outcome;
  readonly conduct: Conduct;
  readonly step: Step | null;
  readonly reason: string;
}

export interface Note {
  readonly by: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Lock {
  readonly by: string;
  /** By the clock: a lock that is over holds nothing. */
  readonly untilMs: number;
}

/** How a case was decided, and what that did. */
export interface Ruling {
  readonly outcome: Outcome;
  readonly conduct: Conduct;
  readonly by: readonly string[];
  readonly atMs: number;
  readonly reason: string;
  /** What was imposed with it, and what the ladder imposed for it. */
  readonly sanctionIds: readonly string[];
  /** Incidents that were read with it. */
  readonly read: readonly string[];
  /** Null: what it did is for good. */
  readonly undoUntilMs: number | null;
  /** Decided together with others, which are undone together. */
  readonly bulkId: string | null;
  readonly undoneAtMs: number | null;
}

export interface Case extends Omit<CaseOpening, 'subjects' | 'authors'> {
  /** `case_<ulid>` */
  readonly id: string;
  readonly queue: string;
  /** As stored; `decided` reads as `closed` once the time to undo it is over. */
  readonly state: CaseState;
  readonly openedAtMs: number;
  readonly dueMs: number;
  readonly lock: Lock | null;
  /** Whose it is while it is assigned or waits for information. */
  readonly assignee: string | null;
  /** May not see it while it is undecided: authors, those who decided it before, those who handed a second person their wish. */
  readonly excluded: readonly string[];
  readonly awaited: Awaited | null;
  readonly notes: readonly Note[];
  readonly ruling: Ruling | null;
  /** Another case's second reading, of which its reader does not know. */
  readonly twinOf: string | null;
  /** Nothing newer is shown with it, so that a second reading does not see what the first one led to. */
  readonly asOfMs: number | null;
}

/** What happened to a case, append-only. */
export interface CaseEvent {
  /** `cev_<ulid>` */
  readonly id: string;
  readonly caseId: string;
  readonly atMs: number;
  /** Id of staff, `local`, or `service`. */
  readonly actor: string;
  readonly what: CaseHappening;
  readonly detail: Readonly<Record<string, string | number | null>>;
}

const CASE_HAPPENINGS = [
  'opened',
  'grew',
  'taken',
  'released',
  'returned',
  'handed_over',
  'noted',
  'reveal_asked',
  'reveal_allowed',
  'revealed',
  'awaits_information',
  'escalated',
  'decided',
  'undone',
  'reopened',
] as const;
export type CaseHappening = (typeof CASE_HAPPENINGS)[number];
