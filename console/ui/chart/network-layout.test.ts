import { expect, test } from 'bun:test';
import { layOutNetwork, type NetworkPair } from './network-layout.ts';

const ring: NetworkPair[] = Array.from({ length: 12 }, (_, nth) => [nth, (nth + 1) % 12]);

test('the same graph is laid out alike each time, inside of the picture', () => {
  const places = layOutNetwork(12, ring);
  expect(layOutNetwork(12, ring)).toEqual(places);
  for (const { x, y } of places) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(1);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(1);
  }
});

test('who is connected stands nearer than who is not, and nobody on another', () => {
  const two: NetworkPair[] = [
    [0, 1],
    [1, 2],
    [0, 2],
    [3, 4],
    [4, 5],
    [3, 5],
  ];
  const places = layOutNetwork(6, two);
  const between = (one: number, other: number) => {
    const [a, b] = [places[one], places[other]];
    return Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0));
  };
  const near = Math.max(...two.map(([one, other]) => between(one, other)));
  const apart = Math.min(...[0, 1, 2].flatMap((one) => [3, 4, 5].map((other) => between(one, other))));
  expect(near).toBeLessThan(apart);
  expect(Math.min(...two.map(([one, other]) => between(one, other)))).toBeGreaterThan(0.02);
});

test('one alone stands in the middle', () => {
  expect(layOutNetwork(1, [])).toEqual([{ x: 0.5, y: 0.5 }]);
});
