import type { GenerationRequest } from '../../providers/index.ts';
import type { Surface } from '../surface.ts';
import { answerRefused } from './answer-refused.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import type { Draft } from './draft.ts';
import { failJob } from './failure.ts';
import type { Intake, Job, Keep } from './job.ts';
import { judge } from './judge.ts';
import { prepare } from './prepare.ts';
import { refuseCall } from './refuse.ts';
import { repeat } from './repeat.ts';
import { promptTextOf } from './prompt-text.ts';
import { redactPrompt } from './redact-prompt.ts';
import { relayStream } from './relay-stream.ts';
import { relayWhole } from './relay-whole.ts';
import { reviewPrompt, type Stopped, withPreamble } from './review-prompt.ts';
import { watchCaller } from './watch-caller.ts';

export interface ParsedGeneration<Extra> {
  readonly request: GenerationRequest;
  readonly extra: Extra;
}

/** A wire format for text: its way in, and its way out. */
export interface GenerationFlow<Extra> {
  readonly intake: Intake<ParsedGeneration<Extra>>;
  readonly surface: Surface<Extra>;
  /** How the answer to such a request is kept; undefined when it is not. */
  keep?(extra: Extra): Keep<Extra> | undefined;
}

/**
 * One request for text, from bytes to record. `prepare` is the way in: authenticate, read, parse, resolve, admit, open.
 * Then the prompt is looked at and the rules are asked, before an upstream hears of it. The relays ask the upstream and answer. Whatever happens, exactly one usage event is made durable.
 */
export async function runGeneration<Extra>(
  call: Call,
  draft: Draft,
  flow: GenerationFlow<Extra>,
  deps: PipelineDeps,
): Promise<Response> {
  const prepared = await prepare(call, draft, flow.intake, deps);
  if (!prepared.ok) return refuseCall(call, draft, prepared.refusal, flow.intake, deps);
  if ('repeated' in prepared.value) return repeat(call, draft, prepared.value.repeated, flow.intake, deps);
  const { job, parsed } = prepared.value;
  const { extra } = parsed;
  watchCaller(job, deps);
  const redacted = await redactPrompt(job, parsed.request, deps);
  const reviewed = await reviewPrompt(job, (withSystem) => promptTextOf(redacted, withSystem), deps);
  if (!reviewed.ok) return endUnasked(job, reviewed.refusal, extra, flow, deps);
  const judged = judge(job, deps);
  if (judged) return failJob(job, judged, null, flow.surface, deps);
  const request = withPreamble(withinModel(redacted, job), reviewed.value);
  const relay = job.ask.streamed ? relayStream : relayWhole;
  return relay(job, request, extra, flow.surface, flow.keep?.(extra), deps);
}

/** What the rules do not let go on is answered here; what nobody could look at is an error. */
function endUnasked<Extra>(
  job: Job,
  stopped: Stopped,
  extra: Extra,
  { surface }: GenerationFlow<Extra>,
  deps: PipelineDeps,
): Promise<Response> {
  return stopped.kind === 'answered'
    ? answerRefused(job, stopped.ended, extra, surface, deps)
    : failJob(job, stopped.refusal, stopped.error, surface, deps);
}

/** Nobody gets more output than the model is allowed to give, whether they ask for it or leave the limit open. */
function withinModel(request: GenerationRequest, job: Job): GenerationRequest {
  const { maxOutputTokens, contextTokens } = job.model.config;
  if (maxOutputTokens === null) return request;
  if (request.maxOutputTokens !== undefined) {
    return request.maxOutputTokens <= maxOutputTokens ? request : { ...request, maxOutputTokens };
  }
  // A limit nobody asked for must not be what makes an upstream refuse: it leaves room for the input.
  const room = contextTokens === null ? maxOutputTokens : Math.max(1, contextTokens - job.ask.inputTokens);
  return { ...request, maxOutputTokens: Math.min(maxOutputTokens, room) };
}
