import { expect, test } from 'bun:test';
import { REFUSALS } from '../../../src/gateway/refusal.ts';
import { reasonTexts } from './reason-texts.ts';

test('whatever the API refuses has words here', () => {
  const told = new Set(Object.keys(reasonTexts.en));
  expect([...Object.keys(REFUSALS), 'process_died'].filter((reason) => !told.has(`reason_${reason}`))).toEqual([]);
});
