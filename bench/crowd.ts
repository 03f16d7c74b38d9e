/** `npm run bench -- crowd`: what a crowd that signs in or up at once costs those who ask models meanwhile. */
import { mkdirSync } from 'node:fs';
import type { CrowdJob, CrowdResult } from './load/crowd.ts';
import type { LoadResult, OpenJob } from './load/job.ts';
import { describeMachine } from './machine.ts';
import { proveAnswers, requestFor } from './measure.ts';
import { candorStarter } from './peers/candor.ts';
import { startUpstream } from './peers/direct.ts';
import type { Peer } from './peers/peer.ts';
import { ROOT, runDriver } from './processes.ts';

const MODEL = 'mock';
const PEOPLE = 5_000;
const REQUESTS_PER_SECOND = 200;
const WARMUP_MS = 2_000;
const SETTLE_MS = 500;
/** Of what it is when nobody comes. */
const GOAL_RATIO = 1.2;

/** Prints one row for each round; true when the 99th hundredth stayed within the goal in the median of the rounds. */
export async function benchCrowd(rounds: number, durationMs: number): Promise<boolean> {
  const machine = describeMachine(ROOT);
  console.log(`${machine.processor}, ${machine.cores} cores, commit ${machine.commit}, load ${machine.loadBefore}`);
  console.log(
    `${REQUESTS_PER_SECOND} requests a second to a model, ${PEOPLE} people at the door; milliseconds p50 / p99\n`,
  );
  const workDir = `${ROOT}bench/.work`;
  mkdirSync(`${workDir}/logs`, { recursive: true });
  const upstream = await startUpstream(workDir);
  try {
    const portal = { enabled: true, mail_outbox: true };
    const start = candorStarter('t2', [MODEL], {
      folder: 'candor-crowd',
      sections: { portal },
      trustedProxies: ['127.0.0.0/8'],
    });
    const server = await start({ upstreamPort: upstream.port, workDir });
    try {
      await proveAnswers(server, MODEL);
      const quiet = await rows(server, rounds, durationMs, null);
      const signIns = await rows(server, rounds, durationMs, 'sign-in');
      const signUps = await rows(server, rounds, durationMs, 'sign-up');
      const ratios = [signIns, signUps].map((busy) => median(busy) / median(quiet));
      console.log(`\np99 beside that of quiet: sign-ins ${ratios[0]?.toFixed(2)}, sign-ups ${ratios[1]?.toFixed(2)}`);
      return ratios.every((ratio) => ratio <= GOAL_RATIO);
    } finally {
      await server.stop();
    }
  } finally {
    await upstream.stop();
  }
}

/** The p99 of each round. */
async function rows(
  server: Peer,
  rounds: number,
  durationMs: number,
  what: CrowdJob['what'] | null,
): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const crowd = what === null ? null : come(server, what, durationMs);
    if (crowd !== null) await Bun.sleep(SETTLE_MS);
    const { latency, lateness, errors, requests } = await measure(server, durationMs, round + 1);
    const result = await crowd;
    const told = result === null ? '' : `, ${result.served} served, answers ${JSON.stringify(result.statuses)}`;
    console.log(
      `${what ?? 'quiet'}: ${latency.p50Ms.toFixed(2)} / ${latency.p99Ms.toFixed(2)} (sent late by ${lateness?.p99Ms.toFixed(2)}, ${errors} errors of ${requests})${told}`,
    );
    found.push(latency.p99Ms);
  }
  return found;
}

async function come({ port }: Peer, what: CrowdJob['what'], durationMs: number): Promise<CrowdResult> {
  const job: CrowdJob = { port, what, people: PEOPLE, durationMs: durationMs + WARMUP_MS };
  return JSON.parse(await runDriver('load/crowd.ts', [JSON.stringify(job)])) as CrowdResult;
}

async function measure(server: Peer, durationMs: number, seed: number): Promise<LoadResult> {
  const job: OpenJob = {
    mode: 'open',
    port: server.port,
    request: requestFor(server, MODEL, false),
    warmupMs: WARMUP_MS,
    durationMs,
    watch: { server: server.pid },
    requestsPerSecond: REQUESTS_PER_SECOND,
    seed,
  };
  return JSON.parse(await runDriver('load.ts', [JSON.stringify(job)])) as LoadResult;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
