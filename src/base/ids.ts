import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes ids of the form `<prefix>_<26 characters>`, ordered by the time they were made. */
export type MintId = (prefix: string) => string;

/** Digits of the random part that stay the same within a millisecond; the other four count up. */
const FIXED_DIGITS = 12;
const COUNTED_MAX = 32 ** 4;

/**
 * A ULID (48 bits of milliseconds, 80 random bits, Crockford base 32) with a prefix that names the kind.
 * Within one millisecond the last 20 bits count up, so ids of one process sort in the order they were made; when they
 * run out, the next millisecond is begun early.
 * Source: https://github.com/ulid/spec
 */
export function createMintId(clock: Clock, random: Random): MintId {
  let lastMs = -1;
  let head = '';
  let counted = 0;
  return function mintId(prefix) {
    const now = Math.max(clock.wallMs(), lastMs);
    if (now !== lastMs || ++counted >= COUNTED_MAX) {
      lastMs = now === lastMs ? now + 1 : now;
      const bytes = random.bytes(FIXED_DIGITS + 2);
      head = encode(lastMs, 10);
      for (let at = 0; at < FIXED_DIGITS; at++) head += CROCKFORD[(bytes[at] ?? 0) & 31];
      // Starts in the lower half, so that a busy millisecond has room to count.
      counted = (((bytes[FIXED_DIGITS] ?? 0) << 8) | (bytes[FIXED_DIGITS + 1] ?? 0)) << 3;
    }
    return `${prefix}_${head}${encode(counted, 4)}`;
  };
}

function encode(value: number, digits: number): string {
  let rest = value;
  let text = '';
  for (let at = 0; at < digits; at++) {
    text = CROCKFORD[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
