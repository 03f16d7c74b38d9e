import type { Message } from '../generation.ts';

/** Characters read from either end of a text; the middle of a long one does not change the answer. */
const EDGE_CHARS = 4096;

/** A repeatable source of numbers in [0, 1). */
export type Dice = () => number;

/** FNV-1a over UTF-16 units. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashText(text: string, seed: number, from = 0, to: number = text.length): number {
  let hash = seed;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** One number from what a conversation says: same messages, same answer. */
export function seedOf(messages: readonly Message[]): number {
  let hash = 0x811c9dc5;
  for (const message of messages) {
    hash = hashText(message.role, hash);
    for (const part of message.content) {
      if (part.type === 'text') hash = hashEdges(part.text, hash);
      else hash = hashText(part.type, hash);
    }
  }
  return hash;
}

function hashEdges(text: string, seed: number): number {
  if (text.length <= 2 * EDGE_CHARS) return hashText(text, seed);
  const head = hashText(text, Math.imul(seed ^ text.length, 0x01000193), 0, EDGE_CHARS);
  return hashText(text, head, text.length - EDGE_CHARS);
}

/** Mulberry32: small, fast and good enough to pick sentences. */
export function diceOf(seed: number): Dice {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function pick<Item>(items: readonly Item[], dice: Dice): Item | undefined {
  return items[Math.floor(dice() * items.length)];
}
