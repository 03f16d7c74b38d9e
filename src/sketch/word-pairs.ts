import type { KeyedHash } from './keyed-hash.ts';

/**
 * The least hashes of a text's pairs of neighbouring words, each once (bottom-k; Broder, On the resemblance and containment
 * of documents, 1997). Two texts of which half the words differ still share a fourth of their pairs, and so of these, where
 * longer runs of words share none. At most `most`, the least first.
 */
export function leastWordPairs(words: readonly string[], hash: KeyedHash, most: number): Uint32Array {
  const hashes = Uint32Array.from(words, (word) => hash.word(word));
  const pairs = new Set<number>();
  for (let at = 0; at + 1 < hashes.length; at++) pairs.add(hash.run(hashes, at, 2));
  return Uint32Array.from(pairs).sort().slice(0, most);
}
