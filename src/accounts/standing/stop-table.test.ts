import { expect, test } from 'bun:test';
import type { Stop, StopCause } from './stop.ts';
import { createStopTable } from './stop-table.ts';

const SUBJECT = { kind: 'account', accountId: 'acct_1' } as const;
const stopOf = (cause: StopCause, untilMs: number | null = null): Stop => {
  return { id: `stop_${cause}`, subject: SUBJECT, cause, reason: 'why', by: 'x', untilMs, atMs: 0, lifted: null };
};

test('whoever stopped their own account is stopped by the operator all the same', () => {
  const time = { ms: 0 };
  const table = createStopTable({ wallMs: () => time.ms, monoMs: () => time.ms }, [stopOf('owner'), stopOf('plan')]);
  expect(table.ofAccount('acct_1')?.cause).toBe('plan');
  table.put(stopOf('sanction', 10));
  expect(table.ofAccount('acct_1')?.cause).toBe('sanction');
  expect(table.of({ id: 'key', accountId: 'acct_1', app: null, member: null })?.cause).toBe('sanction');
  expect(table.on(SUBJECT).map(({ cause }) => cause)).toEqual(['sanction', 'plan', 'owner']);
  time.ms = 10;
  expect(table.ofAccount('acct_1')?.cause).toBe('plan');
  table.take('stop_plan');
  expect(table.on(SUBJECT).map(({ cause }) => cause)).toEqual(['owner']);
});
