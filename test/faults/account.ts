/** The account the load is charged to: what it is given, and what the models cost it. */
import { connectControl } from '../../src/app/connect-control.ts';

/** Nano-dollars per million tokens; crooked, so that nearly every price has a part of a nano-dollar to round. */
export interface FaultRates {
  readonly input: bigint;
  readonly output: bigint;
  readonly cacheRead: bigint | null;
}

export const LIST_RATES: Readonly<Record<string, FaultRates>> = {
  up: { input: 2_500_000_123n, output: 10_000_000_789n, cacheRead: 1_250_000_061n },
  demo: { input: 333_333_333n, output: 777_777_777n, cacheRead: null },
  brisk: { input: 100_000_003n, output: 400_000_009n, cacheRead: null },
  slow: { input: 150_000_001n, output: 600_000_007n, cacheRead: null },
};

const NANO_PER_CENT = 10_000_000n;
/** Small ones are used first, so that many requests are paid from two. */
const SMALL_GRANTS = 8;
const LARGE_GRANT = 500n * 100n * NANO_PER_CENT;

export interface FaultAccount {
  readonly id: string;
  readonly key: string;
  /** All it was given, nano-dollars. */
  readonly granted: bigint;
}

/** Makes the account, its credit, its prices and a key, before anything runs over the folder. */
export async function makeAccount(dataDir: string): Promise<FaultAccount> {
  const control = connectControl(dataDir);
  async function make(path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await control('POST', `/control/v1/${path}`, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, unknown>;
  }
  const { id } = await make('accounts', { name: 'faults' });
  const accountId = String(id);
  const prices = Object.entries(LIST_RATES).map(([model, rates]) => ({
    kind: 'list',
    model,
    rates: {
      input_nano: String(rates.input),
      output_nano: String(rates.output),
      cache_read_nano: rates.cacheRead === null ? null : String(rates.cacheRead),
    },
  }));
  await make('prices', { prices });
  const give = (amount: bigint, kind: string, priority: number) =>
    make('credit/grants', {
      account_id: accountId,
      amount_nano: String(amount),
      kind,
      priority,
      reason: 'for the fault runs',
    });
  for (let given = 0; given < SMALL_GRANTS; given++) await give(NANO_PER_CENT, given % 2 === 0 ? 'promo' : 'paid', 10);
  await give(LARGE_GRANT, 'paid', 50);
  const issued = await make('keys', { account_id: accountId, app: 'faults' });
  return { id: accountId, key: String(issued['key']), granted: BigInt(SMALL_GRANTS) * NANO_PER_CENT + LARGE_GRANT };
}
