import {
  collect,
  estimateTokens,
  type GenerationEvent,
  type GenerationRequest,
  ProviderFault,
  type Usage,
} from '../../providers/index.ts';
import type { Verdict } from '../../moderation/index.ts';
import { streamEnds } from '../../runtime/listener.ts';
import { EVENT_STREAM, streamAnswer } from '../answer.ts';
import type { Lease, Target } from '../routing/target.ts';
import { streamBody } from '../streaming/body.ts';
import { createFeed, type CutReply, type Feed, type StreamEnd } from '../streaming/feed.ts';
import { createReplay } from '../streaming/replay.ts';
import { createTally, type Tally } from '../streaming/tally.ts';
import type { Surface } from '../surface.ts';
import { askUpstream, tellOperator } from './attempt.ts';
import type { PipelineDeps } from './deps.ts';
import { addPaidFor, affordMore, inPieces } from './extend.ts';
import { explainError, explainNoTarget } from './explain.ts';
import { failJob, outcomeOf } from './failure.ts';
import type { Job, Keep } from './job.ts';
import { eventsOfCut, noticeOf, openGate, type ReplyCut, replyCut } from './review-reply.ts';
import { settle } from './settle.ts';
import { noticePolicyBlock } from './upstream-notice.ts';
import { type OwnCount, usageOfPart, usageOfWhole } from './usage.ts';

/** Output is reserved in pieces of this many tokens once an answer outgrows its forecast. */
const EXTEND_TOKENS = 256;
/** The record of progress a crash falls back on is at most this many tokens or milliseconds old. */
const PROGRESS_TOKENS = 256;
const PROGRESS_MS = 2_000;

interface Opened {
  readonly source: AsyncIterator<readonly GenerationEvent[]>;
  readonly first: readonly GenerationEvent[];
}

/** Asks for a stream, waits for its first output, and from then on relays it as the caller reads. */
export async function relayStream<Extra>(
  job: Job,
  request: GenerationRequest,
  extra: Extra,
  surface: Surface<Extra>,
  keep: Keep<Extra> | undefined,
  deps: PipelineDeps,
): Promise<Response> {
  const { alias } = job.model;
  try {
    const encoder = surface.createStream(job.context, extra);
    const routed = await askUpstream(job, deps, (target, attempt) => open(target.provider.stream(request, attempt)));
    if (!routed.ok) {
      return await failJob(job, explainNoTarget(routed.refusal, alias), routed.refusal.fault, surface, deps);
    }
    const { value: opened, target, lease } = routed.value;
    job.draft.firstTokenMs = deps.clock.monoMs() - job.call.startMs;
    const course = followStream(job, target, lease, { extra, keep, format: request.responseFormat }, deps);
    const feed = createFeed({
      live: job.live,
      ...opened,
      encoder,
      pacer: deps.pacer,
      ...course,
    });
    return streamAnswer(readable(job, feed, deps), job.headers);
  } catch (error) {
    return failJob(job, explainError(error, alias), error, surface, deps);
  }
}

/** Reads until there is something to send: up to then another target may be tried, and an error has its own status. */
async function open(stream: AsyncIterable<readonly GenerationEvent[]>): Promise<Opened> {
  const source = stream[Symbol.asyncIterator]();
  const first: GenerationEvent[] = [];
  for (;;) {
    const batch = await source.next();
    if (batch.done) break;
    first.push(...batch.value);
    if (batch.value.some((event) => event.type !== 'start' && event.type !== 'usage')) break;
  }
  return { source, first };
}

/** What a stream is, beyond its events. */
interface Followed<Extra> {
  readonly extra: Extra;
  readonly keep: Keep<Extra> | undefined;
  readonly format: GenerationRequest['responseFormat'];
}

/** What happens beside the relaying: counting, reserving, noting progress, and at the end the record. */
function followStream<Extra>(
  job: Job,
  target: Target,
  lease: Lease,
  { extra, keep, format }: Followed<Extra>,
  deps: PipelineDeps,
) {
  const tally = createTally(estimateTokens);
  const kept: GenerationEvent[] = [];
  const note = createProgress(job, deps);
  let cause: unknown = null;
  const gate = openGate(job, format, deps);
  let cut: ReplyCut | null = null;
  return {
    observe(events: readonly GenerationEvent[]): number {
      const taken = addPaidFor(events, tally, job.bill);
      for (const event of events) {
        if (event.type === 'start' && event.upstreamModel !== undefined) job.draft.modelServed = event.upstreamModel;
      }
      note(tally.outputEstimate());
      return taken;
    },
    gate,
    cutBy(verdict: Verdict): CutReply {
      cut = replyCut(job, verdict);
      return { events: eventsOfCut(cut, gate?.unfinished() ?? []), refusal: cut.refusal, asError: cut.said === null };
    },
    sent(events: readonly GenerationEvent[]): void {
      if (keep) kept.push(...events);
      job.transcript?.see(events);
    },
    notice: () => cut?.said?.notice ?? noticeOf(job),
    pieces: (events: readonly GenerationEvent[]) => inPieces(events, job.bill),
    afford: () => affordMore(job, tally.outputEstimate(), deps),
    explain(error: unknown) {
      cause = error;
      const refused = explainError(error, job.model.alias);
      if (refused.reason === 'internal') deps.telemetry.fault('relay a stream', error, job.call.id);
      return refused;
    },
    async settle(end: StreamEnd, last: (usage: Usage) => string): Promise<string> {
      void forgetReplay(job, deps);
      if (end.whole) lease.succeed(job.draft.firstTokenMs);
      else if (cause instanceof ProviderFault) {
        lease.fail(cause);
        tellOperator(job, target, cause, deps);
        noticePolicyBlock(job, target, cause, deps);
      } else lease.abandon();
      const own = ownCount(job, target, tally);
      const count = end.whole ? usageOfWhole : usageOfPart;
      const { usage, source } = await count(tally.reported(), own, deps.countTokens);
      try {
        if (end.whole && keep) await keep(job, extra, collect(kept), usage);
      } catch (error) {
        const { reason } = explainError(error, job.model.alias);
        await settle(job, { outcome: 'failed', reason, status: 200, usage, usageSource: source }, deps);
        throw error;
      }
      const outcome = end.whole ? ('completed' as const) : outcomeOf(end.refusal);
      const reason = end.whole ? null : end.refusal.reason;
      const frames = last(usage);
      if (end.whole) job.claim?.keep(EVENT_STREAM, frames);
      await settle(job, { outcome, reason, status: 200, usage, usageSource: source }, deps);
      return frames;
    },
  };
}

function createProgress(job: Job, deps: PipelineDeps): (outputTokens: number) => void {
  let notedTokens = 0;
  let notedMs = deps.clock.monoMs();
  return function note(outputTokens) {
    if (outputTokens > job.reservedOutput - EXTEND_TOKENS / 2) {
      job.reservedOutput += EXTEND_TOKENS;
      job.permit.extend(EXTEND_TOKENS);
    }
    const now = deps.clock.monoMs();
    if (outputTokens - notedTokens < PROGRESS_TOKENS && now - notedMs < PROGRESS_MS) return;
    notedTokens = outputTokens;
    notedMs = now;
    deps.books.progress(job.call.id, outputTokens);
  };
}

function ownCount(job: Job, target: Target, tally: Tally): OwnCount {
  return {
    upstreamModel: target.upstreamModel,
    inputEstimate: job.ask.inputTokens,
    outputLimit: job.bill.outputLimit,
    choices: job.ask.output?.choices ?? 1,
    outputEstimate: () => tally.outputEstimate(),
    outputText: () => tally.text(),
  };
}

/**
 * The answer's body. Where the product allows a grace time, the reader may close the socket and come back; with an
 * `Idempotency-Key` it is read to its end for whoever asks again.
 */
function readable(job: Job, feed: Feed, deps: PipelineDeps): ReadableStream<Uint8Array> {
  const { live } = job;
  const onEnd = () => streamEnds(job.call.request);
  const { claim } = job;
  if (claim) {
    const readOn = () => claim.readOn();
    return streamBody({ live, feed: claim.share(feed), stalls: deps.stalls, onStall: readOn, onGone: readOn, onEnd });
  }
  const graceMs = graceOf(job, deps);
  if (graceMs === 0) {
    return streamBody({
      live,
      feed,
      stalls: deps.stalls,
      onStall: () => live.cut('reader_stalled'),
      onGone: () => live.cut('client_gone'),
      onEnd,
    });
  }
  const { bufferBytesMax } = deps.config.streaming;
  const replay = createReplay(live, feed, bufferBytesMax, deps.sleep);
  deps.replays.add(replay);
  const detach = () => replay.detach(graceMs, () => live.cut('client_gone'));
  return streamBody({ live, feed: replay.live, stalls: deps.stalls, onStall: detach, onGone: detach, onEnd });
}

/** A reader may come back for the end of its answer for as long as it might have come back for the middle. */
async function forgetReplay(job: Job, deps: PipelineDeps): Promise<void> {
  const graceMs = graceOf(job, deps);
  if (graceMs === 0) return;
  deps.replays.retire(job.live.id);
  await deps.sleep(graceMs);
  deps.replays.remove(job.live.id);
}

function graceOf(job: Job, deps: PipelineDeps): number {
  return deps.config.products[job.key.product]?.disconnectGraceMs ?? 0;
}
