import { expect, test } from 'bun:test';
import { createBodyBudget } from './body-budget.ts';

test('gives what is left and no more, and takes back what was given', () => {
  const budget = createBodyBudget(100);
  expect(budget.take(60)).toBe(true);
  expect(budget.take(41)).toBe(false);
  expect(budget.take(40)).toBe(true);
  budget.give(60);
  expect(budget.take(60)).toBe(true);
});
