import type { GenerationRequest } from '../../providers/index.ts';
import type { Surface } from '../surface.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import type { Draft } from './draft.ts';
import type { Intake, Job, Keep } from './job.ts';
import { prepare } from './prepare.ts';
import { refuseCall } from './refuse.ts';
import { repeat } from './repeat.ts';
import { relayStream } from './relay-stream.ts';
import { relayWhole } from './relay-whole.ts';
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
 * The relays ask the upstream and answer. Whatever happens, exactly one usage event is made durable.
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
  const relay = job.ask.streamed ? relayStream : relayWhole;
  watchCaller(job, deps);
  return relay(job, withinModel(parsed.request, job), parsed.extra, flow.surface, flow.keep?.(parsed.extra), deps);
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
