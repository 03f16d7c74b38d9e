import type { TokenLogprob } from '../generation.ts';
import { diceOf, hashText } from './seed.ts';

const utf8 = new TextEncoder();

const ALTERNATIVES = [
  ' the',
  ' a',
  ' of',
  ' and',
  ' to',
  ' in',
  ' is',
  ' it',
  ' for',
  ' on',
  ' as',
  ' with',
  ' by',
  ' at',
  ' from',
  ' or',
  ' an',
  ' be',
  ' this',
  ' that',
  ' are',
];

/** A made-up but well-formed log probability: the piece itself comes first, its alternatives are less likely. */
export function logprobOf(piece: string, alternatives: number): TokenLogprob {
  const dice = diceOf(hashText(piece, 0x811c9dc5));
  let logprob = -dice() / 4;
  const own = { token: piece, logprob, bytes: [...utf8.encode(piece)] };
  const others = ALTERNATIVES.filter((token) => token !== piece).slice(0, Math.max(0, alternatives - 1));
  const ranked = others.map((token) => {
    logprob -= 1 + dice();
    return { token, logprob, bytes: [...utf8.encode(token)] };
  });
  return { ...own, top_logprobs: alternatives > 0 ? [own, ...ranked] : [] };
}
