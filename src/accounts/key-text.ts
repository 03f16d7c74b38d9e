import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from '../base/random.ts';

/** The parts of `cd_live_<id>_<secret>_<checksum>`. */
export interface KeyParts {
  readonly id: string;
  /** Everything before the checksum's underscore: what the checksum and the digest are made of. */
  readonly signed: string;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_DIGITS = 8;
/** 62^43 is the first power of 62 beyond 2^256. */
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
/** The largest multiple of 62 a byte can hold: bytes from here up are thrown away, so that no digit is likelier. */
const FAIR_BYTES = 248;
const KEY_CHARS_MAX = 256;
const SHAPE = /^(cd_live_([0-9A-Za-z]{8})_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;

/** A new key: its public id, and the whole text that is shown once. */
export function mintKeyText(random: Random): KeyParts & { readonly text: string } {
  const id = randomDigits(random, ID_DIGITS);
  const signed = `cd_live_${id}_${randomDigits(random, SECRET_DIGITS)}`;
  return { id, signed, text: `${signed}_${checksum(signed)}` };
}

/** Takes a key apart; null when it was never one of ours or was not copied whole. Needs no store. */
export function readKeyText(text: string): KeyParts | null {
  if (text.length > KEY_CHARS_MAX) return null;
  const match = SHAPE.exec(text);
  const [, signed, id, check] = match ?? [];
  if (signed === undefined || id === undefined || check !== checksum(signed)) return null;
  return { id, signed };
}

/**
 * What is stored of a key. The secret has 256 random bits, so one round is enough; the pepper, kept outside the
 * database, makes a stolen database useless for checking guesses.
 */
export function digestKey(signed: string, pepper: Uint8Array): Uint8Array {
  return createHmac('sha256', pepper).update(signed).digest();
}

/** Compares in a time that does not depend on where the digests differ. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** CRC-32 of the text in six base-62 digits: finds typing errors and lets scanners know our keys; it proves nothing. */
function checksum(signed: string): string {
  let rest = crc32(signed);
  let text = '';
  for (let at = 0; at < CHECKSUM_DIGITS; at++) {
    text = DIGITS[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function randomDigits(random: Random, count: number): string {
  let text = '';
  while (text.length < count) {
    for (const byte of random.bytes(count * 2)) {
      if (byte < FAIR_BYTES && text.length < count) text += DIGITS[byte % 62];
    }
  }
  return text;
}
