import type { PeerName } from './peers/peer.ts';

/** What one run of the bench measures and for how long. */
export interface Plan {
  readonly name: 'full' | 'quick';
  /** Every peer once per repeat, in turn, so that a noisy minute of the machine hits all of them. */
  readonly repeats: number;
  readonly warmupMs: number;
  /** Before each measurement, on top of the first warm-up. */
  readonly settleMs: number;
  /** One connection, one request at a time. */
  readonly singleMs: number;
  /** Fixed rate. */
  readonly openMs: number;
  readonly openRequestsPerSecond: number;
  /** As many requests as will go. */
  readonly maxMs: number;
  readonly maxConnections: number;
  readonly streams: number;
  readonly streamRepeats: number;
  readonly streamPeriodMs: number;
  readonly streamMs: number;
  readonly streamRampPerSecond: number;
}

export const FULL: Plan = {
  name: 'full',
  repeats: 3,
  warmupMs: 5000,
  settleMs: 500,
  singleMs: 3000,
  openMs: 8000,
  openRequestsPerSecond: 500,
  maxMs: 6000,
  maxConnections: 64,
  streams: 2000,
  streamRepeats: 2,
  streamPeriodMs: 100,
  streamMs: 10_000,
  streamRampPerSecond: 400,
};

export const QUICK: Plan = {
  ...FULL,
  name: 'quick',
  repeats: 1,
  warmupMs: 1000,
  settleMs: 200,
  singleMs: 600,
  openMs: 1200,
  maxMs: 1000,
  streamRepeats: 1,
  streams: 500,
  streamMs: 1500,
  streamRampPerSecond: 1000,
};

/** In the order of the table. */
export const PEERS: readonly PeerName[] = [
  'direct',
  'nginx',
  'bun',
  'portkey',
  'candor-t0',
  'candor-t1',
  'candor-t2',
  'candor-t3',
];

/** Model names that the mock reads its behaviour from; a gateway under measure has to let exactly these pass. */
export function modelsOf(plan: Plan): { readonly answer: string; readonly stream: string } {
  return { answer: 'mock', stream: streamModel(plan) };
}

/** Streams outlast the ramp and the measurement with a minute to spare. */
function streamModel(plan: Plan): string {
  const lastsMs = (plan.streams * 1000) / plan.streamRampPerSecond + plan.streamMs + 60_000;
  return `mock-${Math.ceil(lastsMs / plan.streamPeriodMs)}x${plan.streamPeriodMs}`;
}
