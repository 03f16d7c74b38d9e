/**
 * The vectors of the CEL specification against the language of rules. Everything passes but what `cel-outside.json` names
 * with a reason; what is named there must really differ, so that the list neither hides a mistake nor grows old.
 */
import { expect, test } from 'bun:test';
import outside from './cel-outside.json';
import { allVectors, runVector } from './cel-vectors.ts';

/** Of a vector: `file/section/name`, `file/section` and `file`. */
function namesOf(id: string): readonly string[] {
  const parts = id.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

const ran = allVectors().map((vector) => ({ id: vector.id, names: namesOf(vector.id), result: runVector(vector) }));
const reasons = new Map(outside.flatMap(({ reason, vectors }) => vectors.map((name) => [name, reason] as const)));

test('every vector inside the language passes', () => {
  const failing = ran
    .filter(({ names, result }) => result.outcome === 'differs' && !names.some((name) => reasons.has(name)))
    .map(({ id, result }) => `${id}: ${result.outcome === 'differs' ? result.because : ''}`);
  expect(failing).toEqual([]);
});

test('every vector that is named as outside does differ, and every name is of some', () => {
  const passing = ran.filter(
    ({ names, result }) => result.outcome !== 'differs' && names.some((name) => reasons.has(name)),
  );
  expect(passing.map(({ id }) => id)).toEqual([]);
  const known = new Set(ran.flatMap(({ names }) => names));
  expect([...reasons.keys()].filter((name) => !known.has(name))).toEqual([]);
  expect(reasons.size).toBe(outside.flatMap(({ vectors }) => vectors).length);
});

test('the figures, by file', () => {
  const files = Map.groupBy(ran, ({ names }) => names[0] ?? '');
  for (const [file, vectors] of files) {
    const count = (outcome: string): number => vectors.filter(({ result }) => result.outcome === outcome).length;
    const passed = count('evaluated') + count('refused');
    const because = Map.groupBy(
      vectors.filter(({ result }) => result.outcome === 'differs'),
      ({ names }) => reasons.get(names.find((name) => reasons.has(name)) ?? '') ?? 'no reason',
    );
    const left = [...because].map(([reason, those]) => `${those.length} ${reason}`).join(', ');
    console.log(`${file}: ${passed} of ${vectors.length}${left === '' ? '' : `; outside: ${left}`}`);
  }
  const passed = ran.filter(({ result }) => result.outcome !== 'differs').length;
  console.log(`${passed} of ${ran.length} vectors pass`);
  expect(passed).toBeGreaterThan(690);
});
