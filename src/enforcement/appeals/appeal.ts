/** The vocabulary of appeals: what somebody may contest, who answers, and what an answer sets going. Made by `createAppeals`. */
import type { Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Step } from '../step.ts';

/**
 * `received`: filed and acknowledged; `triaged`: somebody saw what it is about; `in_review`: a reviewer has it; the others
 * are ends, of which `withdrawn` is the person's own.
 */
export const APPEAL_STATES = [
  'received',
  'triaged',
  'in_review',
  'upheld',
  'overturned',
  'partly',
  'withdrawn',
] as const;
export type AppealState = (typeof APPEAL_STATES)[number];

export const OPEN_STATES = ['received', 'triaged', 'in_review'] as const satisfies readonly AppealState[];

export const APPEAL_CHARS_MAX = 4_000;
/** Answered within seven days; the person is told the day. */
export const ANSWERED_WITHIN_MS = 7 * 86_400_000;
/** A decision may be contested for six months. */
export const CONTESTABLE_MS = 183 * 86_400_000;

/** `contest`: by the address in a refusal, without a session. */
export const APPEAL_SOURCES = ['portal', 'contest'] as const;
export type AppealSource = (typeof APPEAL_SOURCES)[number];

export type Language = 'en' | 'zh';

export interface Appeal {
  /** `apl_<ulid>` */
  readonly id: string;
  readonly decisionId: string;
  readonly sanctionId: string;
  readonly accountId: string;
  readonly source: AppealSource;
  /** The person who filed it; null where nobody was signed in. */
  readonly filedBy: string | null;
  readonly language: Language;
  readonly text: string;
  readonly filedAtMs: number;
  readonly dueAtMs: number;
  readonly urgent: boolean;
  readonly state: AppealState;
  readonly stateAtMs: number;
  /** Of the staff, from `in_review` on. */
  readonly reviewer: string | null;
  /** The decision that answers it. */
  readonly answerId: string | null;
}

export interface AppealOrder {
  readonly decisionId: string;
  readonly accountId: string;
  readonly source: AppealSource;
  readonly filedBy: string | null;
  readonly language: Language;
  readonly text: string;
}

export const OUTCOMES = ['upheld', 'overturned', 'partly'] as const satisfies readonly AppealState[];
export type Outcome = (typeof OUTCOMES)[number];

/** Why it was answered so; the notice in the language the reviewer did not write in is made of these. */
export const ANSWER_REASONS = {
  upheld: ['as_found', 'grave', 'nothing_new'],
  overturned: ['not_found', 'permitted_use', 'somebody_else', 'wrong_link', 'our_mistake'],
  partly: ['some_harmless', 'too_severe'],
} as const satisfies Record<Outcome, readonly string[]>;
export type AnswerReason = (typeof ANSWER_REASONS)[Outcome][number];

export interface AppealAnswer {
  readonly outcome: Outcome;
  readonly reason: AnswerReason;
  /** What the reviewer writes to the person, and in which language. */
  readonly words: string;
  readonly language: Language;
  /** Of `partly`: incidents the decision rested on that were none. */
  readonly harmless: readonly string[];
  /** Of `partly`: what takes the place of the step, milder than it; null: nothing. */
  readonly step: Step | null;
}

/** What restitution does, in this order; each is done once, however often the service starts in between. */
export const RESTITUTION_STEPS = [
  /** The sanction ends as reversed, and those that followed from it or rest on nothing else. */
  'sanctions',
  /** Stops that carried them out. */
  'stops',
  /** Incidents count nowhere any more. */
  'incidents',
  /** What takes the place of the step where an answer was given in part. */
  'milder',
  /** Nobody is matched with the account as with one that was sanctioned; links that were found wrong are cut. */
  'links',
  /** Sign-up credit that was taken back is given again. */
  'vesting',
  /** Credit that expires does so later by the time lost. */
  'credit',
  /** Moderation learns that the requests were harmless. */
  'labels',
] as const;
export type RestitutionStep = (typeof RESTITUTION_STEPS)[number];

export interface StepDone {
  readonly step: RestitutionStep;
  /** Null: not yet. */
  readonly doneAtMs: number | null;
  /** How many of what it is about: sanctions, stops, incidents, links, grants, requests. */
  readonly count: number;
}

/** What restitution would do now, for who decides; nothing is changed. */
export interface RestitutionPreview {
  readonly sanctions: readonly { readonly id: string; readonly accountId: string; readonly step: Step }[];
  readonly stops: number;
  readonly incidents: readonly string[];
  readonly vesting: boolean;
  readonly grants: readonly { readonly id: string; readonly nano: bigint; readonly untilMs: number }[];
  readonly requests: number;
}

/** A decision as whoever may contest it sees it. */
export interface Contest {
  readonly decision: Decision;
  readonly appeals: readonly Appeal[];
  /** Until when it may be contested; null where it may not be, or not any more. */
  readonly untilMs: number | null;
}

export interface AppealRefusal {
  readonly reason:
    | 'decision_not_found'
    | 'appeal_not_found'
    | 'not_contestable'
    | 'already_open'
    | 'already_answered'
    | 'too_many_appeals'
    | 'too_late'
    | 'too_often'
    | 'not_a_reviewer'
    | 'own_decision'
    | 'not_yours'
    | 'invalid_field'
    | 'changed_meanwhile';
  readonly message: string;
}

export interface AppealFilter {
  readonly states: readonly AppealState[] | null;
  readonly reviewer: string | null;
  readonly accountId: string | null;
}

export interface ListedAppeal {
  readonly appeal: Appeal;
  /** Where a page that ends with it is gone on from. */
  readonly cursor: string;
}

/** Somebody of the staff; `local` is whoever holds the data folder. */
export type StaffId = string;

export interface Appeals {
  /** Durable, and acknowledged, once it resolves. One is open for a decision at a time. */
  file(order: AppealOrder): Promise<Result<Appeal, AppealRefusal>>;
  withdraw(appealId: string, accountId: string): Promise<Result<Appeal, AppealRefusal>>;
  triage(appealId: string, urgent: boolean, by: StaffId): Promise<Result<Appeal, AppealRefusal>>;
  /** Refused for who decided what is contested, and for who read any incident it rests on. */
  assign(appealId: string, reviewer: StaffId, by: StaffId): Promise<Result<Appeal, AppealRefusal>>;
  /** By its reviewer, or whoever may be where it has none. Decided when it resolves; restitution was tried and goes on until it is done. */
  decide(appealId: string, answer: AppealAnswer, by: StaffId): Promise<Result<Appeal, AppealRefusal>>;
  preview(appealId: string, answer: Pick<AppealAnswer, 'outcome' | 'harmless'>): Promise<RestitutionPreview | null>;
  get(appealId: string): Promise<Appeal | null>;
  /** Those filed in a span, by the state they are in now. */
  count(fromMs: number, toMs: number): Promise<ReadonlyMap<string, number>>;
  /** Open ones first, of those the urgent, then those due first; then the others, those that ended last before the rest. */
  list(
    filter: AppealFilter,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly ListedAppeal[]>;
  ofAccount(accountId: string): Promise<readonly Appeal[]>;
  contestOf(decisionId: string): Promise<Contest | null>;
  restitutionOf(appealId: string): Promise<readonly StepDone[]>;
  /** Who may not review it, whoever they are. */
  barredFrom(decisionId: string): Promise<ReadonlySet<StaffId>>;
  /** For refusals: where the decision is read and contested without signing in. Cheap, asked on the path of a request. */
  contestUrl(decisionId: string): string;
  /** The decision a token of such an address is for; null where it is none of ours or past its time. */
  openToken(token: string): string | null;
  /** Told of each appeal once it is filed and durable, and once more after it was answered or withdrawn. */
  onChange(listener: (appeal: Appeal, decision: Decision) => void): () => void;
  /**
   * Goes on with every restitution that was begun and is not done: at boot, and every minute. Resolves with how many are
   * done now, which takes until links are read: at boot nobody waits for it.
   */
  resume(): Promise<number>;
}
