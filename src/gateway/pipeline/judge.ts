import type { Owner } from '../../enforcement/index.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';
import { unavailable } from './review-prompt.ts';

const REASONS = { refuse: 'rule_refused', hold: 'rule_held', throttle: 'rule_throttled' } as const;

/** Asks the rules about a request whose prompt was looked at, before an upstream hears of it; null where it may go on. */
export function judge(job: Job, deps: Pick<PipelineDeps, 'enforcement' | 'telemetry'>): Refusal | null {
  const { call, draft, ask } = job;
  if (deps.enforcement === null) return null;
  try {
    const verdict = deps.enforcement.judge({
      requestId: call.id,
      atMs: call.atMs,
      owner: ownerOf(job),
      endpoint: call.endpoint,
      model: ask.model,
      streamed: ask.streamed,
      inputTokens: ask.inputTokens,
      networkPrefix: draft.networkPrefix,
      clientClass: call.clientClass,
      prompt: job.review?.prompt ?? null,
    });
    if (verdict.action === 'allow') return null;
    const { text, retryAfterMs } = verdict;
    const more = retryAfterMs === null ? {} : { retryAfterMs };
    return refusal(REASONS[verdict.action], { text: text.en, text_zh: text.zh }, more);
  } catch (error) {
    // Rules that break are paused where they run; what breaks here is a bug, and nothing passes by it.
    deps.telemetry.fault('judge a request by the rules', error, call.id);
    return unavailable();
  }
}

/** Whose a request is, as its usage event will say. */
export function ownerOf({ key, draft }: Pick<Job, 'key' | 'draft'>): Owner {
  const { accountId, member, product } = key;
  return { accountId, keyId: key.id, app: draft.app, member, endUser: draft.endUser, product };
}
