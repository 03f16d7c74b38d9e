import { OPERATOR_ACCOUNT_ID, type Standing } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import { formatUsd } from '../base/money.ts';
import type { Config } from '../config/config.ts';
import { DEFAULT_PLAN } from '../config/plans.ts';
import { createVesting, createVestingRecords, type Vesting, vestingRoutes } from '../fraud/index.ts';
import type { GatewayParts } from '../gateway/index.ts';
import type { UsageEvent } from '../metering/index.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { AskedLinkage } from './compose-fraud.ts';
import type { LedgerParts } from './compose-ledger.ts';
import { followSanctions } from './follow-sanctions.ts';
import type { Job } from './jobs.ts';

export interface ComposeVestingOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly config: Config;
  readonly telemetry: Pick<Telemetry, 'notice'>;
  readonly money: Pick<LedgerParts, 'ledger' | 'plans' | 'vestingCredit'>;
  readonly linkage: AskedLinkage;
  /** Resolves once linkage may be asked. */
  readonly linkageReady: Promise<unknown>;
  readonly standing: Pick<Standing, 'inForce'>;
}

export interface VestingParts {
  readonly vesting: Vesting;
  /** How fast sign-up credit may be used, for the path of a request. */
  readonly freePace: GatewayParts['freePace'];
  /** Hears of every usage event, when it is durable. */
  used(event: UsageEvent): void;
  /** Of the control API. */
  readonly routes: ReturnType<typeof vestingRoutes>;
  readonly jobs: readonly Job[];
  /** For the file a person takes away, and to be taken away with them. */
  readonly records: ReturnType<typeof createVestingRecords>;
  close(): Promise<void>;
}

const TICK_MS = 30_000;
const FLAGGED: ReadonlySet<UsageEvent['verdict']> = new Set(['cut', 'refused', 'flagged']);

/** Sign-up credit that vests: what it hears, and who asks it. */
export async function composeVesting(options: ComposeVestingOptions): Promise<VestingParts> {
  const { storage, clock, config, telemetry, money, linkage } = options;
  const { subscriptions } = money.plans;
  const vesting = await createVesting({
    storage,
    clock,
    credit: money.vestingCredit,
    rules: { ...config.vesting, tranches: config.plans[DEFAULT_PLAN]?.signupTranches ?? [] },
    linkage,
    linkageReady: options.linkageReady,
    entryOf: linkage.entryOf,
    onPaidPlan(accountId) {
      const held = subscriptions.get(accountId);
      const price = held === null ? undefined : config.plans[held.plan]?.price[held.interval];
      return held?.state === 'active' && price !== undefined && price !== 0n;
    },
    onBreaker({ open, burned, forecast, pinned }) {
      const figures = { burned_usd: formatUsd(burned), forecast_usd: formatUsd(forecast), pinned: pinned ?? 'no' };
      if (open) telemetry.notice('warn', 'accounts that never paid burn more sign-up credit than is usual', figures);
      else telemetry.notice('info', 'the burn of sign-up credit is as usual again', figures);
    },
  });
  const stop = money.ledger.onSpent(({ accountId, ...spent }) => vesting.spent(accountId, spent));
  return {
    vesting,
    freePace: {
      headroom: (accountId) => vesting.headroom(accountId, clock.wallMs()),
      waitMs: (accountId) => vesting.waitMs(accountId, clock.wallMs()),
    },
    used({ accountId, atMs, attempts, verdict, priceNano }) {
      const flagged = FLAGGED.has(verdict);
      if (accountId === null || accountId === OPERATOR_ACCOUNT_ID || (attempts === 0 && !flagged)) return;
      vesting.used(accountId, { atMs, flagged, price: priceNano });
    },
    routes: vestingRoutes(vesting),
    jobs: [
      { name: 'release sign-up credit', everyMs: TICK_MS, run: () => vesting.tick() },
      followSanctions({ standing: options.standing, linkage, vesting }),
    ],
    records: createVestingRecords(storage),
    async close() {
      stop();
      await vesting.close();
    },
  };
}
