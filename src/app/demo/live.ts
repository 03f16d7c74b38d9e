import { arrivalsOf } from './arrivals.ts';
import { callOf, type DemoCall, sayOf, scanOf } from './calls.ts';
import type { Seeded } from './seeded.ts';
import type { ReadyCaller } from './setup.ts';
import { THREATS_EN } from './trouble-cast.ts';

export interface LiveTraffic {
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>;
}

/** Requests under way at once; what would be one more is left out. */
const AT_ONCE_MAX = 200;
const SCAN_EVERY_MS = 20_000;
/** Every few minutes somebody begins to threaten, one ask after the other, until they are through. */
const TROUBLE_FIRST_MS = 45_000;
const TROUBLE_EVERY_MS = 180_000;
const ASK_EVERY_MS = 6_000;
/** Denser than the days before, so that there is something to watch. */
const TIMES = 8;

/** Goes on calling the service from now on, as the callers would, over the network. */
export function startLiveTraffic(
  callers: readonly ReadyCaller[],
  sleepers: readonly ReadyCaller[],
  deps: { readonly url: string; readonly seeded: Seeded; readonly nowMs: () => number },
): LiveTraffic {
  const { url, seeded, nowMs } = deps;
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let coming = arrivalsOf(callers, nowMs(), seeded, TIMES)[Symbol.iterator]();

  function go(call: DemoCall): void {
    if (underWay.size >= AT_ONCE_MAX) return;
    const sent: Promise<void> = send(call, url, ending.signal).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  function next(): void {
    const arrival = coming.next();
    if (arrival.done === true) {
      coming = arrivalsOf(callers, nowMs(), seeded, TIMES)[Symbol.iterator]();
      timer = setTimeout(next, 1_000);
      return;
    }
    const { atMs, who } = arrival.value;
    timer = setTimeout(
      () => {
        go(callOf(who, seeded));
        next();
      },
      Math.max(0, atMs - nowMs()),
    );
  }
  next();
  const trouble = startTrouble(sleepers, (caller, text) =>
    go(sayOf(caller, { text, language: 'en', endUser: null }, seeded)),
  );
  const scans = setInterval(() => go(scanOf(seeded)), SCAN_EVERY_MS);
  return {
    async stop() {
      clearTimeout(timer);
      clearInterval(scans);
      trouble.stop();
      ending.abort();
      await Promise.all(underWay);
    },
  };
}

/** One of them after the other, and then the first again, who is stopped by now. */
function startTrouble(
  sleepers: readonly ReadyCaller[],
  say: (caller: ReadyCaller, text: string) => void,
): { stop(): void } {
  let asked = 0;
  let timer = setTimeout(next, TROUBLE_FIRST_MS);
  function next(): void {
    const caller = sleepers[Math.floor(asked / THREATS_EN.length) % Math.max(1, sleepers.length)];
    const text = THREATS_EN[asked % THREATS_EN.length];
    if (caller === undefined || text === undefined) return;
    say(caller, text);
    asked++;
    timer = setTimeout(next, asked % THREATS_EN.length === 0 ? TROUBLE_EVERY_MS : ASK_EVERY_MS);
  }
  return { stop: () => clearTimeout(timer) };
}

/** A request that fails is part of the show: the service has its record. */
async function send({ path, headers, body, address }: DemoCall, url: string, signal: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { ...headers, 'x-forwarded-for': address },
      body: JSON.stringify(body),
      signal,
    });
    await answer.arrayBuffer();
  } catch {
    // The service is going down, or the caller was cut off.
  }
}
