/** What people report: an answer, or an app. Made by `createReports`. */
import type { Result } from '../../base/result.ts';
import type { Conduct } from '../conduct.ts';

export const REPORT_CATEGORIES = [
  'child_safety',
  'violence_or_threats',
  'hate_or_harassment',
  'sexual',
  'self_harm',
  'illegal',
  'fraud_or_spam',
  'other',
] as const;
export type ReportCategory = (typeof REPORT_CATEGORIES)[number];

/** What a category speaks for; null: a person reads it, and nobody is held to anything. */
export const CONDUCT_OF_CATEGORY: Readonly<Record<ReportCategory, Conduct | null>> = {
  child_safety: 'minors',
  violence_or_threats: 'threats',
  hate_or_harassment: 'harassment',
  sexual: 'sexual',
  self_harm: 'self_harm_promotion',
  illegal: 'illicit',
  fraud_or_spam: 'fraud',
  other: null,
};

export const REPORT_CHARS_MAX = 1_000;

export interface ReportOrder {
  /** Who counts as one reporter: a person's own account, or that of a key. */
  readonly reporterId: string;
  /** The account it is reported from; a report of its own requests is about the answer. */
  readonly accountId: string;
  /** Of the person, where one is signed in. */
  readonly personId: string | null;
  /** One of the two, or both. */
  readonly requestId: string | null;
  /** An app of the account that reports. */
  readonly app: string | null;
  readonly category: ReportCategory;
  readonly text: string;
}

export interface Report {
  /** `rep_<ulid>` */
  readonly id: string;
  readonly atMs: number;
  readonly category: ReportCategory;
  readonly requestId: string | null;
  readonly app: string | null;
  /** The same was reported by the same account before: this is that one. */
  readonly repeated: boolean;
}

export interface ReportRefusal {
  readonly reason: 'invalid_field' | 'too_often';
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** A report as it is kept. */
export interface KeptReport extends Omit<Report, 'repeated'> {
  readonly reporterId: string;
  readonly personId: string | null;
  readonly text: string;
  /** The account it speaks against; null where it speaks of an answer, or of nothing that is known here. */
  readonly reportedId: string | null;
  /** The signal it became, or that of the first who reported the same; null where it became none. */
  readonly signalId: string | null;
  readonly incidentId: string | null;
}

export interface Reports {
  /**
   * Durable when it resolves. The answer is the same whether or not what is reported is known here, so that nobody learns
   * of requests that are not theirs.
   */
  file(order: ReportOrder): Promise<Result<Report, ReportRefusal>>;
  /** What became of an incident that was reported: who was right is believed more from then on, who was not, less. */
  settled(incidentId: string, wasRight: boolean): Promise<void>;
  /** How far an account is believed: the mean of a Beta distribution over what its reports came to. */
  accuracyOf(reporterId: string): Promise<number>;
  /** Told of each new report, once it is durable. */
  onFiled(listener: (report: KeptReport) => void): () => void;
}
