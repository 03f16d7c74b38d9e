import { createHash, createHmac } from 'node:crypto';
import type { Random } from '../base/random.ts';
import { loadSecretFile } from '../storage/secret-file.ts';

/** 16 hexadecimal digits that name an app by what it always sends; null when there is nothing to go by. */
export type Fingerprint = (systemText: string, toolNames: readonly string[]) => string | null;

const SECRET_FILE = 'fingerprint-secret';
/** System prompts differ where they quote the person or the moment, mostly late: the start names the app. */
const SYSTEM_CHARS_MAX = 4_096;
const CACHED_MAX = 2_000;

/**
 * Keyed with a secret of this installation, so that a fingerprint tells nothing about a prompt to those who do not hold
 * it and cannot be compared between installations. Digits and white space are evened out, so that a date does not split
 * an app; tools count whatever their order.
 */
export function createFingerprint(dataDir: string, random: Random): Fingerprint {
  const secret = loadSecretFile(dataDir, SECRET_FILE, random);
  const cache = createCache(CACHED_MAX);
  return function fingerprint(systemText, toolNames) {
    if (systemText.trim() === '' && toolNames.length === 0) return null;
    // The cache holds digests instead of prompts: its size is known, and no prompt outlives its request.
    const start = systemText.slice(0, SYSTEM_CHARS_MAX);
    const exact = createHash('sha256')
      .update(JSON.stringify([start, toolNames]))
      .digest('base64');
    const known = cache.get(exact);
    if (known !== undefined) return known;
    const same = JSON.stringify([evenOut(start), [...toolNames].sort()]);
    const made = createHmac('sha256', secret).update(same).digest('hex').slice(0, 16);
    cache.set(exact, made);
    return made;
  };
}

function evenOut(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Nd}+/gu, '0')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Keeps the `max` entries used last. */
function createCache(max: number) {
  const entries = new Map<string, string>();
  return {
    get(key: string): string | undefined {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key: string, value: string): void {
      entries.set(key, value);
      if (entries.size <= max) return;
      const oldest = entries.keys().next().value;
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}
