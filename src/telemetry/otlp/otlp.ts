import type { Clock } from '../../base/clock.ts';
import type { Config } from '../../config/config.ts';
import type { LabelNames } from '../metrics/names.ts';
import type { AttemptSummary, RequestSummary } from '../telemetry.ts';
import { createOtlpClient, type Delivery, type Fetch } from './client.ts';
import { encodeMetrics, encodeSpans, type Resource, type Span } from './encode.ts';
import { createGenAiMetrics, type GenAiMetrics } from './gen-ai-metrics.ts';
import { createDropOldestQueue, type DropOldestQueue } from './queue.ts';
import { attemptSpan, createProviderNames, isSampled, linkOf, requestSpan } from './spans.ts';

/** Sends spans and metrics to a collector, in the background: noting costs a queue's place and never waits. */
export interface Otlp {
  noteRequest(request: RequestSummary, traceparent: string | null): void;
  noteAttempt(attempt: AttemptSummary): void;
  /** Spans that were never sent: pushed out by newer ones, or refused by the collector. */
  spansDropped(): number;
  failures(): number;
  /** Sends what is left, for at most `withinMs`. */
  close(withinMs: number): Promise<void>;
}

export interface OtlpOptions {
  readonly settings: NonNullable<Config['telemetry']['otlp']>;
  readonly providers: Config['providers'];
  readonly names: LabelNames;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** Told of each failed delivery; saying it no more often than it helps is up to the listener. */
  readonly onFailure: (why: string) => void;
  readonly timing?: Partial<OtlpTiming>;
}

export interface OtlpTiming {
  /** Between two looks at the queue. */
  readonly flushMs: number;
  /** Between two reports of the metrics. */
  readonly metricsMs: number;
  /** A delivery may take this long. */
  readonly timeoutMs: number;
  /** After failures, the longest pause before the next try. */
  readonly pauseMsMax: number;
}

const TIMING: OtlpTiming = { flushMs: 1_000, metricsMs: 60_000, timeoutMs: 10_000, pauseMsMax: 30_000 };
/** Spans that wait at most, about 1 KB each. */
const SPANS_MAX = 8_192;
/** Encoding one delivery holds up the event loop for about a millisecond. */
const SPANS_PER_DELIVERY = 256;

/** What happened, until a span is made of it when it is sent. */
type Noted = { readonly request: RequestSummary; readonly link: Span['link'] } | { readonly attempt: AttemptSummary };

export function createOtlp(options: OtlpOptions): Otlp {
  const { settings, names } = options;
  const timing = { ...TIMING, ...options.timing };
  const providers = createProviderNames(options.providers);
  const genAi = createGenAiMetrics(names, providers);
  const queue = createDropOldestQueue<Noted>(SPANS_MAX);
  const toSpan = (noted: Noted): Span =>
    'request' in noted
      ? requestSpan(noted.request, noted.link, names, providers)
      : attemptSpan(noted.attempt, providers);
  const sender = createSender(options, timing, queue, toSpan, genAi);
  let sending: Promise<void> | null = null;

  function start(work: () => Promise<void>): Promise<void> {
    sending ??= work().finally(() => {
      sending = null;
    });
    return sending;
  }
  const timer = setInterval(() => {
    if (sending === null && sender.isDue()) void start(sender.sendDue);
  }, timing.flushMs);
  timer.unref();

  return {
    noteRequest(request, traceparent) {
      genAi.noteRequest(request);
      if (isSampled(request.id, settings.sampleRatio)) queue.add({ request, link: linkOf(traceparent) });
    },
    noteAttempt(attempt) {
      if (isSampled(attempt.requestId, settings.sampleRatio)) queue.add({ attempt });
    },
    spansDropped: () => queue.dropped() + sender.refused(),
    failures: () => sender.failures(),
    async close(withinMs) {
      clearInterval(timer);
      await within(
        Promise.resolve(sending).then(() => start(sender.sendAll)),
        withinMs,
      );
      sender.stop();
    },
  };
}

/** Delivers what waits, a pause after each failure, so that a dead collector costs one connection now and then. */
function createSender(
  options: OtlpOptions,
  timing: OtlpTiming,
  queue: DropOldestQueue<Noted>,
  toSpan: (noted: Noted) => Span,
  genAi: GenAiMetrics,
) {
  const { clock, resource } = options;
  const stopping = new AbortController();
  const client = createOtlpClient(options.settings, options.fetch, timing.timeoutMs, stopping.signal);
  const startedAtMs = clock.wallMs();
  let refused = 0;
  let failures = 0;
  let failuresInRow = 0;
  let nextTryMs = 0;
  let nextMetricsMs = clock.monoMs() + timing.metricsMs;

  function heed(delivery: Delivery): void {
    if (delivery.ok) {
      failuresInRow = 0;
      return;
    }
    failures++;
    failuresInRow++;
    nextTryMs = clock.monoMs() + Math.min(timing.pauseMsMax, timing.flushMs * 2 ** Math.min(failuresInRow, 10));
    options.onFailure(delivery.why);
  }
  /** Whether it went well and there may be more. */
  async function sendSpans(): Promise<boolean> {
    const { items, upTo } = queue.peek(SPANS_PER_DELIVERY);
    if (items.length === 0) return false;
    const delivery = await client.send('/v1/traces', encodeSpans(items.map(toSpan), resource));
    heed(delivery);
    if (!delivery.ok && delivery.retry) return false;
    if (!delivery.ok) refused += items.length;
    queue.remove(upTo);
    return delivery.ok;
  }
  async function sendAllSpans(): Promise<void> {
    let more = true;
    while (more) more = await sendSpans();
  }
  async function sendMetrics(): Promise<void> {
    const nowMs = clock.monoMs();
    if (nowMs < nextTryMs || genAi.isEmpty()) return;
    nextMetricsMs = nowMs + timing.metricsMs;
    heed(await client.send('/v1/metrics', encodeMetrics(genAi.histograms, resource, startedAtMs, clock.wallMs())));
  }
  return {
    isDue() {
      const nowMs = clock.monoMs();
      return nowMs >= nextTryMs && (queue.size() > 0 || nowMs >= nextMetricsMs);
    },
    async sendDue() {
      await sendAllSpans();
      if (clock.monoMs() >= nextMetricsMs) await sendMetrics();
    },
    async sendAll() {
      await sendAllSpans();
      await sendMetrics();
    },
    stop: () => stopping.abort(),
    refused: () => refused,
    failures: () => failures,
  };
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, end]);
  clearTimeout(timer);
}
