import type { JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempt, GenerationRequest } from '../../providers/index.ts';
import { parseCountTokens } from '../anthropic/count-tokens.ts';
import { messagesSurface } from '../anthropic/surface.ts';
import { wholeAnswer } from '../answer.ts';
import { askOf } from '../pipeline/ask.ts';
import { askUpstream } from '../pipeline/attempt.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { explainError, explainNoTarget } from '../pipeline/explain.ts';
import { failJob } from '../pipeline/failure.ts';
import type { Intake, Job } from '../pipeline/job.ts';
import { prepare } from '../pipeline/prepare.ts';
import { errorAnswer, refuseCall } from '../pipeline/refuse.ts';
import { repeat } from '../pipeline/repeat.ts';
import { settle } from '../pipeline/settle.ts';
import { watchCaller } from '../pipeline/watch-caller.ts';
import type { Refusal } from '../refusal.ts';
import type { Target } from '../routing/target.ts';

const intake: Intake<GenerationRequest> = {
  scope: 'inference',
  parse: parseCountTokens,
  // Counting generates nothing, and a model that cannot take all of it can still be asked how much it is.
  ask: (request) => ({ ...askOf(request), needs: [], output: null }),
  encodeError: messagesSurface.encodeError,
};

/** `POST /v1/messages/count_tokens`: the upstream's own count where it offers one, else our estimate. */
export async function countMessageTokens(call: Call, draft: Draft, deps: PipelineDeps): Promise<Response> {
  const prepared = await prepare(call, draft, intake, deps);
  if (!prepared.ok) return refuseCall(call, draft, prepared.refusal, intake, deps);
  if ('repeated' in prepared.value) return repeat(call, draft, prepared.value.repeated, intake, deps);
  const { job, parsed } = prepared.value;
  watchCaller(job, deps);
  const counted = await count(job, parsed, deps);
  if (!counted.ok) return failJob(job, counted.refusal.refused, counted.refusal.error, intake, deps);
  const answer: JsonObject = { input_tokens: counted.value };
  try {
    await settle(job, { outcome: 'completed', reason: null, status: 200, usage: null, usageSource: 'none' }, deps);
  } catch (error) {
    deps.telemetry.fault('record a count', error, call.id);
    return errorAnswer(call, explainError(error, job.model.alias), job.headers, intake);
  }
  return wholeAnswer(answer, job.headers);
}

interface NotCounted {
  readonly refused: Refusal;
  readonly error: unknown;
}

async function count(job: Job, request: GenerationRequest, deps: PipelineDeps): Promise<Result<number, NotCounted>> {
  const { alias } = job.model;
  const estimate = job.ask.inputTokens;
  if (!job.model.tiers.flat().some((target) => target.provider.countTokens)) return ok(estimate);
  try {
    const routed = await askUpstream(job, deps, (target, attempt) => countAt(target, request, attempt, estimate));
    if (!routed.ok) {
      return refuse({ refused: explainNoTarget(routed.refusal, alias), error: routed.refusal.fault });
    }
    routed.value.lease.succeed(null);
    return ok(routed.value.value);
  } catch (error) {
    return refuse({ refused: explainError(error, alias), error });
  }
}

async function countAt(
  target: Target,
  request: GenerationRequest,
  attempt: Attempt,
  estimate: number,
): Promise<number> {
  return target.provider.countTokens ? target.provider.countTokens(request, attempt) : estimate;
}
