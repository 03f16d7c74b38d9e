import type { ApiKey } from '../../accounts/index.ts';
import {
  gravest,
  type PersonalPrompt,
  recordStatements,
  type ReviewContext,
  type Reviewer,
  resultOf,
  type Verdict,
  withPersonal,
} from '../../moderation/index.ts';
import type { Effects } from '../../enforcement/index.ts';
import type { EventVerdict } from '../../metering/index.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { ReplyGate } from '../streaming/reply-gate.ts';
import type { Job } from './job.ts';
import { strictly } from './strictness.ts';

/** Who looks at prompts and replies, and by which policy. */
export interface Moderation {
  readonly reviewer: Reviewer;
  /** By what the requests of this key are judged; null where nobody looks. A look-up in memory. */
  policyFor(key: ApiKey): ReviewContext | null;
}

/** The review of one request. */
export interface Review {
  readonly context: ReviewContext;
  /** Under friction, what it would be judged by without: `context` is stricter, and nothing of a reply is sent before all of it was looked at. */
  readonly usual: ReviewContext | null;
  /** Null until the prompt was looked at. */
  prompt: Verdict | null;
  /** The latest text of the prompt that was looked at; '' before that. */
  asked: string;
  /** The first thing a person says in it; '' before that, and where nobody says anything. */
  opening: string;
  /** What was found of persons in the prompt; null where the policy has nothing looked for. */
  personal: PersonalPrompt | null;
  /** Null until there is a reply, and where the policy looks at none. */
  reply: ReplyGate | null;
}

/** @param effects of sanctions in force on whoever asks */
export function beginReview(context: ReviewContext | null, effects: Effects | null): Review | null {
  if (context === null) return null;
  const judged = effects?.friction ? { context: strictly(context), usual: context } : { context, usual: null };
  return { ...judged, prompt: null, asked: '', opening: '', personal: null, reply: null };
}

/** What the record of a request says of its review. */
export interface Reviewed {
  readonly verdict: EventVerdict;
  readonly categories: string | null;
  /** What moderation writes of it in the unit of the settlement. */
  readonly statements: readonly WriteStatement[];
  /** Of the prompt, and of the reply where there was one. */
  readonly verdicts: readonly Verdict[];
}

const NOBODY_LOOKS: Reviewed = { verdict: 'none', categories: null, statements: [], verdicts: [] };

/** Called once, when the request ends: what nobody looked at until then stays without a review, and reads so. */
export function reviewedOf({ review, call, key, draft }: Job): Reviewed {
  if (review === null) return NOBODY_LOOKS;
  const verdicts = verdictsOf(review);
  const labels = new Set(verdicts.flatMap(({ flagged }) => flagged.map(({ label }) => label)));
  const owner = {
    requestId: call.id,
    atMs: call.atMs,
    product: key.product,
    accountId: key.accountId,
    keyId: key.id,
    app: draft.app,
    model: draft.modelRequested,
  };
  return {
    verdict: gravest(verdicts.map(resultOf)) ?? 'unreviewed',
    categories: labels.size === 0 ? null : [...labels].sort().join(','),
    statements: recordStatements(owner, verdicts),
    verdicts,
  };
}

function verdictsOf({ prompt, reply, context }: Review): Verdict[] {
  return [prompt, reply?.verdict() ?? null]
    .filter((verdict) => verdict !== null)
    .map((verdict) => {
      const { stages, subject } = verdict;
      return stages.some(({ stage }) => stage === 'personal')
        ? verdict
        : withPersonal(verdict, subject, context.policy, null);
    });
}
