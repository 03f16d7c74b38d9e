import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes ids of the form `<prefix>_<26 characters>`, ordered by the time they were made. */
export type MintId = (prefix: string) => string;

/**
 * A ULID (48 bits of milliseconds, 80 random bits, Crockford base 32) with a prefix that names the kind.
 * Within one millisecond the random part counts up, so ids of one process sort in the order they were made.
 * Source: https://github.com/ulid/spec
 */
export function createMintId(clock: Clock, random: Random): MintId {
  let lastMs = -1;
  let digits = new Uint8Array(16);
  let head = '';
  return function mintId(prefix) {
    const now = Math.max(clock.wallMs(), lastMs);
    if (now === lastMs) {
      countUp(digits);
    } else {
      lastMs = now;
      head = encodeMs(now);
      digits = random.bytes(16).map((byte) => byte & 31);
    }
    let tail = '';
    for (const digit of digits) tail += CROCKFORD[digit];
    return `${prefix}_${head}${tail}`;
  };
}

function countUp(digits: Uint8Array): void {
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits[at] ?? 0;
    if (digit < 31) {
      digits[at] = digit + 1;
      return;
    }
    digits[at] = 0;
  }
}

function encodeMs(ms: number): string {
  let rest = ms;
  let text = '';
  for (let at = 0; at < 10; at++) {
    text = CROCKFORD[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
