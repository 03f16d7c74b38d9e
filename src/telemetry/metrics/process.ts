import type { SampledFamily } from './exposition.ts';
import { gauge } from './gauges.ts';

export interface Build {
  readonly version: string;
  /** Name and version of what runs it, such as `bun 1.4.4`. */
  readonly runtime: string;
}

/** How late the event loop ran what was due, over the latest samples. */
export interface DelayWindow {
  note(delayMs: number): void;
  /** Milliseconds; 99 of 100 samples are at most this. Null before the first sample. */
  p99Ms(): number | null;
}

/** Keeps the latest `size` samples. */
export function createDelayWindow(size: number): DelayWindow {
  const ring = new Float64Array(size);
  let noted = 0;
  return {
    note(delayMs) {
      ring[noted % size] = Math.max(0, delayMs);
      noted++;
    },
    p99Ms() {
      const sorted = ring.slice(0, Math.min(noted, size)).sort();
      return sorted.length === 0 ? null : (sorted[Math.ceil(sorted.length * 0.99) - 1] ?? null);
    },
  };
}

export function sampleProcess(build: Build, startedAtMs: number, loopDelay: DelayWindow): readonly SampledFamily[] {
  const cpu = process.cpuUsage();
  const delayMs = loopDelay.p99Ms();
  return [
    ...(delayMs === null
      ? []
      : [
          gauge(
            'candor_event_loop_delay_p99_seconds',
            'How late the event loop ran what was due, 99th percentile of the last 10 s.',
            delayMs / 1_000,
          ),
        ]),
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When the process started, seconds since 1970 UTC.', startedAtMs / 1_000),
    {
      type: 'counter',
      info: { name: 'process_cpu_seconds_total', help: 'Processor time used, user and system.', labels: [] },
      samples: [{ labels: [], value: (cpu.user + cpu.system) / 1e6 }],
    },
    {
      type: 'gauge',
      info: {
        name: 'candor_build_info',
        help: 'Always 1; what runs is in the labels.',
        labels: ['version', 'runtime'],
      },
      samples: [{ labels: [build.version, build.runtime], value: 1 }],
    },
  ];
}
