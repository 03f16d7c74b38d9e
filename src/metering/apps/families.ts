import { createLikenessIndex } from '../../sketch/likeness-index.ts';
import { SKETCH_SLOTS, type Sketch } from '../../sketch/sketch.ts';

/** Prompts that are one app's: near versions of each other, or, of very short ones, one text. */
export interface Family {
  /** `fam_<16 hex>` */
  readonly id: string;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  /** Where its sketches are kept, the first it was known by in front; none of a family of one short text. */
  readonly places: number[];
  /** When it last took in a version that is not like its first. */
  driftedAtMs: number;
}

/** What is kept of a family on the disk. */
export interface StoredFamily {
  readonly id: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly sketches: readonly Sketch[];
}

/** The families in memory: those seen last. */
export interface Families {
  get(id: string): Family | null;
  all(): Iterable<Family>;
  /** Puts one among them; whatever has not been seen for longest goes where there is no room. */
  add(stored: StoredFamily): Family;
  /** The family this sketch belongs to; null when it is like none. */
  match(sketch: Sketch): { readonly family: Family; readonly alike: number } | null;
  /** Takes a version that belongs to the family among those it is known by; true when it did. */
  adopt(family: Family, sketch: Sketch, alike: number, nowMs: number): boolean;
  /** Notes that it was seen, to the minute. */
  see(family: Family, nowMs: number): void;
  stored(family: Family): StoredFamily;
}

/** Families in memory, at some 300 bytes each besides their sketches. */
export const FAMILIES_MAX = 20_000;
/** Sketches of all of them, at 645 bytes each: 26 MB. */
const SKETCHES_MAX = 40_000;
export const SKETCHES_PER_FAMILY_MAX = 8;
/** A version this much alike to one the family is known by belongs to it. Half of all there is to them; `test/attribution` measures what that costs. */
export const SAME_APP_LIKENESS = 0.5;
/** A version more alike than this tells nothing new. */
const KNOWN_LIKENESS = 0.85;
/**
 * How often a family may take in a version that is unlike its first: an app that changes over weeks stays one, and texts
 * that lead from one app to another within a day do not make one of two.
 */
const DRIFT_EVERY_MS = 3_600_000;
const SEEN_EVERY_MS = 60_000;

export function createFamilies(familiesMax = FAMILIES_MAX, sketchesMax = SKETCHES_MAX): Families {
  const index = createLikenessIndex<Family>(sketchesMax);
  const byId = new Map<string, Family>();

  function forgetOldest(): boolean {
    const oldest = byId.values().next().value;
    if (oldest === undefined) return false;
    byId.delete(oldest.id);
    for (const place of oldest.places.splice(0)) index.remove(place);
    return true;
  }

  function keep(family: Family, sketch: Sketch): number {
    let place = index.add(sketch, family);
    while (place === null && forgetOldest()) place = index.add(sketch, family);
    return place ?? 0;
  }

  function touch(family: Family): void {
    if (byId.get(family.id) !== family) return;
    byId.delete(family.id);
    byId.set(family.id, family);
  }

  return {
    get: (id) => byId.get(id) ?? null,
    all: () => byId.values(),
    add({ id, firstSeenMs, lastSeenMs, sketches }) {
      if (byId.size >= familiesMax) forgetOldest();
      const family: Family = { id, firstSeenMs, lastSeenMs, places: [], driftedAtMs: lastSeenMs };
      for (const sketch of sketches) family.places.push(keep(family, sketch));
      byId.set(id, family);
      return family;
    },
    match(sketch) {
      const found = index.nearest(sketch);
      return found && found.alike >= SAME_APP_LIKENESS ? { family: found.owner, alike: found.alike } : null;
    },
    adopt(family, sketch, alike, nowMs) {
      if (alike >= KNOWN_LIKENESS) return false;
      const [first] = family.places;
      const nearFirst = first !== undefined && index.alike(sketch, first) >= SAME_APP_LIKENESS;
      const full = family.places.length >= SKETCHES_PER_FAMILY_MAX;
      if (full || !nearFirst) {
        if (nowMs - family.driftedAtMs < DRIFT_EVERY_MS) return false;
        family.driftedAtMs = nowMs;
      }
      // The second goes: the first is what the family was named for, and the rest are younger.
      if (full) for (const place of family.places.splice(1, 1)) index.remove(place);
      // So that it is not what has to go to make room for itself.
      touch(family);
      family.places.push(keep(family, sketch));
      return true;
    },
    see(family, nowMs) {
      if (nowMs - family.lastSeenMs < SEEN_EVERY_MS) return;
      family.lastSeenMs = nowMs;
      touch(family);
    },
    stored: ({ id, firstSeenMs, lastSeenMs, places }) => ({
      id,
      firstSeenMs,
      lastSeenMs,
      sketches: places.map((place) => index.sketchAt(place)),
    }),
  };
}

/** The sketches of a family as one run of bytes, in the order of the machine: a data folder stays with its kind. */
export function packSketches(sketches: readonly Sketch[]): Uint8Array {
  const packed = new Uint32Array(sketches.length * SKETCH_SLOTS);
  for (const [nth, sketch] of sketches.entries()) packed.set(sketch, nth * SKETCH_SLOTS);
  return new Uint8Array(packed.buffer);
}

export function unpackSketches(packed: Uint8Array): Sketch[] {
  const slots = new Uint32Array(packed.slice().buffer);
  const count = Math.min(SKETCHES_PER_FAMILY_MAX, Math.floor(slots.length / SKETCH_SLOTS));
  return Array.from({ length: count }, (_, nth) => slots.slice(nth * SKETCH_SLOTS, (nth + 1) * SKETCH_SLOTS));
}
