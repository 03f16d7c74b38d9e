import { createHash } from 'node:crypto';
import type { Random } from '../../base/random.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 random bits: nobody guesses one, and a digest of it needs no pepper. */
const DIGITS = 16;
const CODE_CHARS_MAX = 64;

/** `XXXX-XXXX-XXXX-XXXX` of digits and letters that are not mistaken for each other. */
export function mintCode(random: Random): string {
  const digits = [...random.bytes(DIGITS)].map((byte) => CROCKFORD[byte & 31]).join('');
  return (digits.match(/.{4}/g) ?? []).join('-');
}

/**
 * What is stored of a code and looked up for one: SHA-256 of its digits, as a person may type them (small letters, no
 * hyphens, O for 0, I or L for 1). Null for what can be no code.
 */
export function digestCode(written: string): string | null {
  if (written.length > CODE_CHARS_MAX) return null;
  const digits = written.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (digits.length !== DIGITS || !/^[0-9A-HJKMNP-TV-Z]+$/.test(digits)) return null;
  return createHash('sha256').update(digits).digest('hex');
}
