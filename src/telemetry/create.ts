import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { describeError, kindOfError } from './log/describe-error.ts';
import { createLogger, type Logger, type LogLevel } from './log/logger.ts';
import { createRepeatCap } from './log/repeat-cap.ts';
import { exposeMetrics, type SampledFamily } from './metrics/exposition.ts';
import { type GaugeSources, sampleGauges } from './metrics/gauges.ts';
import { createMoneyMetrics } from './metrics/money-metrics.ts';
import { createLabelNames } from './metrics/names.ts';
import { type Build, createDelayWindow, sampleProcess } from './metrics/process.ts';
import { createRequestMetrics } from './metrics/request-metrics.ts';
import { createCounter } from './metrics/series.ts';
import type { Fetch } from './otlp/client.ts';
import { createOtlp, type Otlp, type OtlpTiming } from './otlp/otlp.ts';
import type { AttemptSummary, RequestSummary, Telemetry } from './telemetry.ts';

/** Telemetry as the process that owns it sees it; everybody else gets the `Telemetry` in it. */
export interface RunningTelemetry extends Telemetry {
  /** Everything counted so far and every gauge as it is now, in Prometheus' text format, version 0.0.4. */
  metricsText(): Promise<string>;
  /** Adds what can be asked at a scrape; a source given again replaces the earlier one. */
  addGauges(sources: Partial<GaugeSources>): void;
  /** Says what was left out of the log, sends what waits for the collector (at most 3 s) and stops the timers. */
  close(): Promise<void>;
}

export interface TelemetryOptions {
  readonly config: Pick<Config, 'telemetry' | 'models' | 'providers'>;
  /** Takes one whole line of the log, its end included. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  readonly build: Build;
  /** Names this boot to the collector. */
  readonly epoch: string;
  /** One JSON object per line, or short lines for a person. */
  readonly format: 'json' | 'text';
  /** The level of the line each request leaves: `info` for a person, else `debug`, since thousands a second are metrics. */
  readonly accessLevel?: LogLevel;
  readonly fetch?: Fetch;
  readonly otlpTiming?: Partial<OtlpTiming>;
}

const SAMPLE_MS = 50;
/** 10 s of samples of the event loop's delay. */
const SAMPLES = 200;
const CLOSE_MS = 3_000;
const WHERES_MAX = 100;

export function createTelemetry(options: TelemetryOptions): RunningTelemetry {
  const { config, clock, build } = options;
  const log = createLogger({
    write: options.write,
    clock,
    level: config.telemetry.logLevel,
    accessLevel: options.accessLevel ?? (options.format === 'text' ? 'info' : 'debug'),
    format: options.format,
  });
  const journal = createJournal(log, clock);
  const names = createLabelNames(config);
  const requests = createRequestMetrics(names);
  const money = createMoneyMetrics(names);
  const otlp = createOtlpWhenAsked(options, journal);
  const startedAtMs = clock.wallMs() - process.uptime() * 1_000;
  const loop = watchLoop(clock, journal.sweep);
  let sources: Partial<GaugeSources> = {};

  return {
    requestEnded: guard('count a request', journal, (request: RequestSummary, traceparent: string | null = null) => {
      requests.noteRequest(request);
      money.noteRequest(request);
      otlp?.noteRequest(request, traceparent);
      log.access(request);
    }),
    attemptEnded: guard('count an attempt', journal, (attempt: AttemptSummary) => {
      requests.noteAttempt(attempt);
      otlp?.noteAttempt(attempt);
    }),
    fault: journal.fault,
    notice: journal.notice,
    async metricsText() {
      return exposeMetrics([
        ...requests.families,
        ...money.families,
        journal.faults,
        ...sampleGauges(sources, (error) => journal.fault('read a gauge', error)),
        ...sampleProcess(build, startedAtMs, loop.delays),
        ...(otlp ? sampleOtlp(otlp) : []),
      ]);
    },
    addGauges(more) {
      sources = { ...sources, ...more };
    },
    async close() {
      loop.stop();
      await otlp?.close(CLOSE_MS);
      journal.sweep(true);
    },
  };
}

/** What goes to the log and is not one line per request: faults and notices, with those that repeat held back. */
function createJournal(log: Logger, clock: Clock) {
  const cap = createRepeatCap(clock);
  const faults = createCounter(
    { name: 'candor_faults_total', help: 'Unforeseen errors by what was being done.', labels: ['where'] },
    WHERES_MAX,
  );
  const fault: Telemetry['fault'] = (where, error, requestId) => {
    faults.at(where).value++;
    const leftOut = cap.admit(`${where}: ${kindOfError(error)}`);
    if (leftOut === null) return;
    log.log('error', `failed to ${where}`, {
      request_id: requestId,
      error: describeError(error),
      left_out: leftOut === 0 ? undefined : leftOut,
    });
  };
  const notice: Telemetry['notice'] = (level, message, fields = {}) => {
    if (!log.isOn(level)) return;
    const leftOut = cap.admit(`${level}: ${message}`);
    if (leftOut !== null) log.log(level, message, { ...fields, left_out: leftOut === 0 ? undefined : leftOut });
  };
  function sweep(everything = false): void {
    for (const { kind, count } of cap.takeLeftOut(everything)) {
      log.log('warn', 'repeated lines were left out', { kind, left_out: count });
    }
  }
  return { faults, fault, notice, sweep };
}

type Journal = ReturnType<typeof createJournal>;

function createOtlpWhenAsked(options: TelemetryOptions, journal: Journal): Otlp | null {
  const { config, clock, build } = options;
  if (config.telemetry.otlp === null) return null;
  const mayTell = createRepeatCap(clock, 1);
  return createOtlp({
    settings: config.telemetry.otlp,
    providers: config.providers,
    names: createLabelNames(config),
    resource: { serviceName: 'candor', version: build.version, instanceId: options.epoch },
    clock,
    fetch: options.fetch ?? fetch,
    onFailure(why) {
      const before = mayTell.admit('collector');
      if (before === null) return;
      journal.notice('warn', 'The OpenTelemetry collector takes no data', { why, failures_not_told: before });
    },
    ...(options.otlpTiming ? { timing: options.otlpTiming } : {}),
  });
}

function sampleOtlp(otlp: Otlp): readonly SampledFamily[] {
  const counter = (name: string, help: string, value: number): SampledFamily => ({
    type: 'counter',
    info: { name, help, labels: [] },
    samples: [{ labels: [], value }],
  });
  return [
    counter('candor_otlp_spans_dropped_total', 'Spans that were never sent.', otlp.spansDropped()),
    counter('candor_otlp_failures_total', 'Deliveries to the collector that failed.', otlp.failures()),
  ];
}

/** One timer: how late it fires is how late everything fires. Every `SAMPLES` ticks it also runs `sweep`. */
function watchLoop(clock: Clock, sweep: () => void) {
  const delays = createDelayWindow(SAMPLES);
  let ticks = 0;
  let lastMs = clock.monoMs();
  const timer = setInterval(() => {
    const nowMs = clock.monoMs();
    delays.note(nowMs - lastMs - SAMPLE_MS);
    lastMs = nowMs;
    ticks++;
    if (ticks % SAMPLES === 0) sweep();
  }, SAMPLE_MS);
  timer.unref();
  return { delays, stop: () => clearInterval(timer) };
}

/** Counting must never be what breaks a request. */
function guard<Noted extends unknown[]>(
  what: string,
  journal: Journal,
  note: (...noted: Noted) => void,
): (...noted: Noted) => void {
  return (...noted) => {
    try {
      note(...noted);
    } catch (error) {
      journal.fault(what, error);
    }
  };
}
