/** What request bodies of the ledger's control API have in common. */
import { z } from 'zod';
import type { Nano } from '../base/money.ts';
import { ONE_LINE } from '../base/one-line.ts';

/** Nano-dollars, 0 or more. */
export const nano = z
  .string('must be nano-dollars as a decimal string')
  .regex(/^\d{1,19}$/, 'must be nano-dollars as a decimal string, without sign or fraction')
  .transform((digits) => BigInt(digits));

/** Nano-dollars, more than zero; `most` in words, such as `a million US dollars`. */
export function amountUpTo(max: Nano, most: string) {
  return nano
    .refine((amount) => amount > 0n, 'must be more than 0')
    .refine((amount) => amount <= max, `must be at most ${most}`);
}

const REASON_CHARS_MAX = 200;

/** Why something is done, for the books. */
export const reason = z
  .string('must be given')
  .regex(ONE_LINE, 'must be given, on one line')
  .max(REASON_CHARS_MAX, `must be at most ${REASON_CHARS_MAX} characters`);
