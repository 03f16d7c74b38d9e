import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { systemRandom } from '../base/random.ts';
import { mintKeyText, readKeyText } from './key-text.ts';

test('a minted key has the documented shape and reads back', () => {
  const made = mintKeyText(systemRandom);
  expect(made.text).toMatch(/^cd_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
  expect(readKeyText(made.text)).toEqual({ id: made.id, signed: made.signed });
});

test('the checksum of a known key never changes', () => {
  const signed = `cd_live_00000000_${'0'.repeat(43)}`;
  expect(readKeyText(`${signed}_4D811z`)).toEqual({ id: '00000000', signed });
});

test('any one changed character is found without a store', () => {
  const { text } = mintKeyText(systemRandom);
  const digit = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split(''));
  fc.assert(
    fc.property(fc.nat(text.length - 1), digit, (at, changed) => {
      const other = text.slice(0, at) + changed + text.slice(at + 1);
      expect(readKeyText(other) !== null).toBe(other === text);
    }),
  );
});

test('whatever a stranger sends is read or refused, never thrown', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => readKeyText(text) === null));
  const { text } = mintKeyText(systemRandom);
  for (const odd of [
    `${text}\n`,
    ` ${text}`,
    `${text}\0`,
    `${text}${text}`,
    text.toUpperCase(),
    'x'.repeat(1_000_000),
  ]) {
    expect(readKeyText(odd)).toBe(null);
  }
});

test('bytes that would make some digits likelier are thrown away', () => {
  let calls = 0;
  const random = {
    bytes: (count: number) => new Uint8Array(count).fill(calls++ % 2 === 0 ? 255 : 61),
    unit: () => 0,
  };
  expect(mintKeyText(random).signed).toBe(`cd_live_zzzzzzzz_${'z'.repeat(43)}`);
});
