/** How reviewing is set up: who gets which case, until when, and how much of it in a day. */
import type { ReviewingConfig } from '../../config/reviewing.ts';
import type { Conduct, Severity } from '../conduct.ts';
import type { CaseKind, SkillGroup } from './contract.ts';

/** A queue takes what matches all it names; the first that matches has it. */
export interface QueueRule {
  readonly queue: string;
  /** Null: every kind. */
  readonly kinds: readonly CaseKind[] | null;
  readonly severities: readonly Severity[] | null;
  /** Only for people with the skill `restricted`. */
  readonly restricted: boolean;
  readonly dueHours: number;
}

export interface ReviewPolicy {
  readonly queues: readonly QueueRule[];
  /** How long a case stays with whoever took it, without a word from them. */
  readonly lockMinutes: number;
  /** Minutes somebody may look at what people wrote in a day, and cases of severity 3 or terminal they may get. */
  readonly exposureMinutesPerDay: number;
  readonly severePerDay: number;
  /** The most that counts of one reveal, and the least. */
  readonly revealMinutesMax: number;
  readonly revealSecondsMin: number;
  /** After so many cases of one conduct in a row another one comes first. */
  readonly rotateAfter: number;
  /** Share of decided cases that a second person reads without knowing. */
  readonly doubleReviewPercent: number;
  /** Severities of which reading what was written takes a second person. */
  readonly revealTakesTwo: readonly Severity[];
  /** Hours in which a decision can be undone. */
  readonly undoHours: number;
  /** Minutes that the day of the people who review is ahead of UTC. */
  readonly utcOffsetMinutes: number;
}

const ALL: Omit<QueueRule, 'queue' | 'kinds' | 'dueHours'> = { severities: null, restricted: false };

export const REVIEW_DEFAULTS: ReviewPolicy = {
  queues: [
    { queue: 'restricted', kinds: null, severities: ['terminal'], restricted: true, dueHours: 4 },
    { ...ALL, queue: 'suspensions', kinds: ['suspension'], dueHours: 24 },
    { ...ALL, queue: 'upstream', kinds: ['upstream'], dueHours: 12 },
    { ...ALL, queue: 'proposals', kinds: ['proposal'], dueHours: 24 },
    { ...ALL, queue: 'reports', kinds: ['report'], dueHours: 24 },
    { ...ALL, queue: 'doubts', kinds: ['incident'], dueHours: 48 },
    { ...ALL, queue: 'rules', kinds: ['rule'], dueHours: 24 },
    { ...ALL, queue: 'audits', kinds: ['audit'], dueHours: 168 },
  ],
  lockMinutes: 30,
  exposureMinutesPerDay: 120,
  severePerDay: 20,
  revealMinutesMax: 10,
  revealSecondsMin: 15,
  rotateAfter: 10,
  doubleReviewPercent: 10,
  revealTakesTwo: ['terminal'],
  undoHours: 24,
  utcOffsetMinutes: 0,
};

/** The defaults, with what the configuration says. */
export function reviewPolicyOf(config: ReviewingConfig): ReviewPolicy {
  const { harm: _, ...said } = config;
  return { ...REVIEW_DEFAULTS, ...said };
}

/** Which skill a conduct asks for. */
export const GROUP_OF_CONDUCT: Readonly<Record<Conduct, SkillGroup>> = {
  minors: 'sexual',
  mass_harm: 'crime',
  threats: 'speech',
  hate: 'speech',
  harassment: 'speech',
  violence: 'speech',
  sexual: 'sexual',
  illicit: 'crime',
  self_harm_promotion: 'self_harm',
  circumvention: 'fraud',
  fraud: 'fraud',
  resale: 'fraud',
  extraction: 'fraud',
  evasion: 'fraud',
};

/** Of these a person gets only so many in a day. */
export function isSevere(severity: Severity): boolean {
  return severity === 3 || severity === 'terminal';
}
