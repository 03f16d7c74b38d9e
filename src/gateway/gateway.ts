import type { ApiKey, Keys } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import { createNetworkTest } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import { createLimits, createOutputForecast, type LimitState, type LimitSubject } from '../capacity/index.ts';
import type { Config } from '../config/config.ts';
import { readCorrections, readPaidBy } from '../ledger/index.ts';
import { readUsageEvent } from '../metering/index.ts';
import type { Provider } from '../providers/index.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createHandler, type Handler } from './handle.ts';
import { createBodyBudget } from './pipeline/body-budget.ts';
import { createAnswerStore } from './idempotency/answer-store.ts';
import { createClaims } from './idempotency/claims.ts';
import type { PipelineDeps } from './pipeline/deps.ts';
import type { CountTokens } from './pipeline/usage.ts';
import { createRouter } from './routing/router.ts';
import type { TargetHealth } from './routing/target.ts';
import type { TargetMinute } from './routing/target-history.ts';
import { createSafetyIdentifiers, type SafetyIdentifiers } from './safety-identifiers.ts';
import { createStoredResponses } from './stored-responses.ts';
import { createLiveGenerations, type LiveGenerations } from './streaming/live.ts';
import { createPacer } from './streaming/pacer.ts';
import { createReplays } from './streaming/replays.ts';
import { createStallWatch } from './streaming/stall-watch.ts';

export interface GatewayParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly storage: Storage;
  readonly keys: Pick<Keys, 'verify' | 'fallen' | 'touch' | 'onChange' | 'get'>;
  readonly standing: PipelineDeps['standing'];
  readonly enforcement: PipelineDeps['enforcement'];
  readonly redress: PipelineDeps['redress'];
  readonly upstreamNotice: PipelineDeps['upstreamNotice'];
  readonly reports: PipelineDeps['reports'];
  readonly books: PipelineDeps['books'];
  readonly ledger: PipelineDeps['ledger'];
  readonly prices: PipelineDeps['prices'];
  readonly budgets: PipelineDeps['budgets'];
  readonly terms: PipelineDeps['terms'];
  readonly freePace: PipelineDeps['freePace'];
  readonly allowedModels: PipelineDeps['allowedModels'];
  readonly redeem: PipelineDeps['redeem'];
  readonly records: PipelineDeps['records'];
  readonly discover: PipelineDeps['discover'];
  readonly content: PipelineDeps['content'];
  readonly moderation: PipelineDeps['moderation'];
  readonly providers: ReadonlyMap<string, Provider>;
  readonly countTokens: CountTokens;
  readonly telemetry: Telemetry;
}

/** The data plane of one process. */
export interface Gateway {
  readonly handle: Handler;
  liveCount(): number;
  streamCount(): number;
  /** What somebody has left of their limits now, and how many requests of theirs run. */
  limitsNow(subject: LimitSubject): LimitState & { readonly inFlight: number };
  /** Cuts what is in progress for the keys and end users that fit, and closes their answers; resolves once no byte of them is sent any more. */
  cutOff(
    fits: (key: ApiKey, endUser: string | null) => boolean,
  ): Promise<{ readonly streams: number; readonly lastByteAtMs: number | null }>;
  /** Whom a safety identifier was sent upstream for; null for none of ours. */
  readonly identified: SafetyIdentifiers['resolve'];
  readonly forgetIdentified: SafetyIdentifiers['forget'];
  /** Whether this request is in progress. */
  readonly isLive: (requestId: string) => boolean;
  health(): readonly TargetHealth[];
  /** How each target did in the last hour, by minutes. */
  targetMinutes(): ReadonlyMap<string, readonly TargetMinute[]>;
  /** Takes nothing new, waits up to `withinMs` for what is in progress, then cuts the rest and waits for its records. */
  drain(withinMs: number): Promise<void>;
  draining(): boolean;
  close(): void;
}

const SWEEP_MS = 600_000;
/** Cut generations need this long at most to make their records durable. */
const CUT_MS = 5_000;

export function createGateway(parts: GatewayParts): Gateway {
  const { config, clock, storage } = parts;
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  let draining = false;
  const live = createLiveGenerations(clock, sleep);
  const router = createRouter(config, parts.providers, { clock, random: parts.random, sleep });
  const pacer = createPacer(config.streaming);
  const stalls = createStallWatch(config.streaming.writeStallMs, clock);
  const { retentionDays, storedBytesMax: bytesMax } = config.responses;
  const responses = createStoredResponses({ ...storage, clock, retentionDays, bytesMax });
  const identifiers = createSafetyIdentifiers(parts);
  const answers = createAnswerStore({ ...storage, clock, ...config.idempotency });
  const deps: PipelineDeps = {
    ...parts,
    epoch: storage.epoch,
    identifiers,
    recordOf: (requestId) => readUsageEvent(storage.reader, requestId),
    paidBy: (requestId) => readPaidBy(storage.reader, requestId),
    correctionsOf: (requestId) => readCorrections(storage.reader, requestId),
    bodies: createBodyBudget(config.server.bodiesBytesMax),
    claims: createClaims({ store: answers, answerBytesMax: config.idempotency.answerBytesMax }),
    limits: createLimits(clock),
    forecast: createOutputForecast(),
    router,
    live,
    replays: createReplays(),
    pacer,
    stalls,
    sleep,
    draining: () => draining,
  };
  cutWithKeys(parts.keys, live);
  const sweep = setInterval(() => void sweepExpired([responses, answers, identifiers], parts.telemetry), SWEEP_MS);
  return {
    handle: createHandler(deps, responses, {
      mintId: parts.mintId,
      isTrustedProxy: createNetworkTest(config.server.trustedProxies),
    }),
    liveCount: () => live.count(),
    streamCount: () => pacer.count(),
    limitsNow: (subject) => ({
      ...deps.limits.stateOf(subject),
      inFlight: deps.limits.inFlight(subject.kind, subject.id),
    }),
    cutOff: (fits) => cutOff(fits, parts.keys, live),
    identified: identifiers.resolve,
    forgetIdentified: identifiers.forget,
    isLive: (requestId) => live.find(requestId) !== undefined,
    health: () => router.health(),
    targetMinutes: () => router.minutes(),
    async drain(withinMs) {
      draining = true;
      await live.idle(withinMs);
      live.cutWhere(() => true, 'draining');
      await live.idle(CUT_MS);
    },
    draining: () => draining,
    close() {
      clearInterval(sweep);
      pacer.close();
      stalls.close();
    },
  };
}

/** A key that stops being good ends what it started, within the turn of the event loop in which it does. */
function cutWithKeys(keys: GatewayParts['keys'], live: LiveGenerations): void {
  keys.onChange((change) => {
    if (change.kind === 'revoked' || change.kind === 'expired') {
      live.cutWhere((generation) => generation.keyId === change.keyId, 'access_revoked');
    }
  });
}

function cutOff(
  fits: Parameters<Gateway['cutOff']>[0],
  keys: GatewayParts['keys'],
  live: LiveGenerations,
): ReturnType<Gateway['cutOff']> {
  return live.cutOff(({ keyId, endUser }) => {
    const key = keys.get(keyId);
    return key !== null && fits(key, endUser);
  }, 'access_revoked');
}

async function sweepExpired(kept: readonly { sweep(): Promise<number> }[], telemetry: Telemetry): Promise<void> {
  try {
    for (const each of kept) await each.sweep();
  } catch (error) {
    telemetry.fault('remove expired answers', error);
  }
}
