import { describe, expect, test } from 'bun:test';
import { runVerb } from '../../test/world/cli.ts';

const ACCOUNT = {
  id: 'acct_1',
  account_id: 'acct_1',
  kind: 'person',
  name: 'Ana',
  created_at: '2026-01-01T10:20:30.000Z',
};
const GRANT = {
  id: 'grant_1',
  account_id: 'acct_1',
  kind: 'promo',
  source: 'manual',
  state: 'active',
  amount_nano: '10000000',
  available_nano: '9000000',
  held_nano: '1000000',
  priority: 50,
  starts_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  models: null,
  products: null,
  reason: 'sorry',
  created_at: '2026-01-01T00:00:00.000Z',
};
const BALANCE = {
  account_id: 'acct_1',
  balance_nano: '10000000',
  available_nano: '9000000',
  held_nano: '1000000',
  envelope_nano: '19000000000',
  grants: [GRANT, { ...GRANT, id: 'grant_2', state: 'expired' }],
};
const SUBSCRIPTION = {
  account_id: 'acct_1',
  plan: 'plus',
  interval: 'month',
  seats: 1,
  state: 'active',
  period_start: '2026-01-01T00:00:00.000Z',
  period_end: '2026-02-01T00:00:00.000Z',
  cancel_at_period_end: false,
  next: null,
  paid_ahead: false,
};

const PLANS = {
  body: {
    data: [
      {
        name: 'plus',
        month_nano: '20000000000',
        year_nano: null,
        included_credit_nano: '0',
        signup_tranches_nano: [],
        seats: { min: 1, max: 1 },
        trial_days: 0,
        margin_bp: 0,
      },
    ],
  },
};

/** Answers by the end of the path asked for. */
async function run(argv: readonly string[], answers: Readonly<Record<string, { status?: number; body: unknown }>>) {
  const calls: (readonly [string, unknown])[] = [];
  const ran = await runVerb(argv, {
    connect: () => async (_method, path, body) => {
      calls.push([path, body]);
      const key = Object.keys(answers).find((end) => path.endsWith(end));
      const answer = key === undefined ? undefined : answers[key];
      return { status: answer?.status ?? 200, body: answer?.body, running: true };
    },
  });
  return { ...ran, calls };
}

describe('credit grant', () => {
  const grant = ['credit', 'grant', '--account', 'acct_1', '--reason', 'sorry'];
  const answers = { grants: { status: 201, body: { ...GRANT, grant_id: 'grant_1', repeated: false } } };

  test('sends nano-dollars and prints one object', async () => {
    const ran = await run([...grant, '--usd', '0.01', '--expires', '30d', '--models', 'a,b', '--json'], answers);
    expect(ran.calls).toEqual([
      [
        '/control/v1/credit/grants',
        {
          account_id: 'acct_1',
          amount_nano: '10000000',
          reason: 'sorry',
          kind: 'promo',
          expires_in_ms: 2_592_000_000,
          models: ['a', 'b'],
        },
      ],
    ]);
    expect([ran.code, JSON.parse(ran.out)]).toEqual([0, answers.grants.body]);
  });

  test('shows dollars to people', async () => {
    const ran = await run([...grant, '--usd', '0.01'], answers);
    expect(ran.out).toBe('Account acct_1 has $0.01 of promo credit (grant_1).\n');
  });

  test.each([
    [['--usd', '-1'], 'more than 0'],
    [['--usd', '0'], 'more than 0'],
    [['--usd', '0.0000000001'], 'at most nine decimals'],
    [['--usd', 'ten'], 'US dollars'],
    [['--usd', '2000000'], '--usd: must be at most a million US dollars'],
    [['--usd', '1', '--priority', '101'], '0 to 100'],
    [['--usd', '1', '--paid', '--promo'], 'cannot both'],
    [['--usd', '1', '--reason', ' '], '--reason'],
    [[], "'--usd"],
  ])('%j is refused before anything is asked', async (more, words) => {
    const ran = await run([...grant, ...more], answers);
    expect([ran.code, ran.calls]).toEqual([2, []]);
    expect(ran.err).toContain(words);
  });

  test('an unknown account is told and ends with 1', async () => {
    const error = { reason: 'account_not_found', message: 'there is no account acct_1' };
    const ran = await run([...grant, '--usd', '1'], { grants: { status: 404, body: { error } } });
    expect([ran.code, ran.err]).toEqual([1, 'candor: there is no account acct_1\n']);
  });
});

describe('ledger balance', () => {
  test('--json is what the service says', async () => {
    const ran = await run(['ledger', 'balance', '--account', 'acct_1', '--json'], { balance: { body: BALANCE } });
    expect(ran.calls[0]?.[0]).toBe('/control/v1/ledger/accounts/acct_1/balance');
    expect(JSON.parse(ran.out)).toEqual(BALANCE);
  });

  test('people read dollars, and which grant is used first', async () => {
    const ran = await run(['ledger', 'balance', '--account', 'acct_1'], { balance: { body: BALANCE } });
    expect(ran.out).toContain('available  $0.009\n');
    expect(ran.out).toContain('promised   $19.00 and not released');
    expect(ran.out).toMatch(/^1 +grant_1 +active/m);
    expect(ran.out).toMatch(/^- +grant_2 +expired/m);
  });
});

test("the house's own account is told to need no credit", async () => {
  const body = { ...BALANCE, account_id: 'acct_operator', grants: [] };
  const ran = await run(['ledger', 'balance', '--account', 'acct_operator'], { balance: { body } });
  expect(ran.out).toEndWith('is never charged and needs no credit.\n');
});

test('what is typed wrongly is told like every refusal', async () => {
  const ran = await run(['credit', 'grant'], {});
  expect(ran.err).toStartWith("candor: required option '--account <id>' not specified\n");
});

describe('account', () => {
  test('create makes an account, and its plan where one is named', async () => {
    const answers = {
      plans: PLANS,
      accounts: { status: 201, body: ACCOUNT },
      'plan/start': { body: { subscription: SUBSCRIPTION, repeated: false } },
    };
    const made = await run(['account', 'create', '--name', 'Ana', '--json'], answers);
    expect(JSON.parse(made.out)).toEqual(ACCOUNT);
    const line = ['account', 'create', '--name', 'Ana', '--plan', 'plus', '--interval', 'year', '--paid-by', 'cash'];
    const withPlan = await run([...line, '--json'], answers);
    expect(withPlan.calls[2]).toEqual([
      '/control/v1/accounts/acct_1/plan/start',
      { plan: 'plus', interval: 'year', paid_by: 'cash' },
    ]);
    expect(JSON.parse(withPlan.out)).toEqual({ ...ACCOUNT, subscription: SUBSCRIPTION });
  });

  test('a plan that is refused leaves the account, and says so', async () => {
    const error = { reason: 'payment_required', message: '20.00 US dollars must be paid first' };
    const start = { status: 402, body: { error } };
    const answers = { plans: PLANS, accounts: { status: 201, body: ACCOUNT }, 'plan/start': start };
    const ran = await run(['account', 'create', '--name', 'Ana', '--plan', 'plus'], answers);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('account acct_1 is made, but without a plan: 20.00 US dollars');
    expect(ran.err).toContain('--paid-by');
    expect(ran.err).toContain('candor plan start --account acct_1 --plan plus');
  });

  test('a plan that is misspelt makes no account', async () => {
    const line = ['account', 'create', '--name', 'Ana', '--plan', 'plsu'];
    const ran = await run(line, { plans: PLANS, accounts: { status: 201, body: ACCOUNT } });
    expect(ran.err).toBe('candor: --plan: there is no plan plsu, but plus; no account was made\n');
    expect(ran.calls.map(([path]) => path)).toEqual(['/control/v1/plans']);
  });

  test('show names the account either way, and once', async () => {
    const answers = {
      balance: { body: BALANCE },
      plan: { body: { account_id: 'acct_1', subscription: SUBSCRIPTION, signup: null, events: [] } },
      acct_1: { body: { ...ACCOUNT, keys: { active: 1, total: 2 } } },
    };
    const ran = await run(['account', 'show', 'acct_1'], answers);
    expect(ran.out).toContain('keys     1 active of 2');
    expect(ran.out).toContain('acct_1 is on plus (month, 1 seat), active until 2026-02-01');
    expect((await run(['account', 'show', '--account', 'acct_1'], answers)).out).toBe(ran.out);
    expect((await run(['account', 'show'], answers)).code).toBe(2);
    expect((await run(['account', 'show', 'a', '--account', 'a'], answers)).code).toBe(2);
  });
});

test('a plan that is ordered without a number of seats has its fewest', async () => {
  const [plus] = PLANS.body.data;
  const answers = {
    plans: { body: { data: [{ ...plus, seats: { min: 2, max: 9 } }] } },
    'subscription-checkouts': { status: 404, body: { error: { reason: 'x', message: 'x' } } },
  };
  const ran = await run(['payment', 'subscribe', '--account', 'acct_1', '--plan', 'plus'], answers);
  const body = { account_id: 'acct_1', plan: 'plus', seats: 2 };
  expect(ran.calls[1]).toEqual(['/control/v1/subscription-checkouts', body]);
});

describe('plan', () => {
  const changed = (more: object, repeated = false) => ({
    plan: { body: null },
    change: { body: { subscription: { ...SUBSCRIPTION, ...more }, repeated } },
  });

  test('seats, and what waits for the next period', async () => {
    const ran = await run(
      ['plan', 'seats', '--account', 'acct_1', '3'],
      changed({ seats: 5, next: { plan: 'plus', interval: 'month', seats: 3 } }),
    );
    expect(ran.calls).toEqual([['/control/v1/accounts/acct_1/plan/change', { seats: 3 }]]);
    expect(ran.out).toContain('(month, 5 seats), active until 2026-02-01T00:00:00.000Z, then plus (month, 3 seats)');
  });

  test('a quote asks for what is named alone; the rest stays as it is', async () => {
    const body = { due_nano: '1350000000000', fee_nano: '1500000000000', effective: 'now' };
    const ran = await run(['plan', 'quote', '--account', 'acct_1', '--interval', 'year'], {
      'interval=year': { body },
    });
    expect(ran.calls[0]?.[0]).toBe('/control/v1/accounts/acct_1/plan/quote?interval=year');
    expect(ran.out).toBe('$1350.00 due now; it begins now, and its whole fee is $1500.00 a period.\n');
  });

  test('a payment that was there before is told', async () => {
    const line = ['plan', 'change', '--account', 'acct_1', '--plan', 'plus', '--paid-by', 'invoice 12', '--id', 'i12'];
    const ran = await run(line, changed({}, true));
    expect(ran.calls[0]?.[1]).toEqual({ plan: 'plus', paid_by: 'invoice 12', payment_id: 'i12' });
    expect(ran.out).toContain('(nothing was changed now)');
  });

  test.each(['0', '-1', '2.5', 'many'])('%s is no number of seats', async (seats) => {
    const ran = await run(['plan', 'change', '--account', 'acct_1', '--seats', seats], changed({}));
    expect([ran.code, ran.calls]).toEqual([2, []]);
  });
});
