import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import { isThisMachine, portalToTry } from '../../config/portal.ts';
import { formatProblems } from '../../config/problem.ts';
import type { Provider } from '../../providers/index.ts';
import { lockFolder, prepareFolder } from '../../storage/sql/folder.ts';
import { type App, compose } from '../compose.ts';
import type { DemoRequest } from '../contract.ts';
import { type Output, serve } from '../serve.ts';
import { DEMO_APPS } from './apps.ts';
import { arrivalsOf } from './arrivals.ts';
import { type DemoCall, scanOf } from './calls.ts';
import { createCast } from './cast.ts';
import { answerTo, callBy, type DayDeps, type Happening, passDay } from './day.ts';
import { createDayClock } from './day-clock.ts';
import { DEMO_PASSWORD } from './joining.ts';
import { startLiveTraffic } from './live.ts';
import { FOUNDER_EMAIL } from './newcomers.ts';
import { createSeeded } from './seeded.ts';
import { type AskControl, type ReadyCaller, setUp } from './setup.ts';
import { createStory } from './story.ts';
import { createDemoUpstream, type UpstreamDeps, type UpstreamTraits } from './upstream.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The day, and the one before it to compare it with. */
const DAYS = 2;
/** Keys tried by somebody who has none. */
const SCANS = 300;
const CONFIG_FILE = join(import.meta.dirname, 'candor.yaml');

/** What became of made-up days. */
export interface FilledDays {
  readonly callers: readonly ReadyCaller[];
  /** Those of them who begin to make trouble while somebody watches. */
  readonly sleepers: readonly ReadyCaller[];
  /** People who signed up at the portal. */
  readonly newcomers: number;
  readonly requests: number;
  /** The app that really sent each request, by its id; null for strangers. */
  readonly truth: ReadonlyMap<string, string | null>;
}

/** Serves a made-up service until stopped: two days of traffic behind it, and more coming in. */
export async function demo(request: DemoRequest, output: Output): Promise<number> {
  const { dataDir, seed, times } = request;
  const config = demoConfig(dataDir, request.env);
  const isAlone = isThisMachine(config.server.host);
  emptyFolder(dataDir);
  const started = systemClock.monoMs();
  const say = (line: string) => request.json || output.stdout(line);
  say(`  making up two days of traffic (seed ${seed}), which takes most of a minute:`);
  const past = await fillDays({
    config,
    seed,
    days: DAYS,
    times,
    nowMs: systemClock.wallMs(),
    version: output.version,
    onShare: tellTenths((percent) => say(` ${percent} %`)),
  });
  const took = ((systemClock.monoMs() - started) / 1_000).toFixed(0);
  say(
    `\n  ${past.requests} requests of ${past.callers.length} callers, and ${past.newcomers} who signed up, in ${took} s\n`,
  );
  if (isAlone) say(`  sign in to the portal as ${FOUNDER_EMAIL} with the password: ${DEMO_PASSWORD}\n`);
  const seeded = createSeeded(seed + 1);
  const wait = (ms: number, signal: AbortSignal) => sleep(ms, signal);
  const providers = await demoProviders(
    { seeded, wallMs: systemClock.wallMs, wait },
    livelyHours(systemClock.wallMs()),
  );
  const served = isAlone ? { ...config, portal: portalToTry(config.portal) } : config;
  const serving = { config: served, configFile: CONFIG_FILE, usualDataDir: dataDir, dev: false, json: request.json };
  return serve(serving, {
    ...output,
    providers,
    onServing({ url }) {
      const traffic = startLiveTraffic(past.callers, past.sleepers, { url, seeded, nowMs: systemClock.wallMs });
      return () => traffic.stop();
    },
  });
}

/** Begins anew, unless another process lives on the folder: then it throws `StorageStartError` and changes nothing. */
function emptyFolder(dataDir: string): void {
  prepareFolder(dataDir);
  lockFolder(dataDir).release();
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Says each tenth once, with its per cent. */
function tellTenths(say: (percent: number) => void): (share: number) => void {
  let told = 0;
  return (share) => {
    const tenths = Math.floor(share * 10);
    if (tenths <= told) return;
    told = tenths;
    say(tenths * 10);
  };
}

export function demoConfig(dataDir: string, env: DemoRequest['env']): Config {
  const loaded = loadConfig({ configFile: CONFIG_FILE, env: { ...env, CANDOR_DATA: dataDir }, cwd: dataDir });
  if (!loaded.ok) throw new Error(formatProblems(loaded.refusal));
  return loaded.value;
}

/** Lets the days up to now happen to an empty data folder, through the service itself. */
export async function fillDays(options: {
  readonly config: Config;
  readonly seed: number;
  readonly days: number;
  /** Times the usual number of requests. */
  readonly times: number;
  readonly nowMs: number;
  readonly version: string;
  /** Called again and again with the share that is done, 0 to 1. */
  readonly onShare?: (share: number) => void;
}): Promise<FilledDays> {
  const { config, seed, days, times, nowMs } = options;
  const startMs = nowMs - days * DAY_MS;
  const seeded = createSeeded(seed);
  const clock = createDayClock(startMs);
  const wait = async (ms: number) => clock.pass(ms);
  const providers = await demoProviders({ seeded, wallMs: clock.wallMs, wait }, badHours(nowMs - DAY_MS));
  const app = await compose({
    config: { ...config, portal: portalToTry(config.portal) },
    clock,
    random: systemRandom,
    version: options.version,
    // What goes wrong in the day is part of it, and stands in the record.
    writeLog: () => undefined,
    readableLogs: false,
    onFatal(fault) {
      throw fault;
    },
    providers,
    watched: false,
  });
  try {
    const ask = askControl(app);
    const settled = await setUp(createCast(DEMO_APPS, seeded), ask);
    const truth = new Map<string, string | null>();
    const onAnswer = (id: string, call: DemoCall) => {
      truth.set(id, call.app?.id ?? null);
      options.onShare?.((clock.wallMs() - startMs) / (nowMs - startMs));
    };
    const deps: DayDeps = { app, clock, seeded, onAnswer };
    const story = await createStory({ ...deps, app, ask, startMs, endMs: nowMs });
    for (let dayMs = startMs; dayMs < nowMs; dayMs += DAY_MS) {
      const calls = arrivalsOf(settled, dayMs, seeded, times).map(({ atMs, who }) => ({
        atMs,
        whose: who,
        run: () => callBy(who, deps),
      }));
      await passDay([...calls, ...scansOf(dayMs, deps, times), ...story.happeningsOf(dayMs)], clock);
    }
    clock.set(nowMs);
    await app.gateway.drain(0);
    return {
      callers: [...settled, ...story.callers()],
      sleepers: story.sleepers(),
      newcomers: story.newcomers,
      requests: truth.size,
      truth,
    };
  } finally {
    await app.close();
  }
}

/** Somebody tried keys for a quarter of an hour, eleven hours ago. */
function scansOf(startMs: number, deps: DayDeps, times: number): Happening[] {
  const beganMs = startMs + 13 * HOUR_MS;
  const scans = Math.ceil(SCANS * times);
  return Array.from({ length: scans }, () => ({
    atMs: beganMs + deps.seeded.int(0, HOUR_MS / 4),
    whose: 'scanner',
    async run() {
      await answerTo(scanOf(deps.seeded), deps);
    },
  }));
}

function askControl(app: Pick<App, 'control'>): AskControl {
  return async function ask(path, body, method = 'POST') {
    const init = method === 'GET' ? { method } : { method, body: JSON.stringify(body) };
    const request = new Request(`http://control${path}`, init);
    const answer = await app.control.fetch(request);
    const read: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(read)}`);
    return read;
  };
}

/** The share of an upstream's requests that fail at this moment. */
type Failing = (provider: string, wallMs: number) => number;

/** `south` was down for the most of an hour, nine hours ago. */
function badHours(startMs: number): Failing {
  return (provider, wallMs) => {
    const hour = (wallMs - startMs) / HOUR_MS;
    return provider === 'south' && hour > 14.6 && hour < 15.4 ? 0.85 : 0.003;
  };
}

/** From the fourth minute on, `south` fails for two minutes of every ten. */
function livelyHours(startMs: number): Failing {
  return (provider, wallMs) => {
    const minute = ((wallMs - startMs) / 60_000) % 10;
    return provider === 'south' && minute > 4 && minute < 6 ? 0.7 : 0.003;
  };
}

const TRAITS = {
  north: { firstTokenMs: 240, tokensPerSecond: 140 },
  south: { firstTokenMs: 620, tokensPerSecond: 65 },
  harbour: { firstTokenMs: 380, tokensPerSecond: 90 },
} as const;

async function demoProviders(deps: UpstreamDeps, failing: Failing): Promise<Map<string, Provider>> {
  const providers = new Map<string, Provider>();
  for (const [name, pace] of Object.entries(TRAITS)) {
    const traits: UpstreamTraits = { ...pace, failing: (wallMs) => failing(name, wallMs) };
    providers.set(name, await createDemoUpstream(traits, deps));
  }
  return providers;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      signal.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
