import { createHmac } from 'node:crypto';
import { createKeyedHash } from '../../sketch/keyed-hash.ts';
import { bounded, maskedWords } from '../../sketch/mask.ts';
import { featuresOf, sketchOf } from '../../sketch/sketch.ts';
import type { Owner } from '../unit.ts';

/** What requests are known again by, and nothing of what is in them. */
export interface Digests {
  /** Of a conversation, by how it begins; null where nothing was said. */
  conversationOf(owner: Owner, opening: string): string | null;
  /** The same for texts that are nearly alike, as a rule; null for a text without words. */
  templateOf(text: string): string | null;
}

const DIGEST_CHARS = 22;
/** Slots of the sketch that must agree: two texts nine tenths alike do in eight cases of ten, half alike in one of four. */
const BAND_SLOTS = 2;

/** `secret`: 32 bytes. */
export function createDigests(secret: Uint8Array): Digests {
  const words = createKeyedHash(createHmac('sha256', secret).update('templates').digest());
  const digest = (text: string) => createHmac('sha256', secret).update(text).digest('base64url').slice(0, DIGEST_CHARS);
  return {
    conversationOf({ accountId, endUser }, opening) {
      if (opening.trim() === '') return null;
      return digest(`conversation\n${accountId}\n${endUser ?? ''}\n${opening}`);
    },
    templateOf(text) {
      const features = featuresOf(maskedWords(bounded(text)), [], words);
      if (features.length === 0) return null;
      return digest(`template\n${sketchOf(features).slice(0, BAND_SLOTS).join(' ')}`);
    },
  };
}

const LOOKED_AT_CHARS = 2_000;
const HAN = /\p{Script=Han}/gu;
const OTHER_LETTERS = /[^\p{Script=Han}\P{L}]/gu;
const PLAIN_LETTERS = /[a-z]/giu;
/** A Chinese character says about as much as so many letters. */
const LETTERS_PER_SIGN = 3;
const PLAIN_SHARE_MIN = 0.99;

/** By its script alone; null where that does not tell. */
export function languageOf(text: string): 'en' | 'zh' | null {
  const start = text.slice(0, LOOKED_AT_CHARS);
  const signs = start.match(HAN)?.length ?? 0;
  const letters = start.match(OTHER_LETTERS)?.length ?? 0;
  if (signs === 0 && letters === 0) return null;
  if (signs * LETTERS_PER_SIGN > letters) return 'zh';
  const plain = start.match(PLAIN_LETTERS)?.length ?? 0;
  return plain >= letters * PLAIN_SHARE_MIN ? 'en' : null;
}
