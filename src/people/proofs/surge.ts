import type { Clock } from '../../base/clock.ts';

/** How much busier the door is than it usually is: what a sign-up must compute grows with it. */
export interface Surge {
  /** Takes note of somebody who signs up. */
  came(networkPrefix: string | null): void;
  /** 1 in quiet times, up to `FACTOR_MAX` for a network that crowds in while everybody does. */
  factor(networkPrefix: string | null): number;
}

export const FACTOR_MAX = 8;

const MINUTE_MS = 60_000;
/** Half of what came is forgotten after so long: what is now, and what is usual. */
const NOW_HALF_MS = 10 * MINUTE_MS;
const USUAL_HALF_MS = 24 * 60 * MINUTE_MS;
/** Sign-ups a minute below which nothing counts as a surge. */
const USUAL_PER_MINUTE_MIN = 1;
/** Rushes up to so many times the usual ask for nothing more: days have hours. */
const ORDINARY_RUSH = 4;
/** Lately from one network, a household or a class; a campus or a carrier that shares one address pays a little more. */
const ORDINARY_NETWORK = 8;
/** Networks remembered, of some 100 bytes each. */
const NETWORKS_MAX = 20_000;

/** A count that halves every so often. */
interface Fading {
  readonly count: number;
  readonly atMs: number;
}

/** What everybody computes besides, while free credit burns faster than is usual. */
const BURNING_FACTOR = 4;

/** @param isBurning whether free credit burns faster than is usual now; asked for every challenge */
export function createSurge(clock: Clock, isBurning: () => boolean = () => false): Surge {
  let now: Fading = { count: 0, atMs: clock.monoMs() };
  let usual: Fading = now;
  const networks = new Map<string, Fading>();

  function crowdOf(network: string | null, atMs: number): number {
    const known = network === null ? undefined : networks.get(network);
    return known === undefined ? 0 : faded(known, atMs, NOW_HALF_MS);
  }

  return {
    came(network) {
      const atMs = clock.monoMs();
      now = { count: faded(now, atMs, NOW_HALF_MS) + 1, atMs };
      usual = { count: faded(usual, atMs, USUAL_HALF_MS) + 1, atMs };
      if (network === null) return;
      const count = crowdOf(network, atMs) + 1;
      // The last to come stands last: the first in the map is the one to forget.
      networks.delete(network);
      if (networks.size >= NETWORKS_MAX) forgetOldest(networks);
      networks.set(network, { count, atMs });
    },
    factor(network) {
      const atMs = clock.monoMs();
      const rush =
        perMinute(faded(now, atMs, NOW_HALF_MS), NOW_HALF_MS) /
        Math.max(perMinute(faded(usual, atMs, USUAL_HALF_MS), USUAL_HALF_MS), USUAL_PER_MINUTE_MIN);
      const crowd = crowdOf(network, atMs);
      const burning = isBurning() ? BURNING_FACTOR : 1;
      const factor = burning * Math.max(1, rush / ORDINARY_RUSH) * Math.max(1, crowd / ORDINARY_NETWORK);
      return Math.min(FACTOR_MAX, factor);
    },
  };
}

function faded({ count, atMs }: Fading, nowMs: number, halfMs: number): number {
  return count * 2 ** (-Math.max(0, nowMs - atMs) / halfMs);
}

/** The rate at which a count that halves every `halfMs` stays what it is. */
function perMinute(count: number, halfMs: number): number {
  return (count * Math.LN2 * MINUTE_MS) / halfMs;
}

function forgetOldest(networks: Map<string, Fading>): void {
  const oldest = networks.keys().next();
  if (oldest.done !== true) networks.delete(oldest.value);
}
