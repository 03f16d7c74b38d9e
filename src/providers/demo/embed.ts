import { diceOf, hashText } from './seed.ts';

const GRAM_CHARS = 3;
/** Characters of one input that are read; an embedding of a longer text is that of its beginning. */
const INPUT_CHARS_MAX = 100_000;

/**
 * A unit vector from hashed character trigrams, so that texts sharing words are closer than texts that do not.
 * Deterministic; no model is involved.
 */
export function embedInput(input: string | readonly number[], dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  if (typeof input === 'string') addGrams(vector, ` ${input.slice(0, INPUT_CHARS_MAX).toLowerCase()} `);
  else for (const token of input) add(vector, Math.floor(diceOf(token)() * 0x1_0000_0000));
  return normalise(vector);
}

function addGrams(vector: Float32Array, text: string): void {
  for (let at = 0; at + GRAM_CHARS <= text.length; at++) add(vector, hashText(text, 0x811c9dc5, at, at + GRAM_CHARS));
}

function add(vector: Float32Array, hash: number): void {
  // The low bits of FNV depend on few input bits; folding the high ones in spreads neighbouring grams.
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  const at = (mixed >>> 1) % vector.length;
  vector[at] = (vector[at] ?? 0) + (mixed & 1 ? 1 : -1);
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  else for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / length;
  return vector;
}
