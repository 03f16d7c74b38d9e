import { expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

function load(yaml: string) {
  const disk = {
    read: (path: string) => (path === '/c/candor.yaml' ? Buffer.from(yaml) : null),
    isFile: (path: string) => path === '/c/candor.yaml',
  };
  return loadConfig({ env: {}, cwd: '/c', disk });
}

function pricingOf(yaml: string) {
  const loaded = load(yaml);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value.pricing;
}

test('a model without a price is refused unless the file says otherwise', () => {
  expect(pricingOf('')).toEqual({ unpriced: 'refuse', estimate: null, defaultMarginBp: 0, holdWaitMs: 5000 });
});

test('an estimate is read exactly', () => {
  const yaml = `pricing:
  unpriced: estimate
  estimate: { input_usd_per_million: 2.5, output_usd_per_million: '0.000000001' }
  default_margin_bp: 1500
  hold_wait_ms: 0`;
  expect(pricingOf(yaml)).toEqual({
    unpriced: 'estimate',
    estimate: { input: 2_500_000_000n, output: 1n },
    defaultMarginBp: 1500,
    holdWaitMs: 0,
  });
});

test.each([
  ['unpriced: estimate', 'pricing.estimate: is missing, and unpriced models are to be estimated'],
  ['unpriced: free', 'pricing.unpriced: must be'],
  ['estimate: { input_usd_per_million: 1 }', 'pricing.estimate'],
  [
    'estimate: { input_usd_per_million: 0, output_usd_per_million: 1 }',
    'pricing.estimate.input_usd_per_million: is 0, and nothing is free by accident',
  ],
  ['estimate: { input_usd_per_million: -1, output_usd_per_million: 1 }', 'pricing.estimate'],
  ['default_margin_bp: -1', 'pricing.default_margin_bp: must be'],
  ['default_margin_bp: 0.5', 'pricing.default_margin_bp: must be'],
  ['hold_wait_ms: 60001', 'pricing.hold_wait_ms: must be'],
])('%s is told', (line, words) => {
  const loaded = load(`pricing:\n  ${line}`);
  const problems = loaded.ok ? [] : loaded.refusal.map((one) => `${one.key}: ${one.message}`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toStartWith(words);
});
