import { expect, test } from 'bun:test';
import { behaviourOf } from './behaviour.ts';

test.each([
  ['mock', { delayMs: 0, chunks: 20, periodMs: 0, fault: 'none' }],
  ['mock-20ms', { delayMs: 20, chunks: 20, periodMs: 0, fault: 'none' }],
  ['mock-60x50', { delayMs: 0, chunks: 60, periodMs: 50, fault: 'none' }],
  ['mock-60x50-20ms-die', { delayMs: 20, chunks: 60, periodMs: 50, fault: 'die' }],
  ['mock-hang', { delayMs: 0, chunks: 20, periodMs: 0, fault: 'hang' }],
  ['mock-status-429', { delayMs: 0, chunks: 20, periodMs: 0, fault: 'status-429' }],
])('%s', (model, behaviour) => {
  expect(behaviourOf(model)).toEqual(behaviour as ReturnType<typeof behaviourOf>);
});
