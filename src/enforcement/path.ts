/** What the path of a request asks of enforcement, and what it tells it. Nothing here waits. */
import type { Verdict } from '../moderation/index.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { Effects } from './sanction.ts';
import type { Owner } from './unit.ts';

/** A request that was admitted and whose prompt was looked at, as rules see it. */
export interface RequestFacts {
  readonly requestId: string;
  readonly atMs: number;
  readonly owner: Owner;
  readonly endpoint: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly inputTokens: number;
  readonly networkPrefix: string | null;
  readonly clientClass: string;
  readonly prompt: Verdict | null;
}

/** What the rules in the path make of it; `hold`: refused for now, and a person is asked. */
export type PathVerdict =
  | { readonly action: 'allow' }
  | {
      readonly action: 'refuse' | 'hold' | 'throttle';
      /** `name@version` */
      readonly rule: string;
      /** For the caller, without what would help to get round it. */
      readonly text: { readonly en: string; readonly zh: string };
      readonly retryAfterMs: number | null;
    };

/** A request that ended and was looked at. Texts are gone when this returns; digests stay. */
export interface EndedReview {
  readonly requestId: string;
  readonly atMs: number;
  readonly owner: Owner;
  readonly verdicts: readonly Verdict[];
  /** The text of the prompt that was looked at last, for a second reader. */
  readonly asked: string;
  /** The first thing the person said in the conversation, which tells conversations apart; '' where there is none. */
  readonly opening: string;
}

export interface PathEnforcement {
  effectsOf(
    key: { readonly id: string; readonly accountId: string; readonly app: string | null },
    endUser: string | null,
  ): Effects | null;
  judge(request: RequestFacts): PathVerdict;
  /** What is to be written with the settlement; `durable` says that it was, and sets things going. */
  ended(review: EndedReview): { readonly statements: readonly WriteStatement[]; durable(): void };
}
