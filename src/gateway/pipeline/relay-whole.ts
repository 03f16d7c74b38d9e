import { estimateTokens, type Generation, type GenerationRequest } from '../../providers/index.ts';
import { wholeAnswer } from '../answer.ts';
import { outputTextOf } from '../streaming/tally.ts';
import type { Surface } from '../surface.ts';
import { askUpstream } from './attempt.ts';
import type { PipelineDeps } from './deps.ts';
import { explainError, explainNoTarget } from './explain.ts';
import { failJob } from './failure.ts';
import type { Job, Keep } from './job.ts';
import { errorAnswer } from './refuse.ts';
import { settle } from './settle.ts';
import { type OwnCount, usageOfWhole } from './usage.ts';

/** Asks for the whole answer, records it, and sends it: the body leaves only after its record is durable. */
export async function relayWhole<Extra>(
  job: Job,
  request: GenerationRequest,
  extra: Extra,
  surface: Surface<Extra>,
  keep: Keep<Extra> | undefined,
  deps: PipelineDeps,
): Promise<Response> {
  const { alias } = job.model;
  let answer: Generation;
  try {
    const routed = await askUpstream(job, deps, (target, attempt) => target.provider.complete(request, attempt));
    if (!routed.ok) {
      return await failJob(job, explainNoTarget(routed.refusal, alias), routed.refusal.fault, surface, deps);
    }
    answer = routed.value.value;
    const totalMs = deps.clock.monoMs() - job.call.startMs;
    routed.value.lease.succeed(totalMs);
    job.draft.firstTokenMs = totalMs;
  } catch (error) {
    return failJob(job, explainError(error, alias), error, surface, deps);
  }
  const { usage, source } = await usageOfWhole(answer.usage, ownCount(job, answer), deps.countTokens);
  job.draft.modelServed = answer.upstreamModel ?? job.draft.modelServed;
  const body = surface.encodeWhole(answer, usage, job.context, extra);
  try {
    await keep?.(job, extra, answer, usage);
    await settle(job, { outcome: 'completed', reason: null, status: 200, usage, usageSource: source }, deps);
  } catch (error) {
    deps.telemetry.fault('record an answer', error, job.call.id);
    return errorAnswer(job.call, explainError(error, alias), job.headers, surface);
  }
  return wholeAnswer(body, job.headers);
}

function ownCount(job: Job, answer: Generation): OwnCount {
  return {
    upstreamModel: job.draft.modelServed ?? '',
    inputEstimate: job.ask.inputTokens,
    outputEstimate: () => estimateTokens(outputTextOf(answer) ?? ''),
    outputText: () => outputTextOf(answer),
  };
}
