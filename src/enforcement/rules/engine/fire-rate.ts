const BUCKET_MS = 10 * 60_000;
const BUCKETS = 144;
/** What it used to do is known after so many buckets. */
const KNOWN_AFTER = 6;
const HITS_MIN = 50;
const TIMES_MAX = 10;
/** Of what it sees, once that is enough: a rule that fires on half of everything is not about abuse. */
const SHARE_MAX = 0.5;
const SHARE_EVALUATED_MIN = 1_000;
/** Nobody gets a rule paused by meeting it on purpose: its hits are of so many people, or there is hardly anybody else. */
const PEOPLE_MIN = 10;
const ALONE_SHARE = 0.95;

/** How often a rule fires, in steps of ten minutes of event time over a day. */
export interface FireRate {
  /** Why that is not normal; null where it is. */
  seen(atMs: number, hit: boolean, person: string): string | null;
}

export function createFireRate(): FireRate {
  const hits = new Float64Array(BUCKETS);
  const seen = new Float64Array(BUCKETS);
  let bucket = Number.NaN;
  let known = 0;
  let hitsBefore = 0;
  let seenBefore = 0;
  /** Accounts, or members of them, it fired on in this bucket, up to as many as matter. */
  const people = new Set<string>();

  function turn(to: number): void {
    people.clear();
    if (Number.isNaN(bucket)) {
      bucket = to;
      return;
    }
    const steps = Math.min(to - bucket, BUCKETS);
    hitsBefore += hits[bucket % BUCKETS] ?? 0;
    seenBefore += seen[bucket % BUCKETS] ?? 0;
    known = Math.min(known + 1, BUCKETS);
    for (let step = 1; step <= steps; step++) {
      const place = (bucket + step) % BUCKETS;
      hitsBefore -= hits[place] ?? 0;
      seenBefore -= seen[place] ?? 0;
      hits[place] = 0;
      seen[place] = 0;
    }
    bucket = to;
  }

  return {
    seen(atMs, hit, person) {
      const now = Math.floor(atMs / BUCKET_MS);
      if (!(now <= bucket)) turn(now);
      const place = bucket % BUCKETS;
      seen[place] = (seen[place] ?? 0) + 1;
      if (!hit) return null;
      hits[place] = (hits[place] ?? 0) + 1;
      if (people.size < PEOPLE_MIN) people.add(person);
      const [hitsNow, seenNow] = [hits[place] ?? 0, seen[place] ?? 0];
      if (people.size < PEOPLE_MIN && hitsNow < ALONE_SHARE * seenNow) return null;
      if (seenNow >= SHARE_EVALUATED_MIN && hitsNow > SHARE_MAX * seenNow) {
        return `it fired on ${hitsNow} of ${seenNow} events within ten minutes`;
      }
      if (known < KNOWN_AFTER || hitsNow < HITS_MIN) return null;
      const usual = (hitsBefore + 1) / (seenBefore + 1);
      if (hitsNow / seenNow < TIMES_MAX * usual) return null;
      return `it fired on ${hitsNow} of ${seenNow} events within ten minutes, ${TIMES_MAX} times as often as before`;
    },
  };
}
