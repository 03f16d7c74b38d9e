import { type Environment, readVariable } from './env.ts';
import type { Finding } from './problem.ts';
import type { PaymentsEntry } from './schema/payments.ts';
import { nanoOf } from './schema/usd.ts';

/** How money comes in. Amounts in nano-dollars. */
export interface PaymentsConfig {
  /** Null: invoices and bank transfers alone. */
  readonly stripe: StripeConfig | null;
  readonly topup: {
    /** Credit one payment may buy. */
    readonly min: bigint;
    readonly max: bigint;
    /** On top of credit and fees, in basis points. */
    readonly taxBp: number;
  };
  readonly redeem: { readonly failuresPerHour: number };
  readonly autoTopup: { readonly retryMs: number };
}

export interface StripeConfig {
  readonly secretKey: string;
  /** Never short: without a secret nobody could tell Stripe's word from a stranger's. */
  readonly webhookSecret: string;
  /** Without a path. */
  readonly baseUrl: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly timeoutMs: number;
}

const THIS_MACHINE: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const SECRET_KEY_CHARS_MIN = 8;
const WEBHOOK_SECRET_CHARS_MIN = 16;

/** `found` collects secrets that are missing or too short, and amounts that do not fit together. */
export function assemblePayments(entry: PaymentsEntry, env: Environment, found: Finding[]): PaymentsConfig {
  const { stripe, topup } = entry;
  const min = nanoOf(topup.min_usd);
  const max = nanoOf(topup.max_usd);
  const tell = (key: string, message: string, fix: string) =>
    found.push({ path: ['payments', 'topup', key], at: 'value', message, fix });
  if (min < nanoOf('0.01')) tell('min_usd', 'is less than a cent', 'Write 0.01 or more.');
  if (min > max) tell('min_usd', 'is more than max_usd', 'Lower min_usd or raise max_usd.');
  return {
    stripe: stripe === null ? null : assembleStripe(stripe, env, found),
    topup: { min, max, taxBp: topup.tax_bp },
    redeem: { failuresPerHour: entry.redeem.failures_per_hour },
    autoTopup: { retryMs: entry.auto_topup.retry_ms },
  };
}

function assembleStripe(entry: NonNullable<PaymentsEntry['stripe']>, env: Environment, found: Finding[]): StripeConfig {
  const tell = (key: string, message: string, fix: string) =>
    found.push({ path: ['payments', 'stripe', key], at: 'value', message, fix });
  const { pathname, protocol, hostname } = new URL(entry.base_url);
  if (pathname !== '/') tell('base_url', 'must not have a path', 'Write scheme, host and port alone.');
  if (protocol !== 'https:' && !THIS_MACHINE.has(hostname)) {
    tell('base_url', 'would send the secret key unencrypted', 'Write https:// unless the host is this machine.');
  }
  const secret = (key: 'secret_key_env' | 'webhook_secret_env', charsMin: number) =>
    readSecret(env, entry[key], ['payments', 'stripe', key], charsMin, found);
  const secretKey = secret('secret_key_env', SECRET_KEY_CHARS_MIN);
  const webhookSecret = secret('webhook_secret_env', WEBHOOK_SECRET_CHARS_MIN);
  if (webhookSecret !== '' && webhookSecret === secretKey) {
    const fix = 'Set it to the signing secret of the endpoint, which begins with whsec_.';
    tell('webhook_secret_env', `${entry.webhook_secret_env} holds the secret key`, fix);
  }
  return {
    secretKey,
    webhookSecret,
    baseUrl: entry.base_url,
    successUrl: entry.success_url,
    cancelUrl: entry.cancel_url,
    timeoutMs: entry.timeout_ms,
  };
}

function readSecret(
  env: Environment,
  variable: string,
  path: readonly string[],
  charsMin: number,
  found: Finding[],
): string {
  const value = readVariable(env, variable);
  const tell = (message: string, fix: string) => found.push({ path, at: 'value', message, fix });
  if (value === null) {
    tell(
      `the environment variable ${variable} is not set`,
      `Set it with \`export ${variable}=...\`, or remove payments.stripe.`,
    );
  } else if (!/^[\x21-\x7e]+$/.test(value)) {
    tell(`${variable} holds spaces or characters a secret has not`, 'Set it to the secret alone.');
  } else if (value.length < charsMin) {
    tell(`${variable} is shorter than ${charsMin} characters`, "Set it to the whole secret from Stripe's dashboard.");
  }
  return value ?? '';
}
