/** How many may be changing something at the same time who show no session: a crowd at the door. */
const STRANGERS_MAX = 48;
/** All others together. */
const OTHERS_MAX = 512;
/** Whoever is told to come back does so within this time, spread out. */
const BACK_S_MIN = 2;
const BACK_S_MAX = 15;

/**
 * Keeps a crowd from costing those who are served: beyond a bound a request of the API is answered before anything is
 * read or looked up for it. Whoever shows a session is counted apart, so that a flood of strangers keeps nobody from cutting
 * somebody off.
 */
export interface Crowd {
  /** Answers through `next`, or says at once to come back. */
  pass(request: Request, next: () => Promise<Response>): Promise<Response>;
}

export function createCrowd(random: () => number, strangersMax = STRANGERS_MAX, othersMax = OTHERS_MAX): Crowd {
  const inside = { strangers: 0, others: 0 };
  return {
    async pass(request, next) {
      const isStranger = request.method !== 'GET' && !request.headers.has('cookie');
      const who = isStranger ? 'strangers' : 'others';
      if (inside[who] >= (isStranger ? strangersMax : othersMax)) return comeBack(random());
      inside[who]++;
      try {
        return await next();
      } finally {
        inside[who]--;
      }
    },
  };
}

function comeBack(unit: number): Response {
  const seconds = Math.round(BACK_S_MIN + unit * (BACK_S_MAX - BACK_S_MIN));
  const message = `many people are here at the moment; try again in ${seconds} seconds`;
  return Response.json(
    { error: { reason: 'busy', message } },
    { status: 503, headers: { 'retry-after': String(seconds) } },
  );
}
