import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createComponents } from './components.ts';
import { createValues } from './values.ts';

const ACCOUNTS = 12;
const VALUES = 6;
const pairs = fc.array(fc.tuple(fc.nat(ACCOUNTS - 1), fc.nat(ACCOUNTS - 1)), { maxLength: 20 });
const owned = fc.array(fc.tuple(fc.nat(ACCOUNTS - 1), fc.nat(VALUES - 1)), { maxLength: 40 });

function build(has: readonly (readonly [number, number])[], edges: readonly (readonly [number, number])[]) {
  const values = createValues();
  const components = createComponents(values);
  const places = Array.from({ length: VALUES }, (_, low) => values.place({ field: 0, high: 7, low }));
  for (let account = 0; account < ACCOUNTS; account++) components.add(account);
  for (const [account, value] of has) {
    if (values.post(places[value] ?? 0, account, 0)) components.gained(account, places[value] ?? 0);
  }
  for (const [a, b] of edges) components.merge(a, b);
  const picture = () => ({
    parts: Array.from({ length: ACCOUNTS }, (_, account) => components.membersOf(account)),
    operators: places.map(values.operatorsOf),
    count: components.count,
  });
  return { components, picture };
}

test('cutting an edge and putting the rest together anew is building without it', () => {
  fc.assert(
    fc.property(owned, pairs, fc.nat(), (has, edges, nth) => {
      const { components, picture } = build(has, edges);
      const cut = edges.length === 0 ? -1 : nth % edges.length;
      const left = edges.filter((_, at) => at !== cut);
      const [a = 0] = edges[cut] ?? [];
      components.rebuild(a, (account) =>
        left.filter((edge) => edge.includes(account)).map(([x, y]) => (x === account ? y : x)),
      );
      expect(picture()).toEqual(build(has, left).picture());
    }),
  );
});

test('operators are counted alike in whatever order links and values came', () => {
  fc.assert(
    fc.property(owned, pairs, (has, edges) => {
      const straight = build(has, edges).picture();
      expect(build(has.toReversed(), edges.toReversed()).picture()).toEqual(straight);
      const { components, picture } = build([], edges);
      expect(components.count).toBe(straight.count);
      expect(picture().parts).toEqual(straight.parts);
    }),
  );
});

test('a value taken away is counted no more', () => {
  fc.assert(
    fc.property(owned, pairs, (has, edges) => {
      const values = createValues();
      const components = createComponents(values);
      const place = values.place({ field: 0, high: 1, low: 1 });
      for (let account = 0; account < ACCOUNTS; account++) components.add(account);
      const owners = new Set(has.map(([account]) => account));
      for (const account of owners) {
        values.post(place, account, 0);
        components.gained(account, place);
      }
      for (const [a, b] of edges) components.merge(a, b);
      for (const account of owners) {
        expect(values.drop(place, account)).toBe(true);
        components.lost(account, place);
      }
      expect(values.operatorsOf(place)).toBe(0);
      expect(values.countOf(place)).toBe(0);
    }),
  );
});
