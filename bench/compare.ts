import { mkdirSync, writeFileSync } from 'node:fs';
import { readTree } from './cpu.ts';
import { figuresOf, type PeerFigures } from './figures.ts';
import type { StreamsResult } from './load/job.ts';
import { describeMachine, type Machine } from './machine.ts';
import { type AnswerSample, measureAnswers, measureStreams, proveAnswers, warmUp } from './measure.ts';
import { startBun } from './peers/bun.ts';
import { candorStarter } from './peers/candor.ts';
import { startUpstream } from './peers/direct.ts';
import { startNginx } from './peers/nginx.ts';
import type { Peer, PeerName, Site, StartPeer } from './peers/peer.ts';
import { startPortkey } from './peers/portkey.ts';
import { modelsOf, type Plan } from './plan.ts';
import { ROOT } from './processes.ts';

/** Everything one run found, as it is written to `bench/results`. */
export interface Comparison {
  readonly at: string;
  readonly machine: Machine;
  readonly plan: Plan;
  readonly peers: Readonly<Partial<Record<PeerName, PeerFigures>>>;
  /** Peers that could not be had, and why. */
  readonly absent: Readonly<Record<string, string>>;
}

interface Entry {
  readonly peer: Peer;
  readonly answers: AnswerSample[];
  readonly streams: StreamsResult[];
  readonly residentBytesAtStart: number;
}

function startersOf(plan: Plan): Readonly<Partial<Record<PeerName, StartPeer>>> {
  const models = Object.values(modelsOf(plan));
  return {
    nginx: startNginx,
    bun: startBun,
    portkey: startPortkey,
    'candor-t0': candorStarter('t0', models),
    'candor-t1': candorStarter('t1', models),
    'candor-t2': candorStarter('t2', models),
    'candor-t3': candorStarter('t3', models),
  };
}

/** Starts the peers, measures them in turn, and stops them again, also when something fails. */
export async function compare(plan: Plan, names: readonly PeerName[]): Promise<Comparison> {
  const workDir = `${ROOT}bench/.work`;
  mkdirSync(`${workDir}/logs`, { recursive: true });
  const machine = describeMachine(ROOT);
  const absent: Record<string, string> = {};
  const starters = startersOf(plan);
  const upstream = await startUpstream(workDir);
  const entries = [entryOf(upstream)];
  try {
    for (const name of names) {
      const start = starters[name];
      if (start === undefined) continue;
      try {
        const peer = await started(start, { upstreamPort: upstream.port, workDir }, modelsOf(plan).answer);
        entries.push(entryOf(peer));
      } catch (fault) {
        absent[name] = fault instanceof Error ? fault.message : String(fault);
      }
    }
    await measureAll(entries, upstream, plan);
  } finally {
    for (const { peer } of entries.toReversed()) await peer.stop();
  }
  const direct = entries[0]?.answers ?? [];
  const peers = Object.fromEntries(entries.map((entry) => [entry.peer.name, figuresOf(entry.peer, entry, direct)]));
  return { at: new Date().toISOString(), machine, plan, peers, absent };
}

/** A peer that is up and answers; one that does not is stopped and its fault thrown. */
async function started(start: StartPeer, site: Site, model: string): Promise<Peer> {
  const peer = await start(site);
  try {
    await proveAnswers(peer, model);
  } catch (fault) {
    await peer.stop();
    throw fault;
  }
  return peer;
}

/** Writes a full run under its date and as the latest; a quick one where git does not look. */
export function keep(comparison: Comparison): void {
  const text = `${JSON.stringify(comparison, null, 2)}\n`;
  if (comparison.plan.name === 'quick') return writeFileSync(`${ROOT}bench/.work/quick.json`, text);
  const folder = `${ROOT}bench/results`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${comparison.at.slice(0, 10)}.json`, text);
  writeFileSync(`${folder}/latest.json`, text);
}

async function measureAll(entries: readonly Entry[], upstream: Peer, plan: Plan): Promise<void> {
  for (const { peer } of entries) await warmUp(peer, plan);
  for (let round = 0; round < plan.repeats; round += 1) {
    for (const entry of turned(entries, round)) {
      console.log(`bench: answers ${round + 1}/${plan.repeats}, ${entry.peer.name}`);
      entry.answers.push(await measureAnswers(entry.peer, upstream, plan, round));
    }
  }
  for (let round = 0; round < plan.streamRepeats; round += 1) {
    for (const entry of turned(entries, round)) {
      console.log(`bench: ${plan.streams} streams ${round + 1}/${plan.streamRepeats}, ${entry.peer.name}`);
      entry.streams.push(await measureStreams(entry.peer, upstream, plan));
      // The next peer starts when the streams of this one are gone from the mock.
      await Bun.sleep(2 * plan.settleMs);
    }
  }
}

/** Another peer goes first each time, so that no place in the order is anybody's own. */
function turned<T>(entries: readonly T[], by: number): readonly T[] {
  const at = by % entries.length;
  return [...entries.slice(at), ...entries.slice(0, at)];
}

function entryOf(peer: Peer): Entry {
  return { peer, answers: [], streams: [], residentBytesAtStart: readTree(peer.pid).residentBytes };
}
