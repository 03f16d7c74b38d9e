import { createHmac } from 'node:crypto';

/** 64 bits of a value that nobody can work out, or look values up by, without the secret. */
export interface Digest {
  readonly high: number;
  readonly low: number;
}

/** The digest of a value of a field; the same value of another field has another one. */
export type DigestOf = (field: string, value: string) => Digest;

/** HMAC-SHA-256 cut to 64 bits: among a million values of a field, two meet by chance once in some forty million folders. */
export function createDigestOf(secret: Uint8Array): DigestOf {
  return function digestOf(field, value) {
    const digest = createHmac('sha256', secret).update(`${field}\0${value}`).digest();
    return { high: digest.readUInt32LE(0), low: digest.readUInt32LE(4) };
  };
}
