import type { Clock } from '../../base/clock.ts';
import { createKeyedHash } from '../../sketch/keyed-hash.ts';
import { bounded, maskedWords } from '../../sketch/mask.ts';
import { featuresOf, sketchOf } from '../../sketch/sketch.ts';
import { leastWordPairs } from '../../sketch/word-pairs.ts';
import { WORDINGS_KEPT } from '../evidence/fields.ts';
import type { OpenedLinkage } from './open-linkage.ts';

export interface PromptHearingDeps {
  readonly opened: Pick<OpenedLinkage, 'now'>;
  readonly clock: Clock;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  readonly onFault: (what: string, error: unknown) => void;
}

/** Learns the templates of accounts from the first prompts of each, off the path of requests. */
export interface PromptHearing {
  heard(accountId: string, text: string): void;
}

/** Prompts that wait; more are let go, and those that come before linkage is read: an account says the same again. */
const WAITING_MAX = 1_000;
const PER_ACCOUNT_MAX = 4;
/** Accounts whose prompts are counted, at some 100 bytes each; whoever was heard longest ago is counted anew. */
const ACCOUNTS_MAX = 100_000;
/** Few words are a default of some library, and nobody's template. */
const WORDS_MIN = 12;

export function createPromptHearing({ opened, clock, secret, onFault }: PromptHearingDeps): PromptHearing {
  const hash = createKeyedHash(secret);
  const heardOf = new Map<string, number>();
  const waiting: { readonly accountId: string; readonly text: string }[] = [];

  function learnNext(): void {
    const next = waiting.shift();
    if (next === undefined) return;
    try {
      const words = maskedWords(bounded(next.text));
      if (words.length >= WORDS_MIN) {
        const sketch = sketchOf(featuresOf(words, [], hash));
        const wording = leastWordPairs(words, hash, WORDINGS_KEPT);
        opened.now()?.learnt(next.accountId, { kind: 'template', sketch, wording }, clock.wallMs());
      }
    } catch (error) {
      onFault('learn a template', error);
    }
    if (waiting.length > 0) setImmediate(learnNext);
  }

  return {
    heard(accountId, text) {
      const before = heardOf.get(accountId) ?? 0;
      if (opened.now() === null || text === '' || before >= PER_ACCOUNT_MAX || waiting.length >= WAITING_MAX) return;
      heardOf.delete(accountId);
      heardOf.set(accountId, before + 1);
      if (heardOf.size > ACCOUNTS_MAX) heardOf.delete(heardOf.keys().next().value ?? accountId);
      waiting.push({ accountId, text });
      if (waiting.length === 1) setImmediate(learnNext);
    },
  };
}
