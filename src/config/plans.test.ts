import { describe, expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

function load(yaml: string) {
  const disk = {
    read: (path: string) => (path === '/c/candor.yaml' ? Buffer.from(yaml) : null),
    isFile: (path: string) => path === '/c/candor.yaml',
  };
  return loadConfig({ env: {}, cwd: '/c', disk });
}

function plansOf(yaml: string) {
  const loaded = load(yaml);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value.plans;
}

function problemsOf(yaml: string): string[] {
  const loaded = load(yaml);
  return loaded.ok ? [] : loaded.refusal.map((one) => `${one.key}: ${one.message}`);
}

describe('plans', () => {
  test('four are built in, and free gives twenty dollars in five parts', () => {
    const plans = plansOf('');
    expect(Object.keys(plans)).toEqual(['free', 'plus', 'business', 'enterprise']);
    expect(plans['free']?.signupTranches.reduce((sum, part) => sum + part, 0n)).toBe(20_000_000_000n);
    expect(plans['free']?.price).toEqual({ month: 0n, year: null });
    expect(plans['plus']?.price).toEqual({ month: 20_000_000_000n, year: 204_000_000_000n });
  });

  test('a block changes what it names and leaves the rest', () => {
    const { plus, lab } = plansOf(`plans:
  plus: { price_usd: { month: '19.99' }, limits: { concurrency: 9 }, margin_bp: -500 }
  lab: { price_usd: { month: 0.1 }, seats: { max: 4 } }`);
    expect(plus).toMatchObject({
      price: { month: 19_990_000_000n, year: 204_000_000_000n },
      includedCredit: 5_000_000_000n,
      limits: { concurrency: 9 },
      marginBp: -500,
    });
    expect(lab).toMatchObject({
      name: 'lab',
      price: { month: 100_000_000n, year: null },
      seats: { min: 1, max: 4 },
    });
  });

  test.each([
    ['{ lab: {} }', 'plans.lab.price_usd: names no fee, so nobody can have this plan'],
    [
      '{ free: { price_usd: { month: 1 } } }',
      'plans.free.price_usd: must be 0 by the month, because accounts without a plan are on it',
    ],
    ['{ plus: { seats: { min: 3 } } }', 'plans.plus.seats: has a min of 3 above its max of 1'],
    ['{ free: { signup_tranches_usd: [1, 0] } }', 'plans.free.signup_tranches_usd: holds a part of 0'],
    ['{ plus: { price_usd: { month: -1 } } }', 'plans.plus.price_usd.month: must be'],
    ["{ plus: { price_usd: { month: '-1' } } }", 'plans.plus.price_usd.month: must be from 0 to 1000000 US dollars'],
    [
      "{ plus: { price_usd: { month: '1e3' } } }",
      'plans.plus.price_usd.month: must be an amount in US dollars such as 20 or 0.01, with at most nine decimals',
    ],
    ['{ plus: { price_usd: { month: 0.0000000001 } } }', 'plans.plus.price_usd.month: must be an amount'],
    ['{ Plus: { price_usd: { month: 1 } } }', 'plans.Plus: is not a usable name'],
    ['{ plus: { price: 3 } }', 'plans.plus.price: is no key of this block'],
  ])('%s is refused', (plans, problem) => {
    const found = problemsOf(`plans: ${plans}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toStartWith(problem);
  });
});
