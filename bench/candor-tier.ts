/**
 * `candor-tier.ts t0|t1 CONFIG`: Candor with parts left out, to tell what each part costs. It exists for the bench alone;
 * the whole of it is `candor serve`, which the bench calls t2.
 *
 * t0 is the listener, the reading of the request, the routing, the provider and the writing of the answer: any caller
 * passes, nothing is limited, counted or recorded. t1 adds keys, limits, the naming of apps and telemetry.
 */
import {
  accountsAndKeys,
  type ApiKey,
  createKeys,
  keyMember,
  type Keys,
  keyControlApi,
  keyRoutes,
} from '../src/accounts/index.ts';
import { createRoutes } from '../src/app/routes.ts';
import { systemClock } from '../src/base/clock.ts';
import { createMintId } from '../src/base/ids.ts';
import { systemRandom } from '../src/base/random.ts';
import { ok } from '../src/base/result.ts';
import type { Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load.ts';
import { createGateway, type GatewayParts, gatewayMigrations } from '../src/gateway/index.ts';
import { createControl, listenControl } from '../src/http/control.ts';
import { createDiscovery, meteringMigrations } from '../src/metering/index.ts';
import { createProvider, type Provider } from '../src/providers/index.ts';
import { listen } from '../src/runtime/listener.ts';
import { openStorage, type Storage } from '../src/storage/sql/storage.ts';
import { createTelemetry } from '../src/telemetry/create.ts';
import type { Telemetry } from '../src/telemetry/telemetry.ts';

type Parts = Pick<GatewayParts, 'config' | 'keys' | 'discover' | 'telemetry'>;

const clock = systemClock;
const random = systemRandom;

const ANYBODY: ApiKey = {
  id: 'anybody0',
  originId: 'anybody0',
  accountId: 'anybody',
  product: 'api',
  app: 'bench',
  member: null,
  name: null,
  scopes: ['inference', 'models.read', 'responses.read', 'credit.read'],
  models: null,
  networks: null,
  limits: null,
  createdAtMs: 0,
  expiresAtMs: null,
  revokedAtMs: null,
  lastUsedAtMs: null,
};

const openDoor: Pick<Keys, 'verify' | 'fallen' | 'touch' | 'onChange' | 'get'> = {
  verify: () => ok(ANYBODY),
  fallen: () => null,
  get: () => null,
  touch() {},
  onChange: () => () => undefined,
};

const NOTHING_SETTLED = {
  priceId: null,
  priceEstimated: false,
  priceNano: 0n,
  writtenOffNano: 0n,
  costNano: null,
} as const;

const noRecords: GatewayParts['books'] = {
  open: () => Promise.resolve(),
  extend: () => Promise.resolve(),
  settle: () => ({ statements: [], kept() {}, settled: NOTHING_SETTLED }),
  keep: () => Promise.resolve(),
  keepLater() {},
  refuse: () => Promise.resolve(),
  progress() {},
  isLate: () => false,
  held: () => 0n,
  close() {},
};

/** Everybody is the house's own, so no price is asked for and no credit. */
const noMoney: Pick<GatewayParts, 'ledger' | 'prices' | 'budgets' | 'terms' | 'freePace' | 'redeem' | 'records'> = {
  ledger: {
    hold: () => Promise.reject(new Error('nobody pays here')),
    balance: () => Promise.reject(new Error('nobody pays here')),
  },
  prices: {
    quote: () => {
      throw new Error('nobody pays here');
    },
    costOf: () => null,
    ratesOf: () => null,
  },
  freePace: { headroom: () => null, waitMs: () => 0 },
  redeem: () => Promise.reject(new Error('nobody pays here')),
  records: { find: () => Promise.resolve(null) },
  budgets: {
    take: () => {
      throw new Error('nobody pays here');
    },
  },
  terms: {
    termsOf: () => HOUSE,
  },
};

const HOUSE = { billing: 'house', plan: 'house', marginBp: 0, limits: {}, class: 'standard' } as const;

const onlyFaults: Telemetry = {
  requestEnded() {},
  attemptEnded() {},
  fault: (where, error) => console.error(where, error),
  notice() {},
};

function barest(config: Config): Parts {
  const unlimited = { key: {}, app: {}, account: {} };
  return { config: { ...config, limits: unlimited }, keys: openDoor, discover: () => null, telemetry: onlyFaults };
}

async function withKeysAndLimits(config: Config, storage: Storage): Promise<Parts> {
  const { dataDir } = config.server;
  const keys = await createKeys({ storage, clock, random });
  const telemetry = createTelemetry({
    config,
    clock,
    write: (line) => process.stdout.write(line),
    build: { version: 'bench', runtime: `bun ${Bun.version}` },
    epoch: storage.epoch,
    format: 'json',
  });
  const control = createControl({
    routes: [keyRoutes(keys, clock, null)],
    described: keyControlApi,
    guard: null,
    onFault: (error) => telemetry.fault('control', error),
  });
  listenControl(dataDir, control);
  const discovery = await createDiscovery({ storage, clock, random, onFault: telemetry.fault });
  return { config, keys, discover: discovery.discover, telemetry };
}

async function serveTier(tier: string, config: Config): Promise<void> {
  const storage = await openStorage({
    dataDir: config.server.dataDir,
    migrations: [accountsAndKeys, keyMember, ...meteringMigrations, ...gatewayMigrations],
    clock,
    random,
    onFatal: (fault) => {
      console.error(fault);
      process.exit(70);
    },
  });
  const parts = tier === 't0' ? barest(config) : await withKeysAndLimits(config, storage);
  const providers = new Map<string, Provider>();
  for (const [name, provider] of Object.entries(config.providers)) providers.set(name, await createProvider(provider));
  const gateway = createGateway({
    ...parts,
    clock,
    random,
    mintId: createMintId(clock, random),
    storage,
    standing: { stopOf: () => null, stopOfEndUser: () => null },
    enforcement: null,
    redress: null,
    upstreamNotice: null,
    reports: null,
    books: noRecords,
    ...noMoney,
    allowedModels: (key) => key.models,
    content: { keep: () => Promise.resolve() },
    moderation: null,
    providers,
    countTokens: () => Promise.resolve(null),
  });
  const { host, port } = config.server;
  listen({
    hostname: host,
    port,
    handle: createRoutes({
      gateway,
      metricsText: () => Promise.resolve(''),
      metricsToken: null,
      stripeWebhook: null,
      portal: null,
    }),
    onError: () => new Response(null, { status: 500 }),
  });
}

const [tier, configFile] = process.argv.slice(2);
const loaded = loadConfig({ configFile, env: process.env, cwd: process.cwd() });
if (!loaded.ok) {
  console.error(loaded.refusal);
  process.exit(78);
}
await serveTier(tier ?? 't0', loaded.value);
