import { type EmbeddingRequest, type Embeddings, estimateEmbeddingTokens } from '../../providers/index.ts';
import { wholeAnswer } from '../answer.ts';
import { chatSurface } from '../openai/chat/surface.ts';
import { type EmbeddingsExtra, encodeEmbeddings, parseEmbeddings } from '../openai/embeddings.ts';
import { MODERATION_HEADER, noticeHeader } from '../moderation-notice.ts';
import { askUpstream } from './attempt.ts';
import { promptOnly } from './charge.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import type { Draft } from './draft.ts';
import { explainError, explainNoTarget } from './explain.ts';
import { failJob } from './failure.ts';
import type { Ask, Intake, Job } from './job.ts';
import { judge } from './judge.ts';
import { embeddingTextOf } from './prompt-text.ts';
import { prepare } from './prepare.ts';
import { redactInputs } from './redact-prompt.ts';
import { errorAnswer, refuseCall } from './refuse.ts';
import { repeat } from './repeat.ts';
import { settle } from './settle.ts';
import { reviewPrompt, type Stopped } from './review-prompt.ts';
import { watchCaller } from './watch-caller.ts';

interface ParsedEmbeddings {
  readonly request: EmbeddingRequest;
  readonly extra: EmbeddingsExtra;
}

const intake: Intake<ParsedEmbeddings> = {
  scope: 'inference',
  parse: (body) => parseEmbeddings(body),
  ask: ({ request }) => askOfEmbeddings(request),
  encodeError: chatSurface.encodeError,
};

/** One request for embeddings, from bytes to record. */
export async function runEmbeddings(call: Call, draft: Draft, deps: PipelineDeps): Promise<Response> {
  const prepared = await prepare(call, draft, intake, deps);
  if (!prepared.ok) return refuseCall(call, draft, prepared.refusal, intake, deps);
  if ('repeated' in prepared.value) return repeat(call, draft, prepared.value.repeated, intake, deps);
  const { job, parsed } = prepared.value;
  watchCaller(job, deps);
  const request = await redactInputs(job, parsed.request, deps);
  const reviewed = await reviewPrompt(job, () => embeddingTextOf(request), deps);
  if (!reviewed.ok) return refuseJob(job, reviewed.refusal, deps);
  const judged = judge(job, deps);
  return judged ? failJob(job, judged, null, intake, deps) : relay(job, { ...parsed, request }, deps);
}

/** Nothing is generated that could say no, so it is said as an error. */
function refuseJob(job: Job, stopped: Stopped, deps: PipelineDeps): Promise<Response> {
  if (stopped.kind === 'failed') return failJob(job, stopped.refusal, stopped.error, intake, deps);
  job.headers[MODERATION_HEADER] = noticeHeader(stopped.ended.notice);
  return failJob(job, stopped.ended.refusal, null, intake, deps);
}

async function relay(job: Job, { request, extra }: ParsedEmbeddings, deps: PipelineDeps): Promise<Response> {
  const { alias } = job.model;
  let embeddings: Embeddings;
  try {
    const routed = await askUpstream(job, deps, (target, attempt) => target.provider.embed(request, attempt));
    if (!routed.ok) {
      return await failJob(job, explainNoTarget(routed.refusal, alias), routed.refusal.fault, intake, deps);
    }
    embeddings = routed.value.value;
    routed.value.lease.succeed(null);
  } catch (error) {
    return failJob(job, explainError(error, alias), error, intake, deps);
  }
  job.draft.modelServed = embeddings.upstreamModel ?? job.draft.modelServed;
  // Some servers write zero where they did not count.
  const counted = (embeddings.inputTokens ?? 0) > 0;
  const usage = promptOnly(counted ? (embeddings.inputTokens ?? 0) : job.ask.inputTokens);
  const usageSource = counted ? 'reported' : 'estimated';
  const body = encodeEmbeddings(embeddings, usage.inputTokens, job.context, extra);
  job.claim?.keep('application/json', JSON.stringify(body));
  try {
    await settle(job, { outcome: 'completed', reason: null, status: 200, usage, usageSource }, deps);
  } catch (error) {
    deps.telemetry.fault('record embeddings', error, job.call.id);
    return errorAnswer(job.call, explainError(error, alias), job.headers, intake);
  }
  return wholeAnswer(body, job.headers);
}

function askOfEmbeddings(request: EmbeddingRequest): Ask {
  return {
    model: request.model,
    streamed: false,
    endUser: request.endUser ?? null,
    systemText: '',
    toolNames: [],
    needs: [{ ability: 'embeddings', param: 'model' }],
    serviceTier: null,
    images: 0,
    inputTokens: estimateEmbeddingTokens(request),
    output: null,
  };
}
