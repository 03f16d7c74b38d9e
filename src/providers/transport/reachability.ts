import type { Clock } from '../../base/clock.ts';
import { dialUpstream } from '../../runtime/upstream.ts';

/** Answers whether an upstream's address takes connections at all. */
export interface Reachability {
  probe(limitMs: number): Promise<boolean>;
}

/** How long a successful dial vouches for its address. */
const FRESH_MS = 1000;

/**
 * Dials one upstream's host and port. Attempts that ask at the same time share one dial, and for a second after a
 * success nobody dials again: many slow answers must not become as many empty connections.
 */
export function createReachability(url: string, clock: Clock): Reachability {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  let dialing: Promise<boolean> | null = null;
  let reachedAtMs = Number.NEGATIVE_INFINITY;
  return {
    probe(limitMs) {
      if (clock.monoMs() - reachedAtMs < FRESH_MS) return Promise.resolve(true);
      dialing ??= dialUpstream(host, portNumber, limitMs).then((reached) => {
        dialing = null;
        if (reached) reachedAtMs = clock.monoMs();
        return reached;
      });
      return dialing;
    },
  };
}

/** For requests that travel through a proxy: our own way to the host says nothing about the proxy's. */
export const ASSUMED_REACHABLE: Reachability = { probe: () => Promise.resolve(true) };
