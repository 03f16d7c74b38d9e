import { createHash, createHmac } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { loadSecretFile } from '../../storage/secret-file.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { createFamilies, FAMILIES_MAX, type Families, type Family, type StoredFamily } from './families.ts';
import { createKeyedHash } from '../../sketch/keyed-hash.ts';
import { bounded, maskedWords } from '../../sketch/mask.ts';
import { createNewFamilyLimit } from './new-family-limit.ts';
import { featuresOf, type Sketch, sketchOf } from '../../sketch/sketch.ts';
import { putFamily, readFamilies } from './store.ts';

export interface DiscoveryDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of families that could not be kept; they are tried again when they are seen again. */
  readonly onFault: (what: string, error: unknown) => void;
}

/** Tells the apps of keys that declare none apart by what they always send. */
export interface Discovery {
  /**
   * The family of a prompt, `fam_<16 hex>`; null when there is nothing to go by. Waits for nothing: where the family is
   * new, its row is given to the writer before this returns, so ahead of every record that names it.
   */
  readonly discover: (keyId: string, systemText: string, toolNames: readonly string[]) => string | null;
  /** Those in memory. */
  readonly families: Pick<Families, 'get' | 'all'>;
}

const SECRET_FILE = 'fingerprint-secret';
/** Texts whose family is known by their digest, at some 200 bytes each. */
const CACHED_MAX = 4_000;
/** Below this many words a few of them make all the difference: such texts are one app only when they are the same. */
const EXACT_WORDS_BELOW = 24;
/** The words a prompt opens with, where the rest of it is not to be trusted. */
const OPENING_WORDS = 60;
/** How old the last sight of a family on the disk may get. */
const SEEN_EVERY_MS = 3_600_000;

/** Loads the families seen last. */
export async function createDiscovery({ storage, clock, random, onFault }: DiscoveryDeps): Promise<Discovery> {
  const secret = loadSecretFile(storage.dataDir, SECRET_FILE, random);
  const families = createFamilies();
  for (const stored of await readFamilies(storage.reader, FAMILIES_MAX)) families.add(stored);
  const keep = createKeeping(families, storage, onFault);
  const identify = createIdentify(secret);
  const limit = createNewFamilyLimit(clock);
  const known = createRecent<Family>(CACHED_MAX);

  function familyOf(keyId: string, prompt: Prompt): Told | null {
    const words = maskedWords(prompt.text);
    const whole = identify(words, prompt.tools);
    const known = match(whole);
    if (known !== null) return known;
    if (!limit.byOpening(keyId)) return begin(keyId, whole);
    const opening = identify(words.slice(0, OPENING_WORDS), prompt.tools);
    return match(opening) ?? begin(keyId, opening);
  }

  function match({ id, sketch }: Identity): Told | null {
    const found = sketch && families.match(sketch);
    if (sketch && found) {
      const changed = families.adopt(found.family, sketch, found.alike, clock.wallMs());
      return { family: found.family, changed };
    }
    const family = families.get(id);
    return family && { family, changed: false };
  }

  function begin(keyId: string, { id, sketch }: Identity): Told | null {
    if (!limit.mayBegin(keyId)) return null;
    const nowMs = clock.wallMs();
    const sketches = sketch ? [sketch] : [];
    return { family: families.add({ id, firstSeenMs: nowMs, lastSeenMs: nowMs, sketches }), changed: true };
  }

  return {
    families,
    discover(keyId, systemText, toolNames) {
      if (systemText.trim() === '' && toolNames.length === 0) return null;
      const text = bounded(systemText);
      const tools = [...new Set(toolNames)].sort().slice(0, TOOLS_MAX);
      // Digests instead of prompts: their size is known, and no prompt outlives its request.
      const digest = createHash('sha256')
        .update(JSON.stringify([text, tools]))
        .digest('base64');
      const seen = known.get(digest);
      // One that has left memory since is told anew.
      const current = seen && families.get(seen.id) === seen ? { family: seen, changed: false } : null;
      const found = current ?? familyOf(keyId, { text, tools });
      if (found === null) return null;
      if (!current) known.set(digest, found.family);
      families.see(found.family, clock.wallMs());
      keep(found.family, found.changed);
      return found.family.id;
    },
  };
}

const TOOLS_MAX = 128;

interface Prompt {
  readonly text: string;
  /** In order, each once. */
  readonly tools: readonly string[];
}

/** What a prompt would be called if it began a family, and its sketch; null where it only counts as itself. */
interface Identity {
  readonly id: string;
  readonly sketch: Sketch | null;
}

interface Told {
  readonly family: Family;
  /** It is new, or known by one version more. */
  readonly changed: boolean;
}

function createIdentify(secret: Uint8Array): (words: readonly string[], tools: readonly string[]) => Identity {
  const hash = createKeyedHash(createHmac('sha256', secret).update('prompt words').digest());
  const name = (what: string | Uint8Array) =>
    `fam_${createHmac('sha256', secret).update(what).digest('hex').slice(0, 16)}`;
  return function identify(words, tools) {
    if (words.length < EXACT_WORDS_BELOW) return { id: name(JSON.stringify([words, tools])), sketch: null };
    const sketch = sketchOf(featuresOf(words, tools, hash));
    return { id: name(new Uint8Array(sketch.buffer)), sketch };
  };
}

/** Gives a family to the writer when it is new, changed, or was last written long ago. */
function createKeeping(families: Families, { writer }: Pick<Storage, 'writer'>, onFault: DiscoveryDeps['onFault']) {
  /** The last sight of each that is on the disk or on its way there. */
  const written = new WeakMap<Family, number>();
  for (const family of families.all()) written.set(family, family.lastSeenMs);
  return function keep(family: Family, changed: boolean): void {
    const before = written.get(family);
    if (!changed && before !== undefined && family.lastSeenMs - before < SEEN_EVERY_MS) return;
    const stored: StoredFamily = families.stored(family);
    written.set(family, stored.lastSeenMs);
    writer
      .write(putFamily(stored))
      .then((outcome) => assert(outcome.ok, 'a family can always be put'))
      .catch((error: unknown) => {
        written.delete(family);
        onFault('keep a family of apps', error);
      });
  };
}

/** Keeps the `max` entries used last. */
function createRecent<Value>(max: number) {
  const entries = new Map<string, Value>();
  return {
    get(key: string): Value | undefined {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key: string, value: Value): void {
      entries.set(key, value);
      if (entries.size <= max) return;
      const oldest = entries.keys().next().value;
      if (oldest !== undefined) entries.delete(oldest);
    },
  };
}
