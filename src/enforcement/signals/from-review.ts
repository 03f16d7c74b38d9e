import type { Label, PolicyAction, Verdict } from '../../moderation/index.ts';
import { type Conduct, SEVERITIES } from '../conduct.ts';
import { CONDUCT_OF_LABEL } from '../conduct-of-label.ts';
import type { EndedReview } from '../path.ts';
import type { Signal } from '../signal.ts';
import { type Digests, languageOf } from './digests.ts';

/** A signal with what its row keeps besides. */
export interface NotedSignal {
  readonly signal: Signal;
  /** The label of moderation it comes of; null where it is no text that was looked at. */
  readonly category: Label | null;
  /** Both of our own models are above the policy's threshold by themselves. */
  readonly agreed: boolean;
}

export interface ReviewParts {
  readonly mintId: (prefix: string) => string;
  readonly digests: Digests;
  readonly cleanBefore: number;
}

const DAY_MS = 86_400_000;
const FRESH_MS = 180 * DAY_MS;
/** What one model says alone, and what a model was found to say and not the person, is never sure by itself. */
const ALONE_MAX = 0.9;
const REPLY_MAX = 0.7;
const LEAST = 0.01;
const MOST = 0.99;
/** Actions whose finding is in the answer. */
const TOLD: ReadonlySet<PolicyAction> = new Set(['annotate', 'ask_second', 'hold', 'refuse', 'cut']);
const RANKS = { 1: 1, 2: 2, 3: 3, terminal: 4 } as const;

/**
 * What a request speaks for: the gravest flag; and where that one is in doubt, before it the gravest that both models see in
 * the prompt, so that what is sure is not hidden by what is not. Two of one request are one chance. What the policy only
 * notes, or answers with care, is held against nobody: they were told nothing. A dry run says nothing, neither do personal
 * data and a person in need.
 */
export function signalsOf(review: EndedReview, parts: ReviewParts): readonly NotedSignal[] {
  const flags = flagsOf(review.verdicts);
  const [gravest] = flags;
  if (gravest === undefined) return [];
  const sure = flags.find(isAgreed);
  const isHidden = sure !== undefined && rankOf(sure) < rankOf(gravest);
  return (isHidden ? [sure, gravest] : [gravest]).map((flag) => signalOf(flag, review, parts));
}

function signalOf(found: Flagged, review: EndedReview, parts: ReviewParts): NotedSignal {
  const { verdict, label, score, at } = found;
  const agreed = modelsAbove(verdict, label, at) > 1;
  const most = verdict.subject === 'reply' ? REPLY_MAX : agreed ? MOST : ALONE_MAX;
  return {
    category: label,
    agreed: isAgreed(found),
    signal: {
      id: parts.mintId('sig'),
      atMs: review.atMs,
      source: 'moderation',
      sourceVersion: verdict.policy,
      owner: review.owner,
      requestId: review.requestId,
      conduct: found.conduct,
      confidence: Math.min(most, Math.max(LEAST, score)),
      conversation: parts.digests.conversationOf(review.owner, review.opening),
      template: parts.digests.templateOf(review.asked),
      language: languageOf(review.asked),
      cleanBefore: parts.cleanBefore,
      freshUntilMs: review.atMs + FRESH_MS,
    },
  };
}

interface Flagged {
  readonly verdict: Verdict;
  readonly label: Label;
  readonly score: number;
  readonly at: number;
  readonly conduct: Conduct;
}

/** The gravest first; of those as grave, what both models see in the prompt, then what the person wrote, then the surest. */
function flagsOf(verdicts: readonly Verdict[]): Flagged[] {
  const flags = verdicts
    .filter(({ dryRun }) => !dryRun)
    .flatMap((verdict) =>
      verdict.flagged.flatMap(({ label, score, at, action }) => {
        const conduct = label === 'personal' ? null : CONDUCT_OF_LABEL[label];
        const isHeld = label !== 'personal' && conduct !== null && TOLD.has(action);
        return isHeld ? [{ verdict, label, score, at, conduct }] : [];
      }),
    );
  return flags.sort((a, b) => rankOf(b) - rankOf(a) || certaintyOf(b) - certaintyOf(a) || b.score - a.score);
}

function rankOf({ conduct }: Flagged): number {
  return RANKS[SEVERITIES[conduct]];
}

function certaintyOf(flag: Flagged): number {
  return isAgreed(flag) ? 2 : flag.verdict.subject === 'prompt' ? 1 : 0;
}

/** Both of our own models see it, in what the person wrote. */
function isAgreed({ verdict, label, at }: Flagged): boolean {
  return verdict.subject === 'prompt' && modelsAbove(verdict, label, at) > 1;
}

function modelsAbove(verdict: Verdict, label: Label, at: number): number {
  let above = 0;
  for (const stage of verdict.stages) {
    if (stage.stage !== 'ngram' && stage.stage !== 'encoder') continue;
    if ('scores' in stage && stage.scores !== null && stage.scores[label] >= at) above++;
  }
  return above;
}
