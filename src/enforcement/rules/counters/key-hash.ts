/** 64 bits of a text or of several, as two numbers of 32 bits. */
export interface KeyHash {
  low: number;
  high: number;
}

export type HashSeeds = readonly [number, number];

/**
 * Adds a text to a hash that began with two seeds: the mixing of MurmurHash3 (Appleby, 2011) over UTF-16 units, in two
 * lanes. With seeds nobody outside knows, nobody can choose keys that push others out of a table.
 */
export function mixText(hash: KeyHash, text: string): void {
  let low = hash.low;
  let high = hash.high;
  const { length } = text;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    let one = Math.imul(unit, 0xcc9e2d51);
    one = Math.imul((one << 15) | (one >>> 17), 0x1b873593);
    low ^= one;
    low = (Math.imul((low << 13) | (low >>> 19), 5) + 0xe6546b64) | 0;
    let other = Math.imul(unit, 0x239b961b);
    other = Math.imul((other << 16) | (other >>> 16), 0xab0e9789);
    high ^= other;
    high = (Math.imul((high << 17) | (high >>> 15), 5) + 0x561ccd1b) | 0;
  }
  hash.low = finish(low ^ length);
  hash.high = finish(high ^ length);
}

/** 32 bits of a text. */
export function hashText(text: string, seeds: HashSeeds): number {
  const hash = { low: seeds[0] | 0, high: seeds[1] | 0 };
  mixText(hash, text);
  return (hash.low ^ Math.imul(hash.high, 0x9e3779b1)) >>> 0;
}

function finish(value: number): number {
  let state = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
