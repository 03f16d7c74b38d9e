import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { KEY_BYTES, seal, unseal } from '../storage/seal.ts';

/**
 * Notes a service hands out and gets back: what one step of a sign-in must know of the step before. They are sealed, hold
 * for a while and count once. Nothing is kept of a note until it is spent, so that asking for many fills no memory.
 */
export interface Notes<Content> {
  /** In base64url. */
  write(content: Content): string;
  /** What a note says that is still good: written here, neither too old nor spent. Null for any other text. */
  read(text: string): Content | null;
  /** Spends it. False where somebody has before, or where too many were spent lately to remember one more. */
  spend(text: string): boolean;
}

export interface NotesOptions {
  /** What the notes are for: one written for something else cannot be read. */
  readonly purpose: string;
  readonly lifeMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Notes remembered as spent within one life. */
  readonly spentMax?: number;
}

/** Of some 100 bytes each, and twice as many at the worst. */
const SPENT_MAX = 100_000;
/** AES-GCM's, which stands first in a sealed text and is never the same twice. */
const NONCE_BYTES = 12;
const TEXT_CHARS_MAX = 4_096;

/** The key is made here and kept nowhere: with a restart every note is void, and so none can be spent twice through it. */
export function createNotes<Content>(options: NotesOptions): Notes<Content> {
  const { purpose, lifeMs, clock, random } = options;
  const spentMax = options.spentMax ?? SPENT_MAX;
  const key = random.bytes(KEY_BYTES);
  let spent = { before: new Set<string>(), now: new Set<string>(), sinceMs: clock.monoMs() };

  /** A note spent in one life is remembered through the next, longer than it holds. */
  function remembered() {
    const aged = clock.monoMs() - spent.sinceMs;
    if (aged >= lifeMs) {
      spent = { before: aged < 2 * lifeMs ? spent.now : new Set(), now: new Set(), sinceMs: clock.monoMs() };
    }
    return spent;
  }

  function isSpent(name: string): boolean {
    const { before, now } = remembered();
    return before.has(name) || now.has(name);
  }

  function read(text: string): Content | null {
    if (text.length > TEXT_CHARS_MAX) return null;
    const plain = unseal(Buffer.from(text, 'base64url'), key, purpose);
    if (plain === null || isSpent(nameOf(text))) return null;
    const note = JSON.parse(Buffer.from(plain).toString('utf8')) as { readonly until: number; readonly is: Content };
    return clock.monoMs() < note.until ? note.is : null;
  }

  return {
    write(content) {
      const note = JSON.stringify({ until: Math.ceil(clock.monoMs()) + lifeMs, is: content });
      return Buffer.from(seal(Buffer.from(note), key, purpose, random)).toString('base64url');
    },
    read,
    spend(text) {
      if (read(text) === null || remembered().now.size >= spentMax) return false;
      spent.now.add(nameOf(text));
      return true;
    },
  };
}

/** Two ways to write the same bytes have one name. */
function nameOf(text: string): string {
  return Buffer.from(text, 'base64url').subarray(0, NONCE_BYTES).toString('base64');
}
