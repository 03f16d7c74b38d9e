import type { Attempt, ProviderAbilities } from '../../providers/index.ts';
import { ProviderFault } from '../../providers/index.ts';
import type { Result } from '../../base/result.ts';
import { failPoint } from '../../runtime/fail-point.ts';
import type { NoTarget, Routed } from '../routing/router.ts';
import type { Target } from '../routing/target.ts';
import type { PipelineDeps } from './deps.ts';
import { mayHaveCost } from './explain.ts';
import type { Job } from './job.ts';
import { noticePolicyBlock } from './upstream-notice.ts';

/** Asks the model's targets, best first, until one begins to answer; notes on the way who was asked and when. */
export function askUpstream<Value>(
  job: Job,
  deps: PipelineDeps,
  ask: (target: Target, attempt: Attempt) => Promise<Value>,
): Promise<Result<Routed<Value>, NoTarget>> {
  const needs: readonly (keyof ProviderAbilities)[] = job.ask.needs.map((need) => need.ability);
  return deps.router.route(job.model, needs, async (target) => {
    const { draft } = job;
    // Ended while it waited: what was never sent is nobody's to pay.
    job.live.signal.throwIfAborted();
    const startMs = deps.clock.monoMs();
    draft.queueMs ??= startMs - job.call.startMs;
    draft.attempts++;
    draft.provider = target.providerName;
    draft.target = target.name;
    draft.modelServed = target.upstreamModel;
    job.asked = target.quoted;
    try {
      failPoint('upstream:before_send');
      const value = await ask(target, attemptAt(target, job, deps));
      failPoint('upstream:first_byte');
      noteAttempt(job, target, 'ok', startMs, deps);
      return value;
    } catch (error) {
      if (!(error instanceof ProviderFault)) job.mayHaveCost = true;
      else {
        job.asked = null;
        if (mayHaveCost(error)) noteLoss(job, target);
      }
      noteAttempt(job, target, error instanceof ProviderFault ? error.kind : 'abandoned', startMs, deps);
      if (error instanceof ProviderFault) tellOperator(job, target, error, deps);
      noticePolicyBlock(job, target, error, deps);
      throw error;
    }
  });
}

const ADVICE: Partial<Record<ProviderFault['kind'], string>> = {
  connect: 'see whether its base_url is right and answers',
  credential: 'see whether its key is right and its account may be charged',
  rate_limited: 'ask it for a higher limit, or add a target',
  garbage: 'see whether its base_url is that of its API',
};

/** A line in the log about an upstream that failed; the same one a few times a minute at most. A caller's mistake is none. */
export function tellOperator(job: Job, target: Target, fault: ProviderFault, deps: PipelineDeps): void {
  if (fault.kind === 'rejected') return;
  deps.telemetry.notice('warn', `upstream ${target.name} failed: ${fault.kind}`, {
    provider: target.providerName,
    what: fault.message,
    request_id: job.call.id,
    ...(fault.status === undefined ? {} : { status: fault.status }),
    ...(ADVICE[fault.kind] === undefined ? {} : { advice: ADVICE[fault.kind] ?? '' }),
  });
}

function noteLoss(job: Job, target: Target): void {
  job.mayHaveCost = true;
  job.lost.push(target.quoted);
}

function attemptAt(target: Target, job: Job, deps: PipelineDeps): Attempt {
  const { key, draft } = job;
  return {
    upstreamModel: target.upstreamModel,
    passFields: target.passFields,
    timeouts: target.timeouts,
    signal: job.live.signal,
    requestId: job.call.id,
    ...(target.provider.identifies && { safetyIdentifier: deps.identifiers.of(key.accountId, draft.endUser) }),
  };
}

function noteAttempt(job: Job, target: Target, outcome: string, startMs: number, deps: PipelineDeps): void {
  const durationMs = deps.clock.monoMs() - startMs;
  deps.telemetry.attemptEnded({
    requestId: job.call.id,
    provider: target.providerName,
    target: target.name,
    upstreamModel: target.upstreamModel,
    outcome,
    atMs: deps.clock.wallMs() - durationMs,
    durationMs,
  });
}
