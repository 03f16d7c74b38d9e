import { expect, test } from 'bun:test';
import { createDelayWindow } from './process.ts';

test('the delay window tells the 99th percentile of the latest samples', () => {
  const window = createDelayWindow(200);
  expect(window.p99Ms()).toBeNull();
  window.note(7);
  expect(window.p99Ms()).toBe(7);
  for (let nth = 1; nth <= 200; nth++) window.note(nth);
  expect(window.p99Ms()).toBe(198);
  for (let nth = 0; nth < 200; nth++) window.note(-1);
  expect(window.p99Ms()).toBe(0);
});
