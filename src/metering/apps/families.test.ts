import { expect, test } from 'bun:test';
import { createFamilies, packSketches, SKETCHES_PER_FAMILY_MAX, unpackSketches } from './families.ts';
import { createKeyedHash } from '../../sketch/keyed-hash.ts';
import { type Sketch, sketchOf } from '../../sketch/sketch.ts';

const hash = createKeyedHash(new Uint8Array(32).fill(9));
const HOUR_MS = 3_600_000;

/** Of 100 features, `own` of them no other sketch has. */
function sketch(family: number, version = 0, own = 0): Sketch {
  const features = Uint32Array.from({ length: 100 }, (_, at) => {
    const words = Uint32Array.of(family, at < own ? 1_000 + version : 0, at);
    return hash.run(words, 0, 3);
  });
  return sketchOf(features);
}

const stored = (nth: number, seenMs = nth) => ({
  id: `fam_${nth}`,
  firstSeenMs: seenMs,
  lastSeenMs: seenMs,
  sketches: [sketch(nth)],
});

test('what was not seen for longest leaves when there is no more room, and its place is used again', () => {
  const families = createFamilies(10, 10);
  for (let nth = 0; nth < 10; nth++) families.add(stored(nth));
  const first = families.get('fam_0');
  if (first === null) throw new Error('it was added');
  families.see(first, HOUR_MS);
  for (let nth = 10; nth < 14; nth++) families.add(stored(nth));
  expect([...families.all()].map(({ id }) => id)).toEqual(
    [5, 6, 7, 8, 9, 0, 10, 11, 12, 13].map((nth) => `fam_${nth}`),
  );
  expect(families.match(sketch(1))).toBeNull();
  expect(families.match(sketch(0))?.family.id).toBe('fam_0');
  expect(families.match(sketch(13))).toMatchObject({ alike: 1, family: { id: 'fam_13' } });
});

test('a family is known by so many versions and no more, its first among them', () => {
  const families = createFamilies(10, 100);
  const family = families.add(stored(1));
  for (let version = 1; version < 40; version++) {
    const now = sketch(1, version, 20);
    const found = families.match(now);
    expect(found?.family).toBe(family);
    families.adopt(family, now, found?.alike ?? 0, version * HOUR_MS);
    expect(family.places.length).toBeLessThanOrEqual(SKETCHES_PER_FAMILY_MAX);
  }
  expect(family.places).toHaveLength(SKETCHES_PER_FAMILY_MAX);
  expect(families.stored(family).sketches[0]).toEqual(sketch(1));
});

test('sketches come back from the disk as they went', () => {
  const sketches = [sketch(1), sketch(2)];
  expect(unpackSketches(packSketches(sketches))).toEqual(sketches);
  expect(unpackSketches(packSketches([]))).toEqual([]);
});
