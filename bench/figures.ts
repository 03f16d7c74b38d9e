import type { LoadResult, StreamsResult } from './load/job.ts';
import type { AnswerSample } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

/** What was measured of one peer, raw. */
export interface PeerSamples {
  readonly answers: readonly AnswerSample[];
  readonly streams: readonly StreamsResult[];
  readonly residentBytesAtStart: number;
}

/** What is reported of one peer. Times are milliseconds unless named otherwise. */
export interface PeerFigures {
  readonly label: string;
  readonly version: string;
  /** Of the server's process tree, with as many requests as will go and at the fixed rate. */
  readonly cpuMicrosPerRequest: Spread;
  readonly cpuMicrosPerRequestAtRate: Spread;
  readonly requestsPerSecond: Spread;
  /** Share of one core the server used at the most requests; well under 1 means that the driver's core was the limit. */
  readonly coreBusy: Spread;
  readonly maxP99Ms: Spread;
  readonly singleP50Ms: Spread;
  readonly singleP99Ms: Spread;
  readonly openP50Ms: Spread;
  readonly openP99Ms: Spread;
  readonly latenessP99Ms: Spread;
  /** Over what the mock takes by itself in the same repeat. */
  readonly addedSingleP50Ms: Spread;
  readonly addedSingleP99Ms: Spread;
  readonly addedOpenP50Ms: Spread;
  readonly addedOpenP99Ms: Spread;
  readonly errors: number;
  readonly voided: number;
  readonly streams: StreamFigures;
  readonly residentMib: { readonly start: number; readonly afterAnswers: number; readonly withStreams: number };
}

interface StreamFigures {
  /** The fewest of any repeat. */
  readonly held: number;
  readonly errors: number;
  readonly gapP50Ms: Spread;
  readonly gapP99Ms: Spread;
  readonly gapMaxMs: Spread;
  readonly deliveryP50Ms: Spread;
  readonly deliveryP99Ms: Spread;
  readonly firstByteP99Ms: Spread;
  readonly cpuMicrosPerChunk: Spread;
  readonly chunksPerSecond: Spread;
  readonly coreBusy: Spread;
}

/** `direct` are the mock's own answers, repeat by repeat. */
export function figuresOf(
  peer: { readonly label: string; readonly version: string },
  samples: PeerSamples,
  direct: readonly AnswerSample[],
): PeerFigures {
  const { answers, streams } = samples;
  const each = (read: (sample: AnswerSample) => number): Spread => spreadOf(answers.map(read));
  const added = (read: (sample: AnswerSample) => number): Spread =>
    spreadOf(answers.map((sample, round) => read(sample) - read(direct[round] ?? sample)));
  return {
    label: peer.label,
    version: peer.version,
    cpuMicrosPerRequest: each((sample) => cpuMicros(sample.max)),
    cpuMicrosPerRequestAtRate: each((sample) => cpuMicros(sample.open)),
    requestsPerSecond: each((sample) => (sample.max.requests * 1000) / sample.max.elapsedMs),
    coreBusy: each((sample) => busy(sample.max)),
    maxP99Ms: each((sample) => sample.max.latency.p99Ms),
    singleP50Ms: each((sample) => sample.single.latency.p50Ms),
    singleP99Ms: each((sample) => sample.single.latency.p99Ms),
    openP50Ms: each((sample) => sample.open.latency.p50Ms),
    openP99Ms: each((sample) => sample.open.latency.p99Ms),
    latenessP99Ms: each((sample) => sample.open.lateness?.p99Ms ?? 0),
    addedSingleP50Ms: added((sample) => sample.single.latency.p50Ms),
    addedSingleP99Ms: added((sample) => sample.single.latency.p99Ms),
    addedOpenP50Ms: added((sample) => sample.open.latency.p50Ms),
    addedOpenP99Ms: added((sample) => sample.open.latency.p99Ms),
    errors: sum(answers.map((sample) => sample.single.errors + sample.open.errors + sample.max.errors)),
    voided: sum(answers.map((sample) => sample.voided)),
    streams: streamFigures(streams),
    residentMib: {
      start: mib(samples.residentBytesAtStart),
      afterAnswers: mib(Math.max(...answers.map((sample) => sample.max.usage.residentBytes['server'] ?? 0))),
      withStreams: mib(Math.max(...streams.map((sample) => sample.usage.residentBytes['server'] ?? 0))),
    },
  };
}

function streamFigures(streams: readonly StreamsResult[]): StreamFigures {
  const each = (read: (sample: StreamsResult) => number): Spread => spreadOf(streams.map(read));
  return {
    held: Math.min(...streams.map((sample) => sample.held)),
    errors: sum(streams.map((sample) => sample.errors)),
    gapP50Ms: each((sample) => sample.gap.p50Ms),
    gapP99Ms: each((sample) => sample.gap.p99Ms),
    gapMaxMs: each((sample) => sample.gap.maxMs),
    deliveryP50Ms: each((sample) => sample.delivery.p50Ms),
    deliveryP99Ms: each((sample) => sample.delivery.p99Ms),
    firstByteP99Ms: each((sample) => sample.firstByte.p99Ms),
    cpuMicrosPerChunk: each((sample) => ((sample.usage.cpuMs['server'] ?? 0) * 1000) / Math.max(1, sample.chunks)),
    chunksPerSecond: each((sample) => (sample.chunks * 1000) / sample.elapsedMs),
    coreBusy: each(busy),
  };
}

function cpuMicros(result: LoadResult): number {
  return ((result.usage.cpuMs['server'] ?? 0) * 1000) / Math.max(1, result.requests);
}

function busy(result: LoadResult | StreamsResult): number {
  return (result.usage.cpuMs['server'] ?? 0) / result.usage.elapsedMs;
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
