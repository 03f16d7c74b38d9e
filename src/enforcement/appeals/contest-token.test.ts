import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { createContestTokens } from './contest-token.ts';

const DAY_MS = 86_400_000;
const time = { ms: Date.UTC(2027, 0, 5, 12) };
const clock = { wallMs: () => time.ms, monoMs: () => time.ms };
const secret = new Uint8Array(32).fill(3);
const tokens = createContestTokens(secret, clock);
const mintId = createMintId(clock, systemRandom);

test('it opens the one decision it was made for, for a month, also after a restart', () => {
  const id = mintId('dec');
  const token = tokens.make(id);
  expect(tokens.make(id)).toBe(token);
  expect(tokens.open(token)).toBe(id);
  expect(createContestTokens(secret, clock).open(token)).toBe(id);
  time.ms += 30 * DAY_MS;
  expect(tokens.open(token)).toBe(id);
  expect(tokens.make(id)).not.toBe(token);
  time.ms += DAY_MS;
  expect(tokens.open(token)).toBeNull();
});

test('changed anywhere, made under another secret, or made up, it opens nothing', () => {
  const token = tokens.make(mintId('dec'));
  expect(createContestTokens(new Uint8Array(32).fill(4), clock).open(token)).toBeNull();
  const letters = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefz.-_'.split(''));
  // The last letter carries two bits that mean nothing.
  fc.assert(
    fc.property(fc.nat(token.length - 2), letters, (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      expect(tokens.open(changed) === null || changed === token).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => tokens.open(text) === null));
});

test('of another decision it opens nothing: the parts of two are not put together', () => {
  const [one, other] = [tokens.make(mintId('dec')), tokens.make(mintId('dec'))].map((token) => token.split('.'));
  expect(tokens.open([one?.[0], other?.[1], other?.[2]].join('.'))).toBeNull();
});
