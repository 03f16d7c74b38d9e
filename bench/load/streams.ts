import { sharedNowMs } from '../shared-clock.ts';
import { SENT_DIGITS, SENT_MARK } from '../upstream/answers.ts';
import { Connection } from './connection.ts';
import { Histogram } from './histogram.ts';
import type { StreamsJob, StreamsResult } from './job.ts';
import { Watch } from './watch.ts';

const MARK = Buffer.from(SENT_MARK);

/** Opens streams at a steady rate, holds them for the time of the job, and looks at how evenly their content arrives. */
export async function runStreams(job: StreamsJob): Promise<StreamsResult> {
  const run = new StreamsRun(job);
  await run.ramp();
  await Bun.sleep(job.warmupMs);
  const watch = Watch.start(job.watch);
  run.measuring = true;
  await Bun.sleep(job.durationMs);
  run.measuring = false;
  const usage = watch.stop();
  const held = run.live;
  run.drop();
  return {
    held,
    errors: run.errors,
    elapsedMs: usage.elapsedMs,
    firstByte: run.firstByte.summary(),
    gap: run.gap.summary(),
    delivery: run.delivery.summary(),
    chunks: run.delivery.summary().count,
    usage,
  };
}

class StreamsRun {
  readonly firstByte = new Histogram();
  readonly gap = new Histogram();
  readonly delivery = new Histogram();
  measuring = false;
  live = 0;
  errors = 0;
  readonly #job: StreamsJob;
  readonly #request: Buffer;
  readonly #connections: Connection[] = [];
  #dropping = false;

  constructor(job: StreamsJob) {
    this.#job = job;
    this.#request = Buffer.from(job.request, 'latin1');
  }

  async ramp(): Promise<void> {
    const startMs = performance.now();
    for (let opened = 0; opened < this.#job.streams; opened += 1) {
      const dueMs = startMs + (opened * 1000) / this.#job.rampPerSecond;
      const waitMs = dueMs - performance.now();
      if (waitMs >= 1) await Bun.sleep(waitMs);
      void this.#start();
    }
  }

  drop(): void {
    this.#dropping = true;
    for (const connection of this.#connections) connection.abort();
  }

  async #start(): Promise<void> {
    const sentMs = performance.now();
    let lastMs = 0;
    let started = false;
    const opened = await Connection.open(this.#job.port, {
      body: (bytes, connection) => {
        const nowMs = performance.now();
        if (!started && connection.status === 200) {
          started = true;
          this.live += 1;
          this.firstByte.record(nowMs - sentMs);
        }
        if (!this.measuring) {
          lastMs = nowMs;
          return;
        }
        if (this.#readMarks(bytes)) {
          this.gap.record(nowMs - lastMs);
          lastMs = nowMs;
        }
      },
      done: (connection) => connection.abort(),
      closed: () => this.#ended(started),
    });
    this.#connections.push(opened);
    opened.send(this.#request);
  }

  /** No stream is meant to end before it is dropped, so each that does is an error. */
  #ended(started: boolean): void {
    if (this.#dropping) return;
    if (started) this.live -= 1;
    this.errors += 1;
  }

  /** Whether the bytes carried content; records how old each chunk in them is. */
  #readMarks(bytes: Buffer): boolean {
    let at = bytes.indexOf(MARK);
    if (at < 0) return false;
    const nowMs = sharedNowMs();
    for (; at >= 0; at = bytes.indexOf(MARK, at + MARK.length)) {
      const from = at + MARK.length;
      if (from + SENT_DIGITS > bytes.length) break;
      const sentMicros = Number(bytes.toString('latin1', from, from + SENT_DIGITS));
      this.delivery.record(nowMs - sentMicros / 1000);
    }
    return true;
  }
}
