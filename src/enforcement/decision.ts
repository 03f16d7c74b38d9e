/** Decisions: append-only, in the order of the tamper-evident record, shaped after the statement of reasons of the DSA (art. 17). */
import type { Certificate } from './judgement.ts';
import type { Author, Facts, Scope } from './sanction.ts';
import type { Step } from './step.ts';
import type { Unit } from './unit.ts';

export const DECISION_KINDS = ['sanction', 'lift', 'reverse', 'appeal', 'dismiss'] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export interface Decision {
  /** `dec_<ulid>` */
  readonly id: string;
  readonly kind: DecisionKind;
  readonly atMs: number;
  readonly accountId: string;
  readonly unit: Unit;
  readonly sanctionId: string | null;
  /** Of an answer to an appeal, or of what takes an earlier one back. */
  readonly about: string | null;
  readonly step: Step | null;
  readonly scope: Scope | null;
  /** The terms or policy it goes by, with its version. */
  readonly policy: string;
  readonly ground: 'illegal' | 'terms';
  readonly facts: Facts | null;
  /** How it was found, and how it was decided. */
  readonly automatedDetection: boolean;
  readonly automatedDecision: 'none' | 'partial' | 'full';
  readonly certificate: Certificate | null;
  readonly alternatives: string;
  readonly author: Author;
  readonly territory: string;
  readonly startMs: number;
  readonly untilMs: number | null;
  /** What the person reads; without thresholds, and without anything of another person. */
  readonly notice: Bilingual;
  readonly redress: Bilingual;
}
