import { type KeyedHash, spread } from './keyed-hash.ts';

/** A one-permutation MinHash: 512 bytes that say how alike two sets are, and nothing of what is in them. */
export type Sketch = Uint32Array;

export const SKETCH_SLOTS = 128;
const SLOT_SHIFT = 25;
/** Words to a feature of a text; characters where a script writes no spaces. */
const SHINGLE_WORDS = 5;
/** What a tool counts for, in features of the text. */
const TOOL_FEATURES = 16;
const EMPTY = 0xffff_ffff;

/** The features of a prompt, each once or more: a set written as a list. */
export function featuresOf(words: readonly string[], tools: readonly string[], hash: KeyedHash): Uint32Array {
  const shingles = words.length === 0 ? 0 : Math.max(1, words.length - SHINGLE_WORDS + 1);
  const features = new Uint32Array(shingles + tools.length * TOOL_FEATURES);
  const hashes = new Uint32Array(words.length);
  for (let at = 0; at < words.length; at++) hashes[at] = hash.word(words[at] ?? '');
  const count = Math.min(words.length, SHINGLE_WORDS);
  for (let at = 0; at < shingles; at++) features[at] = hash.run(hashes, at, count);
  const pair = new Uint32Array(2);
  let next = shingles;
  for (const tool of tools) {
    pair[0] = hash.word(tool);
    for (let copy = 0; copy < TOOL_FEATURES; copy++) {
      pair[1] = copy;
      features[next++] = hash.run(pair, 0, 2);
    }
  }
  return features;
}

/**
 * The least feature of each of 128 equal ranges of features (Li, Owen and Zhang, One Permutation Hashing, 2012); a range
 * without one takes that of a range chosen by its number alone (Shrivastava, Optimal Densification for Fast and
 * Accurate Minwise Hashing, 2017). At least one feature.
 */
export function sketchOf(features: Uint32Array): Sketch {
  const least = new Uint32Array(SKETCH_SLOTS).fill(EMPTY);
  for (let at = 0; at < features.length; at++) {
    const feature = features[at] ?? 0;
    const slot = feature >>> SLOT_SHIFT;
    if (feature < (least[slot] ?? 0)) least[slot] = feature;
  }
  const sketch = least.slice();
  for (let slot = 0; slot < SKETCH_SLOTS; slot++) {
    if (least[slot] === EMPTY) sketch[slot] = least[lender(slot, least)] ?? EMPTY;
  }
  return sketch;
}

const LENDER_TRIES_MAX = 4_096;

function lender(slot: number, least: Uint32Array): number {
  for (let attempt = 1; attempt <= LENDER_TRIES_MAX; attempt++) {
    const chosen = spread(slot * LENDER_TRIES_MAX + attempt) >>> SLOT_SHIFT;
    if (least[chosen] !== EMPTY) return chosen;
  }
  return slot;
}

/** The estimated Jaccard similarity of two sets, 0 to 1: shared features by all features. */
export function likeness(a: Sketch, b: Sketch): number {
  return slotsAlike(a, 0, b, 0) / SKETCH_SLOTS;
}

/** How many slots two sketches share, each at an offset of its array. */
export function slotsAlike(a: Uint32Array, fromA: number, b: Uint32Array, fromB: number): number {
  let same = 0;
  for (let slot = 0; slot < SKETCH_SLOTS; slot++) if (a[fromA + slot] === b[fromB + slot]) same++;
  return same;
}
