import { expect, test } from 'bun:test';
import { runVerb } from '../../test/world/cli.ts';

const BUDGET = {
  id: 'budget_1',
  account_id: 'acct_1',
  subject: 'member',
  subject_id: 'ana',
  period: 'day',
  action: 'stop',
  alert_at: [80],
  limit_nano: '10000000000',
  used_nano: '2500000000',
  spent_nano: '2000000000',
  created_at: '2026-01-01T10:20:30.000Z',
  resets_at: '2026-01-02T00:00:00.000Z',
};
const STOPPED = {
  kind: 'budget_stopped',
  id: 'alert_2',
  at: '2026-01-01T10:20:30.000Z',
  account_id: 'acct_1',
  budget_id: 'budget_1',
  subject: 'member',
  subject_id: 'ana',
  period: 'day',
  period_start: '2026-01-01T00:00:00.000Z',
  limit_nano: '10000000000',
  spent_nano: '9000000000',
};
const LOW = {
  kind: 'low_balance',
  id: 'alert_1',
  at: '2026-01-01T09:00:00.000Z',
  account_id: 'acct_1',
  threshold_nano: '5000000000',
  balance_nano: '4990000000',
};

async function run(line: string, answer: unknown) {
  const calls: unknown[] = [];
  const ran = await runVerb(line.split(' '), {
    connect: () => (method, path, body) => {
      calls.push([method, path, ...(body === undefined ? [] : [body])]);
      return Promise.resolve({ status: 200, body: answer, running: true });
    },
  });
  return { ...ran, calls };
}

test('budget set says what was set, and sends nano-dollars', async () => {
  const line = 'budget set --account acct_1 --member ana --usd 10 --period day --action stop --alert-at 80';
  const ran = await run(line, BUDGET);
  expect(ran.err).toBe('');
  expect(ran.out).toBe(
    'The member ana has a day budget of $10.00 (budget_1); $2.50 is used, until 2026-01-02T00:00:00.000Z.\n',
  );
  const limits = { limit_nano: '10000000000', period: 'day', action: 'stop', alert_at: [80] };
  expect(ran.calls).toEqual([['POST', '/control/v1/budgets', { account_id: 'acct_1', member: 'ana', ...limits }]]);
  expect(JSON.parse((await run(`${line} --json`, BUDGET)).out)).toEqual(BUDGET);
});

test('budget set takes no share at all, and never repeats a secret', async () => {
  const set = 'budget set --account acct_1 --usd 10 --period total';
  const none = await run(`${set} --alert-at none`, BUDGET);
  expect(none.calls).toMatchObject([['POST', '/control/v1/budgets', { alert_at: [] }]]);
  const leaked = await run(`${set} --key cd_live_k1234567_secret_sum`, BUDGET);
  expect([leaked.code, leaked.calls]).toEqual([2, []]);
  expect(leaked.err).not.toContain('secret');
});

test('budget list and alert list are tables', async () => {
  const budgets = await run('budget list --account acct_1', { data: [BUDGET] });
  expect(budgets.calls).toEqual([['GET', '/control/v1/budgets?account=acct_1']]);
  expect(budgets.out.split('\n')[1]).toBe(
    'budget_1  acct_1   member ana  day     $10.00  $2.50  $2.00  stop    80%      2026-01-02 00:00',
  );
  const alerts = await run('alert list --limit 2', { data: [STOPPED, LOW], next: 'alert_1' });
  expect(alerts.calls).toEqual([['GET', '/control/v1/alerts?limit=2']]);
  expect(alerts.out.split('\n').slice(1)).toEqual([
    '2026-01-01 10:20  acct_1   budget_stopped  day budget of member ana: $9.00 of $10.00 spent, a request was refused',
    '2026-01-01 09:00  acct_1   low_balance     $4.99 is left, below $5.00',
    'There are more: candor alert list --before alert_1',
    '',
  ]);
});

test('a threshold is set and taken away', async () => {
  const on = { account_id: 'acct_1', threshold_nano: '5000000000', told: true };
  const set = await run('alert low-balance set --account acct_1 --usd 5', on);
  expect(set.calls).toEqual([
    ['POST', '/control/v1/alerts/low-balance', { account_id: 'acct_1', threshold_nano: '5000000000' }],
  ]);
  expect(set.out).toBe('It is told when the credit of account acct_1 falls below $5.00; it is already.\n');
  const off = await run('alert low-balance off --account acct_1', { ...on, threshold_nano: null, told: false });
  expect(off.out).toBe('Nothing more is told of the credit of account acct_1.\n');
});
