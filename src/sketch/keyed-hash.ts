/** A hash of words that nobody can work out, or look words up by, without the secret. */
export interface KeyedHash {
  /** 32 bits of a word. */
  word(text: string): number;
  /** 32 bits of `count` hashes from `from` on, their order included. */
  run(hashes: Uint32Array, from: number, count: number): number;
}

/** Hashes a run takes at most; longer ones are cut. */
const RUN_MAX = 8;

/**
 * Words by HalfSipHash-2-4 (Aumasson and Bernstein, SipHash, 2012, in its form for words of 32 bits), under 64 bits of
 * the secret. Runs of words by a chain of multiplications with odd factors of the secret and the last step of
 * MurmurHash3, which spreads them evenly. `secret`: 32 bytes.
 */
export function createKeyedHash(secret: Uint8Array): KeyedHash {
  const view = new DataView(secret.buffer, secret.byteOffset, secret.byteLength);
  const key0 = view.getInt32(0, true);
  const key1 = view.getInt32(4, true);
  const start = view.getInt32(8, true);
  const factors = Int32Array.from({ length: RUN_MAX }, (_, at) => view.getInt32(12 + 2 * at, true) | 1);
  return {
    word: (text) => halfSip(text, key0, key1),
    run(hashes, from, count) {
      let hash = start;
      for (let at = 0; at < count && at < RUN_MAX; at++) {
        hash = Math.imul(hash ^ (hashes[from + at] ?? 0), factors[at] ?? 1);
        hash = (hash << 13) | (hash >>> 19);
      }
      return spread(hash ^ count);
    },
  };
}

/** Every bit of the input moves every bit of what comes out; one to one. */
export function spread(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Two UTF-16 units to a block; the last block holds what is left and the length. */
function halfSip(text: string, key0: number, key1: number): number {
  let a = key0;
  let b = key1;
  let c = 0x6c796765 ^ key0;
  let d = 0x74656462 ^ key1;
  const round = () => {
    a = (a + b) | 0;
    b = ((b << 5) | (b >>> 27)) ^ a;
    a = (a << 16) | (a >>> 16);
    c = (c + d) | 0;
    d = ((d << 8) | (d >>> 24)) ^ c;
    a = (a + d) | 0;
    d = ((d << 7) | (d >>> 25)) ^ a;
    c = (c + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ c;
    c = (c << 16) | (c >>> 16);
  };
  const { length } = text;
  for (let at = 0; at + 1 < length; at += 2) {
    const block = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
    d ^= block;
    round();
    round();
    a ^= block;
  }
  const last = (length << 24) | (length % 2 === 1 ? text.charCodeAt(length - 1) : 0);
  d ^= last;
  round();
  round();
  a ^= last;
  c ^= 0xff;
  for (let at = 0; at < 4; at++) round();
  return (b ^ d) >>> 0;
}
