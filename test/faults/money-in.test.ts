/** kill -9 while confirmations of payments come in: each is credited once, however often it is delivered again. */
import { afterAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { auditDatabase } from '../../src/app/audit.ts';
import { connectControl } from '../../src/app/connect-control.ts';
import { endProcesses, makePlace, type ProcessPlace, spawnProcess, startProcess } from '../world/process.ts';
import { type FakeStripe, startStripe } from '../world/stripe.ts';
import { isLongRun } from './rounds.ts';

const ROUNDS = isLongRun() ? 40 : 4;
/** In the hands of Stripe at the same time, each delivered twice. */
const PAYMENTS = 24;
const CENTS = 700n;
const NANO_PER_CENT = 10_000_000n;
/** Transactions of a process before it dies: few enough that it dies before all is confirmed. */
const TRANSACTIONS_MAX = 40;
const POINTS = ['writer:after_begin', 'writer:before_commit', 'writer:after_commit'] as const;

afterAll(endProcesses);

function configuration({ url }: FakeStripe): string {
  return `
providers: { demo: { kind: demo } }
models: { demo: { targets: [{ provider: demo, upstream_model: demo }] } }
payments:
  stripe:
    secret_key_env: STRIPE_SECRET_KEY
    webhook_secret_env: STRIPE_WEBHOOK_SECRET
    base_url: '${url}'
    success_url: https://app.example.com/paid
    cancel_url: https://app.example.com/
telemetry: { log_level: error }
`;
}

test(
  `kill -9 while ${PAYMENTS} payments are confirmed, ${ROUNDS} times: each is credited once`,
  async () => {
    const stripe = await startStripe();
    const place = makePlace(configuration(stripe));
    const control = connectControl(place.dataDir);
    const secrets = ['env', 'STRIPE_SECRET_KEY=sk_test_01234567', `STRIPE_WEBHOOK_SECRET=${stripe.secret}`];
    let acknowledged = 0;
    let again = 0;
    try {
      const { id } = (await control('POST', '/control/v1/accounts', { name: 'payer' })).body as { id: string };
      for (let round = 1; round <= ROUNDS; round++) {
        const events = await payAll(place, secrets, stripe, id);
        const point = `${POINTS[round % POINTS.length]}:${1 + Math.floor(Math.random() * TRANSACTIONS_MAX)}`;
        const dying = spawnProcess(place, [...secrets, `CANDOR_FAIL_POINT=${point}`]);
        const serving = await dying.serving.catch(() => null);
        const twice = [...events, ...events];
        const first =
          serving === null ? [] : await Promise.all(twice.map((event) => deliver(serving.url, stripe, event)));
        dying.signal('SIGKILL');
        await dying.ended;
        acknowledged += first.filter((status) => status === 200).length;
        const candor = await startProcess(place, secrets);
        const second = await Promise.all(events.map((event) => deliver(candor.url, stripe, event)));
        expect(second.filter((status) => status !== 200)).toEqual([]);
        again += second.length;
        const { balance_nano } = (await control('GET', `/control/v1/ledger/accounts/${id}/balance`)).body as {
          balance_nano: string;
        };
        expect(BigInt(balance_nano)).toBe(BigInt(round * PAYMENTS) * CENTS * NANO_PER_CENT);
        expect((await auditDatabase(place.dataDir)).findings).toEqual([]);
        candor.signal('SIGTERM');
        expect(await candor.ended).toBe(0);
      }
      console.log(
        `money in: ${ROUNDS} kills, ${ROUNDS * PAYMENTS} payments, ${acknowledged} confirmations acknowledged before a kill, ` +
          `${again} delivered again, each credited once`,
      );
    } finally {
      endProcesses();
      await stripe.close();
      rmSync(place.folder, { recursive: true, force: true });
    }
  },
  ROUNDS * 15_000,
);

/** Orders and pays at Stripe; gives the confirmations, of which Candor does not know yet. */
async function payAll(
  place: ProcessPlace,
  secrets: readonly string[],
  stripe: FakeStripe,
  accountId: string,
): Promise<readonly unknown[]> {
  const candor = await startProcess(place, secrets);
  const control = connectControl(place.dataDir);
  const known = new Set(stripe.sessions.keys());
  const body = { account_id: accountId, credit_nano: String(CENTS * NANO_PER_CENT), driver: 'stripe' };
  const orders = await Promise.all(Array.from({ length: PAYMENTS }, () => control('POST', '/control/v1/topups', body)));
  expect(orders.filter(({ status }) => status >= 300)).toEqual([]);
  candor.signal('SIGTERM');
  expect(await candor.ended).toBe(0);
  return [...stripe.sessions.keys()].filter((session) => !known.has(session)).map((session) => stripe.pay(session));
}

/** The status of the answer; null when there was none. */
async function deliver(url: string, stripe: FakeStripe, event: unknown): Promise<number | null> {
  const answer = await fetch(`${url}/webhooks/stripe`, { method: 'POST', ...stripe.sign(event) }).catch(() => null);
  return answer?.status ?? null;
}
