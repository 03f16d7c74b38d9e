import type { Comparison } from './compare.ts';

/** What we want to reach on two cores, with what one run measured. */
export interface Goal {
  readonly words: string;
  readonly measured: number;
  readonly unit: string;
  readonly met: boolean;
}

/** Those whose peers took part. */
export function goalsOf({ peers, plan }: Comparison): Goal[] {
  const { nginx, portkey, 'candor-t0': bare, 'candor-t2': whole, 'candor-t3': paid } = peers;
  const goals: Goal[] = [];
  const atMost = (words: string, measured: number, limit: number, unit: string): void => {
    goals.push({ words: `${words} at most ${limit}${unit}`, measured, unit, met: measured <= limit });
  };
  const atLeast = (words: string, measured: number, limit: number, unit: string): void => {
    goals.push({ words: `${words} at least ${limit}${unit}`, measured, unit, met: measured >= limit });
  };
  if (bare && nginx) {
    const times = bare.cpuMicrosPerRequest.median / nginx.cpuMicrosPerRequest.median;
    atMost('bare proxy: CPU per request over nginx', times, 3, ' times');
  }
  if (bare && portkey) {
    const times = portkey.cpuMicrosPerRequest.median / bare.cpuMicrosPerRequest.median;
    atLeast("bare proxy: Portkey's CPU per request over ours", times, 10, ' times');
  }
  if (whole) {
    atLeast('as it ships: requests a second', whole.requestsPerSecond.median, 4000, '');
    atMost(`as it ships: added p99 at ${plan.openRequestsPerSecond}/s`, whole.addedOpenP99Ms.median, 15, ' ms');
    atLeast('as it ships: live streams held', whole.streams.held, plan.streams, '');
    atMost('as it ships: p99 gap between the chunks of a stream', whole.streams.gapP99Ms.median, 150, ' ms');
  }
  if (paid) {
    atLeast('with credit held and settled: requests a second', paid.requestsPerSecond.median, 3000, '');
    atMost(
      `with credit held and settled: added p99 at ${plan.openRequestsPerSecond}/s`,
      paid.addedOpenP99Ms.median,
      15,
      ' ms',
    );
  }
  return goals;
}
