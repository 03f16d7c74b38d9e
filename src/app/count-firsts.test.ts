import { expect, test } from 'bun:test';
import type { ApiKey, KeyChange } from '../accounts/index.ts';
import type { UsageEvent } from '../metering/index.ts';
import { countFirsts } from './count-firsts.ts';

test('the first key and the first answer of an account are counted once', () => {
  const noted: string[] = [];
  const made = new Map<string, number>();
  let change: (change: KeyChange) => void = () => undefined;
  let used: (event: UsageEvent) => void = () => undefined;
  countFirsts({
    door: { note: (step) => void noted.push(step) },
    keys: {
      onChange(listener) {
        change = listener;
        return () => undefined;
      },
      ofAccount: (accountId) => Array.from({ length: made.get(accountId) ?? 0 }, () => ({}) as ApiKey),
    },
    onUsage(listener) {
      used = listener;
    },
  });
  const make = (accountId: string) => {
    made.set(accountId, (made.get(accountId) ?? 0) + 1);
    change({ keyId: 'k', accountId, app: null, kind: 'created' });
  };
  const ask = (accountId: string, outcome: UsageEvent['outcome']) => used({ accountId, outcome } as UsageEvent);
  make('acct_a');
  make('acct_a');
  make('acct_operator');
  ask('acct_b', 'completed');
  ask('acct_a', 'refused');
  ask('acct_a', 'completed');
  ask('acct_a', 'completed');
  expect(noted).toEqual(['first_key', 'first_answer']);
});
