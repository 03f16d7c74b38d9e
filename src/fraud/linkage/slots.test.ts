import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createSlots } from './slots.ts';

/** Few hashes, so that many keys have one in common. */
const HASHES = [0, 1, 7, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];
const hashOf = (key: number) => HASHES[key % HASHES.length] ?? 0;

test('what was put in is found by its key, however many share a hash, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2_000), { maxLength: 400 }), fc.nat(2_000), (all, other) => {
      const entries: number[] = [];
      const slots = createSlots<number>(
        (entry) => hashOf(entries[entry] ?? 0),
        (entry, key) => entries[entry] === key,
      );
      for (const key of all) {
        expect(slots.find(hashOf(key), key)).toBe(entries.indexOf(key));
        if (!entries.includes(key)) slots.add(hashOf(key), entries.push(key) - 1);
      }
      for (const key of [...all, other]) expect(slots.find(hashOf(key), key)).toBe(entries.indexOf(key));
    }),
  );
});
