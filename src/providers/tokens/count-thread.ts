/** Runs in a thread of its own: counts the tokens of one text at a time. Started by `counter.ts`. */
import { parentPort } from 'node:worker_threads';
import type { CountAnswer, CountOrder, TokenEncoding } from './counter.ts';

/** A vocabulary's merge step is quadratic in an unbroken run, so a text with a longer one is left to the estimate. */
const RUN_CHARS_MAX = 2000;
const LONG_RUN = new RegExp(
  `\\p{L}{${RUN_CHARS_MAX}}|\\p{Z}{${RUN_CHARS_MAX}}|[^\\s\\p{L}\\p{N}]{${RUN_CHARS_MAX}}`,
  'u',
);

type Count = (text: string) => number;

const counts = new Map<TokenEncoding, Promise<Count>>();

async function loadCount(encoding: TokenEncoding): Promise<Count> {
  const vocabulary =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  // Words such as `<|endoftext|>` are a caller's plain text here, never control tokens.
  const plain = { disallowedSpecial: new Set<string>() };
  return (text) => vocabulary.countTokens(text, plain);
}

async function answer(order: CountOrder): Promise<void> {
  let count = counts.get(order.encoding);
  if (count === undefined) {
    count = loadCount(order.encoding);
    counts.set(order.encoding, count);
  }
  const ready = await count;
  post({ type: 'begun', id: order.id });
  post({ type: 'counted', id: order.id, tokens: LONG_RUN.test(order.text) ? null : ready(order.text) });
}

function post(message: CountAnswer): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (order: CountOrder) => {
  // A text the vocabulary refuses is the estimate's business; the thread lives on.
  answer(order).catch(() => post({ type: 'counted', id: order.id, tokens: null }));
});
