import type { Label, Verdict } from '../../moderation/index.ts';
import { SEVERITIES } from '../conduct.ts';
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
const RANKS = { 1: 1, 2: 2, 3: 3, terminal: 4 } as const;

/**
 * What a request speaks for: at most one signal, the gravest, because one request is one chance. A dry run says nothing,
 * neither do personal data and a person in need.
 */
export function signalOf(review: EndedReview, parts: ReviewParts): NotedSignal | null {
  const found = gravestFlag(review.verdicts);
  if (found === null) return null;
  const { verdict, label, score, at } = found;
  const agreed = modelsAbove(verdict, label, at) > 1;
  const most = verdict.subject === 'reply' ? REPLY_MAX : agreed ? MOST : ALONE_MAX;
  return {
    category: label,
    agreed: agreed && verdict.subject === 'prompt',
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

function gravestFlag(verdicts: readonly Verdict[]) {
  const flags = verdicts
    .filter(({ dryRun }) => !dryRun)
    .flatMap((verdict) =>
      verdict.flagged.flatMap(({ label, score, at }) => {
        const conduct = label === 'personal' ? null : CONDUCT_OF_LABEL[label];
        return label === 'personal' || conduct === null ? [] : [{ verdict, label, score, at, conduct }];
      }),
    );
  // Of two as grave, what the person wrote comes before what a model answered.
  flags.sort((a, b) => RANKS[SEVERITIES[b.conduct]] - RANKS[SEVERITIES[a.conduct]] || b.score - a.score);
  return flags[0] ?? null;
}

function modelsAbove(verdict: Verdict, label: Label, at: number): number {
  let above = 0;
  for (const stage of verdict.stages) {
    if (stage.stage !== 'ngram' && stage.stage !== 'encoder') continue;
    if ('scores' in stage && stage.scores !== null && stage.scores[label] >= at) above++;
  }
  return above;
}
