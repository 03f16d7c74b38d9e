import { expect, test } from 'bun:test';
import { hearSignUps } from './follow-people.ts';

test('a phone opens sign-up credit with what makes it known again, so that all who show it share', async () => {
  const heard: unknown[] = [];
  const vesting = {
    began: async (accountId: string) => void heard.push([accountId]),
    proved: async (...proof: unknown[]) => void heard.push(proof),
  };
  const { proved } = hearSignUps({ signedUp: () => Promise.resolve(), isReady: () => true }, vesting, {
    signUp: () => undefined,
  });
  await proved('acct_a', 'mail', null);
  await proved('acct_a', 'phone', 'digest');
  expect(heard).toEqual([['acct_a'], ['acct_a', 'phone', { token: 'digest' }]]);
});
