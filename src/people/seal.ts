import { createHmac } from 'node:crypto';
import type { Random } from '../base/random.ts';
import { seal, unseal } from '../storage/seal.ts';

/** Keeps what people leave with us out of the database's clear text. */
export interface Seal {
  /** `bound`, the row it is for, is authenticated with it, so that rows cannot be swapped. */
  close(value: unknown, bound: string): Uint8Array;
  /** Null when it was sealed with another key or for another row. */
  open(sealed: Uint8Array, bound: string): unknown;
  /** A digest of a short code that nobody without the key can try codes against. */
  mac(text: string): Uint8Array;
}

/** With 32 secret bytes. */
export function createSeal(key: Uint8Array, random: Random): Seal {
  const macKey = createHmac('sha256', key).update('codes').digest();
  return {
    close: (value, bound) => new Uint8Array(seal(Buffer.from(JSON.stringify(value)), key, bound, random)),
    open(sealed, bound) {
      const plain = unseal(sealed, key, bound);
      return plain === null ? null : (JSON.parse(Buffer.from(plain).toString('utf8')) as unknown);
    },
    mac: (text) => new Uint8Array(createHmac('sha256', macKey).update(text).digest()),
  };
}
