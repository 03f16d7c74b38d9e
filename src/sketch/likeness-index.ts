import { spread } from './keyed-hash.ts';
import { SKETCH_SLOTS, type Sketch, slotsAlike } from './sketch.ts';

/**
 * Finds the sketches that are like one, by bands of slots (locality-sensitive hashing; Leskovec, Rajaraman and Ullman,
 * Mining of Massive Datasets, chapter 3). With 32 bands of 4 slots, a sketch half alike is met with probability .87,
 * one seven tenths alike in all but 2 of 10,000 cases, and one with a tenth in 3 of 1,000. What is met is then compared whole.
 */
export interface LikenessIndex<Owner> {
  /** Null when there is no place left; `remove` makes one. */
  add(sketch: Sketch, owner: Owner): number | null;
  remove(place: number): void;
  /** A copy. */
  sketchAt(place: number): Sketch;
  /** The owner of the sketch most like this one, the first that was added where several are; null when none is met. */
  nearest(sketch: Sketch): { readonly owner: Owner; readonly alike: number } | null;
  /** How alike this sketch is to the one at a place, 0 to 1. */
  alike(sketch: Sketch, place: number): number;
}

const BANDS = 32;
const BAND_SLOTS = SKETCH_SLOTS / BANDS;
const BUCKETS = 2 ** 18;
/** Sketches that one look-up walks past at most, those added last first. */
const STEPS_MAX = 8_192;
const COMPARED_MAX = 512;

/** 645 bytes a sketch, taken from the system as they are used; 1 MiB besides. */
export function createLikenessIndex<Owner>(sketchesMax: number): LikenessIndex<Owner> {
  const slots = new Uint32Array(sketchesMax * SKETCH_SLOTS);
  /** Entries are numbered `place * BANDS + band + 1`; 0 ends a chain. */
  const heads = new Uint32Array(BUCKETS);
  const nexts = new Uint32Array(sketchesMax * BANDS + 1);
  const owners: (Owner | null)[] = [];
  const free: number[] = [];
  const comparedAt = new Uint32Array(sketchesMax);
  let look = 0;

  function unlink(entry: number, bucket: number): void {
    let before = 0;
    for (let at = heads[bucket] ?? 0; at !== 0 && at !== entry; at = nexts[at] ?? 0) before = at;
    const after = nexts[entry] ?? 0;
    if (before === 0) heads[bucket] = after;
    else nexts[before] = after;
  }

  function nearest(sketch: Sketch): { owner: Owner; alike: number } | null {
    look = (look + 1) >>> 0;
    let best = -1;
    let most = 0;
    let steps = 0;
    let compared = 0;
    for (let band = 0; band < BANDS; band++) {
      for (let entry = heads[bucketOf(sketch, 0, band)] ?? 0; entry !== 0; entry = nexts[entry] ?? 0) {
        if (++steps > STEPS_MAX || compared > COMPARED_MAX) break;
        const place = Math.floor((entry - 1) / BANDS);
        if (comparedAt[place] === look || !sameBand(slots, place * SKETCH_SLOTS, sketch, band)) continue;
        comparedAt[place] = look;
        compared++;
        const same = slotsAlike(sketch, 0, slots, place * SKETCH_SLOTS);
        if (same > most || (same === most && place < best)) [best, most] = [place, same];
      }
    }
    const owner = owners[best] ?? null;
    return owner === null ? null : { owner, alike: most / SKETCH_SLOTS };
  }

  return {
    add(sketch, owner) {
      const place = free.pop() ?? owners.length;
      if (place >= sketchesMax) return null;
      owners[place] = owner;
      slots.set(sketch, place * SKETCH_SLOTS);
      for (let band = 0; band < BANDS; band++) {
        const bucket = bucketOf(sketch, 0, band);
        const entry = place * BANDS + band + 1;
        nexts[entry] = heads[bucket] ?? 0;
        heads[bucket] = entry;
      }
      return place;
    },
    remove(place) {
      for (let band = 0; band < BANDS; band++) {
        unlink(place * BANDS + band + 1, bucketOf(slots, place * SKETCH_SLOTS, band));
      }
      owners[place] = null;
      free.push(place);
    },
    sketchAt: (place) => slots.slice(place * SKETCH_SLOTS, (place + 1) * SKETCH_SLOTS),
    nearest,
    alike: (sketch, place) => slotsAlike(sketch, 0, slots, place * SKETCH_SLOTS) / SKETCH_SLOTS,
  };
}

function bucketOf(slots: Uint32Array, from: number, band: number): number {
  let hash = band;
  for (let at = band * BAND_SLOTS; at < (band + 1) * BAND_SLOTS; at++) hash = spread(hash ^ (slots[from + at] ?? 0));
  return hash & (BUCKETS - 1);
}

function sameBand(slots: Uint32Array, from: number, sketch: Sketch, band: number): boolean {
  for (let at = band * BAND_SLOTS; at < (band + 1) * BAND_SLOTS; at++) {
    if (slots[from + at] !== sketch[at]) return false;
  }
  return true;
}
