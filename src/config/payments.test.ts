import { expect, test } from 'bun:test';
import type { Environment } from './env.ts';
import { loadConfig } from './load.ts';
import { formatProblems } from './problem.ts';

const ENV = { STRIPE_SECRET_KEY: 'sk_test_abcdefgh', STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef' };

/** What is wrong with payments by Stripe at this address, or nothing. */
function problemsOf(env: Environment, baseUrl = 'https://api.stripe.com'): string {
  const names = 'secret_key_env: STRIPE_SECRET_KEY, webhook_secret_env: STRIPE_WEBHOOK_SECRET';
  const pages = 'success_url: https://app.example.com/, cancel_url: https://app.example.com/';
  const yaml = `payments: { stripe: { ${names}, ${pages}, base_url: "${baseUrl}" } }\n`;
  const disk = {
    read: (path: string) => (path === '/c/candor.yaml' ? Buffer.from(yaml) : null),
    isFile: (path: string) => path === '/c/candor.yaml',
  };
  const loaded = loadConfig({ env, cwd: '/c', disk });
  return loaded.ok ? '' : formatProblems(loaded.refusal);
}

test.each([
  ['missing', {}, 'is not set'],
  ['empty', { STRIPE_WEBHOOK_SECRET: '' }, 'is not set'],
  ['blank', { STRIPE_WEBHOOK_SECRET: ' '.repeat(32) }, 'holds spaces'],
  ['short', { STRIPE_WEBHOOK_SECRET: 'whsec_short' }, 'shorter than 16'],
  ['the secret key', { STRIPE_SECRET_KEY: 'x'.repeat(32), STRIPE_WEBHOOK_SECRET: 'x'.repeat(32) }, 'the secret key'],
])('a webhook secret that is %s keeps the service from starting', (_, secret, words) => {
  expect(problemsOf({ STRIPE_SECRET_KEY: ENV.STRIPE_SECRET_KEY, ...secret })).toContain(words);
});

test.each([
  ['http://stripe.example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['https://stripe.example.com', true],
  ['http://127.0.0.1:12111', true],
  ['http://[::1]:12111', true],
])('the secret key may travel to %s: %p', (url, may) => {
  expect(problemsOf(ENV, url)).toEqual(may ? '' : expect.stringContaining('unencrypted'));
});
