import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createMintId } from './ids.ts';
import { systemRandom } from './random.ts';

test('an id is its prefix and 26 characters of a ULID that holds the time', () => {
  const id = createMintId({ wallMs: () => 1_469_918_176_385, monoMs: () => 0 }, systemRandom)('req');
  expect(id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(id.slice(4, 14)).toBe('01ARYZ6S41');
});

test('ids are unique and sort in the order they were made, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 300 }), (steps) => {
      let now = 1_000_000;
      const mintId = createMintId({ wallMs: () => now, monoMs: () => 0 }, systemRandom);
      const ids = steps.map((step) => {
        now += step;
        return mintId('x');
      });
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.toSorted()).toEqual(ids);
    }),
  );
});

test('a million ids in one millisecond run on into the next, in order', () => {
  const mintId = createMintId({ wallMs: () => 1_000, monoMs: () => 0 }, systemRandom);
  let last = '';
  for (let n = 0; n < 1_200_000; n++) {
    const id = mintId('x');
    if (id <= last) throw new Error(`${id} after ${last}`);
    last = id;
  }
  expect(last.slice(2, 12) > '000000000Z').toBe(true);
});
