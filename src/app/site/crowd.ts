import type { Clock } from '../../base/clock.ts';
import { type BodyProblem, withWholeBody } from '../../http/limited-body.ts';

/** How many who show no session may be changing something at the same time: no more than may wait for a password. */
const STRANGERS_MAX = 16;
/** All others together. */
const OTHERS_MAX = 512;
/**
 * Bodies on their way: whoever sends slowly holds a place among these and no other. So many of one network may take their
 * time; the next ones must be quick, which those of a browser are, so that a neighbour who sends slowly shuts nobody out.
 */
const ARRIVING_MAX = 4_096;
const SLOW_OF_NETWORK_MAX = 128;
const QUICK_MS = 1_000;
/** Whoever is told to come back does so within this time at least, and later the more were told so lately. */
const BACK_S_MIN = 2;
const BACK_S_MAX = 120;
/** People told to come back in this time are taken for the crowd. */
const LATELY_MS = 10_000;
/** Of a crowd, so many a second come back. */
const BACK_PER_S = 100;

/**
 * Keeps a crowd from costing those who are served: beyond a bound a request of the API is answered before anything is
 * read or looked up for it. Whoever shows a session is counted apart, so that a flood of strangers keeps nobody from cutting
 * somebody off.
 */
export interface Crowd {
  /** Answers through `next`, which is given the request with its whole body; or says at once to come back. */
  pass(
    request: Request,
    networkPrefix: string | null,
    next: (request: Request) => Promise<Response>,
  ): Promise<Response>;
}

export interface CrowdOptions {
  readonly clock: Pick<Clock, 'monoMs'>;
  /** In [0, 1): so that those who come back do not come together. */
  readonly unit: () => number;
  /** Whether a request shows a session; one that is not good costs its look-up alone. */
  readonly showsSession: (request: Request) => boolean;
  readonly strangersMax?: number;
  readonly othersMax?: number;
  readonly slowOfNetworkMax?: number;
  readonly quickMs?: number;
}

export function createCrowd({ clock, unit, showsSession, ...options }: CrowdOptions): Crowd {
  const { strangersMax = STRANGERS_MAX, othersMax = OTHERS_MAX } = options;
  const inside = { strangers: 0, others: 0 };
  let sinceMs = Number.NEGATIVE_INFINITY;
  let told = 0;
  let toldBefore = 0;

  function comeBack(): Response {
    const nowMs = clock.monoMs();
    if (nowMs - sinceMs >= LATELY_MS) {
      toldBefore = nowMs - sinceMs < 2 * LATELY_MS ? told : 0;
      told = 0;
      sinceMs = nowMs;
    }
    told++;
    const spreadS = Math.min(BACK_S_MAX, Math.max(told, toldBefore) / BACK_PER_S);
    const seconds = Math.ceil(BACK_S_MIN + unit() * spreadS);
    const message = `many people are here at the moment; try again in ${seconds} seconds`;
    const headers = { 'retry-after': String(seconds) };
    return Response.json({ error: { reason: 'busy', message } }, { status: 503, headers });
  }

  const arrived = createArrivals(options);

  return {
    async pass(request, networkPrefix, next) {
      const isStranger = request.method !== 'GET' && !showsSession(request);
      const who = isStranger ? 'strangers' : 'others';
      const isFull = () => inside[who] >= (isStranger ? strangersMax : othersMax);
      if (isFull()) return comeBack();
      const whole = request.body === null ? request : await arrived(request, networkPrefix);
      if (whole === null) return comeBack();
      if (!(whole instanceof Request)) return refused(whole);
      if (isFull()) return comeBack();
      inside[who]++;
      try {
        return await next(whole);
      } finally {
        inside[who]--;
      }
    },
  };
}

/** Waits for bodies; gives null where too many are on their way. */
function createArrivals({
  slowOfNetworkMax = SLOW_OF_NETWORK_MAX,
  quickMs = QUICK_MS,
}: Pick<CrowdOptions, 'slowOfNetworkMax' | 'quickMs'>) {
  const byNetwork = new Map<string, number>();
  let all = 0;

  function count(network: string, by: 1 | -1): void {
    const own = (byNetwork.get(network) ?? 0) + by;
    if (own > 0) byNetwork.set(network, own);
    else byNetwork.delete(network);
    all += by;
  }

  return async function arrived(request: Request, networkPrefix: string | null): Promise<Request | BodyProblem | null> {
    const network = networkPrefix ?? '';
    if (all >= ARRIVING_MAX) return null;
    const mayBeSlow = (byNetwork.get(network) ?? 0) < slowOfNetworkMax;
    count(network, 1);
    try {
      return await (mayBeSlow ? withWholeBody(request) : withWholeBody(request, quickMs));
    } finally {
      count(network, -1);
    }
  };
}

function refused({ status, reason, message }: BodyProblem): Response {
  return Response.json({ error: { reason, message } }, { status, headers: { 'cache-control': 'no-store' } });
}
