import {
  catches,
  type Closed,
  createKeys,
  createStanding,
  openStopTable,
  type StopSubject,
} from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import { createMintId } from '../base/ids.ts';
import { NANO_PER_USD } from '../base/money.ts';
import type { Config } from '../config/config.ts';
import type { UpstreamNotice } from '../enforcement/index.ts';
import { createBooks, createGateway, createRecovery, type Gateway } from '../gateway/index.ts';
import { createContent, createMetering, type UsageEvent } from '../metering/index.ts';
import {
  createProvider,
  createTokenCounter,
  encodingOf,
  type Provider,
  type TokenCounter,
} from '../providers/index.ts';
import { openStorage } from '../storage/sql/storage.ts';
import { createTelemetry, type RunningTelemetry } from '../telemetry/create.ts';
import { openModelTable } from '../workspaces/index.ts';
import type { ComposeOptions } from './compose.ts';
import { composeEnforcement, type EnforcementCore } from './enforcement/compose-core.ts';
import { composeApps } from './compose-apps.ts';
import { composeFraud } from './compose-fraud.ts';
import { composeLedger } from './compose-ledger.ts';
import { composeLive, composeLiveView } from './compose-live.ts';
import { composeModeration } from './compose-moderation.ts';
import { composeVesting } from './compose-vesting.ts';
import { MIGRATIONS } from './migrations.ts';

/** What requests go through, after those that the last process left open were closed; `opened` closes it again. */
export async function composeServing(options: ComposeOptions, opened: AsyncDisposableStack) {
  const { config, clock, random } = options;
  const ground = await composeGround(options, opened);
  const { storage, telemetry, keys, standing, mintId, money } = ground;
  const { terms } = money.plans;
  const heard = await composeHearers(ground, opened);
  const { found, vested, fraud, live } = heard;
  const { records, books, recovery, recovered } = await closeLeftOpen(ground, heard.onEvent, opened);
  const models = await openModelTable(storage);
  const providers = options.providers ?? (await createProviders(config, clock));
  opened.defer(() => closeProviders(providers));
  const counter = createTokenCounter();
  opened.defer(() => counter.close());
  const review = await composeModeration({ ...ground, terms, accounts: money.accounts, providers }, opened);
  const enforcement = await composeEnforcement({ ...ground, ...review, fraud });
  heard.onUsage(enforcement.used);
  const content = createContent({ storage, clock, random, mintId, onKeyLost: keyLostNotice(telemetry) });
  const gateway = createGateway({
    config,
    clock,
    random,
    mintId,
    storage,
    keys,
    standing,
    enforcement: options.enforcement ?? enforcement.path,
    redress: options.redress ?? enforcement.redress,
    upstreamNotice: options.upstreamNotice ?? toldOf(enforcement, telemetry),
    reports: options.reports ?? enforcement.reports,
    books,
    ledger: money.ledger,
    prices: money.prices,
    budgets: money.budgets,
    terms,
    freePace: vested.freePace,
    allowedModels: models.allowedModels,
    redeem: money.payments.redeem,
    records,
    discover(keyId, system, tools) {
      fraud.heardPrompt(keyId, system);
      return found.discover(keyId, system, tools);
    },
    content,
    moderation: options.moderation ?? review.moderation,
    providers,
    countTokens: countWhereKnown(counter),
    telemetry,
  });
  opened.defer(() => gateway.close());
  standing.onStop((subject) => closeStreams(gateway, subject));
  const liveView = composeLiveView({ live, gateway, telemetry });
  opened.defer(() => liveView.close());
  telemetry.addGauges({
    liveGenerations: () => gateway.liveCount(),
    openStreams: () => gateway.streamCount(),
    writerQueueDepth: () => storage.writer.depth(),
    heldUsd: () => Number(books.held()) / Number(NANO_PER_USD),
    targets: () => gateway.health(),
  });
  const { onUsage } = heard;
  const served = { models, vested, fraud, found, onUsage, recovery, recovered, content, review, enforcement };
  return { ...ground, ...served, gateway, liveView };
}

/** Upstreams that refuse somebody are heard beside the request, which waits for nothing. */
function toldOf({ heardUpstream }: EnforcementCore, telemetry: RunningTelemetry) {
  return (notice: UpstreamNotice): void => {
    heardUpstream(notice).catch((error: unknown) => telemetry.fault('take in what an upstream says', error));
  };
}

/** What everything stands on: the disk, keys, money, and who is stopped. */
async function composeGround(options: ComposeOptions, opened: AsyncDisposableStack) {
  const { config, clock, random } = options;
  const storage = await openStorage({ ...options, dataDir: config.server.dataDir, migrations: MIGRATIONS });
  opened.defer(() => storage.close());
  const telemetry = startTelemetry(options, storage.epoch);
  opened.defer(() => telemetry.close());
  const stops = await openStopTable(storage, clock);
  const keys = await createKeys({ storage, clock, random, stopOf: stops.of });
  opened.defer(() => keys.close());
  const mintId = createMintId(clock, random);
  const money = await composeLedger({ storage, keys, clock, random, mintId, config, telemetry });
  opened.defer(() => money.close());
  const standing = createStanding({ storage, clock, mintId, table: stops, keys, accounts: money.accounts });
  return { config, clock, random, storage, telemetry, stops, keys, mintId, money, standing };
}

type Ground = Awaited<ReturnType<typeof composeGround>>;

/** Who hears of what is asked: apps, the live view, linkage and sign-up credit. */
async function composeHearers(ground: Ground, opened: AsyncDisposableStack) {
  const { telemetry, money } = ground;
  const found = await composeApps(ground);
  const live = composeLive({ ...ground, accounts: money.accounts, apps: found.apps });
  const fraud = composeFraud(ground);
  const vested = await composeVesting({ ...ground, linkage: fraud.asked, linkageReady: fraud.ready });
  opened.defer(() => vested.close());
  fraud.onChange(({ accounts }) => {
    vested.vesting.operatorsChanged(accounts).catch((error: unknown) => {
      telemetry.fault('follow a change of operators', error);
    });
  });
  const hearers = [live.ended, vested.used, fraud.used];
  const onEvent = (event: UsageEvent) => {
    for (const hear of hearers) hear(event);
  };
  return {
    found,
    live,
    fraud,
    vested,
    onEvent,
    onUsage: (hear: (event: UsageEvent) => void) => void hearers.push(hear),
  };
}

/** The books, with what the last process left open closed in them. */
async function closeLeftOpen(
  { storage, clock, telemetry, money }: Ground,
  onEvent: (event: UsageEvent) => void,
  opened: AsyncDisposableStack,
) {
  const { ledger, prices, budgets } = money;
  const metering = createMetering({ storage, clock });
  const onFault = (what: string, error: unknown, requestId: string) => telemetry.fault(what, error, requestId);
  const books = createBooks({ storage, ledger, clock, onFault, onEvent });
  opened.defer(() => books.close());
  const recovery = createRecovery({ metering, ledger, prices, budgets, books, onFault });
  const recovered = await recovery.recover();
  await metering.begin();
  return { records: metering, books, recovery, recovered };
}

/** What is in progress for whoever was stopped. */
async function closeStreams(gateway: Pick<Gateway, 'cutOff'>, subject: StopSubject): Promise<Closed> {
  const { streams, lastByteAtMs } = await gateway.cutOff((key, endUser) => catches(subject, key, endUser));
  return { what: 'streams', count: streams, lastByteAtMs };
}

function startTelemetry(options: ComposeOptions, epoch: string): RunningTelemetry {
  return createTelemetry({
    config: options.config,
    clock: options.clock,
    write: options.writeLog,
    build: { version: options.version, runtime: `bun ${process.versions.bun}` },
    epoch,
    format: options.readableLogs ? 'text' : 'json',
  });
}

async function closeProviders(providers: ReadonlyMap<string, Provider>): Promise<void> {
  await Promise.all([...providers.values()].map(async (provider) => provider.close?.()));
}

async function createProviders(config: Config, clock: Clock): Promise<Map<string, Provider>> {
  const providers = new Map<string, Provider>();
  for (const [name, provider] of Object.entries(config.providers))
    providers.set(name, await createProvider(provider, { clock }));
  return providers;
}

/** Models of OpenAI, whose tokenizers are published. */
const TOKENIZER_KNOWN = /^(gpt-|chatgpt-|o\d|text-embedding-)/;

/** Exact counts only where the tokenizer is known to be the model's own. */
function countWhereKnown(counter: TokenCounter) {
  return function countTokens(model: string, text: string): Promise<number | null> {
    return TOKENIZER_KNOWN.test(model)
      ? counter.count(text, encodingOf(model)).catch(() => null)
      : Promise.resolve(null);
  };
}

/** Captures of accounts that had a key fail from now on, each of them told; this says why, once. */
function keyLostNotice(telemetry: RunningTelemetry): () => void {
  return () =>
    telemetry.notice('warn', 'the file content-key of the data folder is gone; content captured before does not open', {
      fix: 'put the file back from a backup, or erase the captured content of the accounts concerned',
    });
}
