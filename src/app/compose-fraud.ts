import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Keys, OPERATOR_ACCOUNT_ID } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import {
  createKeySharingWatch,
  createNetworkLookup,
  createPromptHearing,
  type KeySharingWatch,
  linkageRoutes,
  type NetworkLookup,
  openLinkage,
  type OpenedLinkage,
  resaleRoutes,
  simulationReportRoutes,
} from '../fraud/index.ts';
import type { UsageEvent } from '../metering/index.ts';
import type { SignUpHearers } from '../people/index.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Job } from './jobs.ts';

export interface ComposeFraudOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Pick<Config, 'fraud'>;
  readonly telemetry: Pick<Telemetry, 'fault'>;
  readonly keys: Pick<Keys, 'get'>;
}

export interface FraudParts {
  readonly linkage: OpenedLinkage['linkage'];
  readonly signedUp: SignUpHearers['signedUp'];
  /** The country of a network prefix, by the files of networks; null when it is unknown. */
  regionOf(networkPrefix: string | null): string | null;
  /** A keyed digest by which the same card or domain is known again, and not what it is. */
  tokenOf(kind: 'card' | 'organisation', value: string): string;
  /** Hears of the system prompt of a key's request; waits for nothing. */
  heardPrompt(keyId: string, systemText: string): void;
  /** Hears of every usage event, when it is durable. */
  used(event: UsageEvent): void;
  /** Takes away what is known of an account, which is to be deleted. */
  readonly eraser: { readonly name: string; erase(accountId: string): Promise<void> };
  /** Of the control API. */
  readonly routes: readonly (
    | ReturnType<typeof linkageRoutes>
    | ReturnType<typeof resaleRoutes>
    | ReturnType<typeof simulationReportRoutes>
  )[];
  readonly jobs: readonly Job[];
}

/** What the last simulation that was written down found; comes with the service. */
const SIMULATION_REPORT = join(import.meta.dirname, '../../docs/simulation/front-door.json');
const SKETCH_SECRET_FILE = 'evidence-secret';
const UPKEEP_MS = 60_000;
const FORGET_ACCOUNTS_MAX = 5_000;

/** Who is behind accounts: what it hears, and who asks it. */
export async function composeFraud(options: ComposeFraudOptions): Promise<FraudParts> {
  const { storage, clock, random, config, telemetry, keys } = options;
  const onFault = (what: string, error: unknown) => telemetry.fault(what, error);
  const lookUp = createNetworkLookup(config.fraud.networksFiles.map((path) => readFileSync(path)));
  const opened = await openLinkage({ storage, clock, random, lookUp, onFault });
  const { linkage } = opened;
  const secretKey = loadSecretFile(storage.dataDir, SKETCH_SECRET_FILE, random);
  const secret = createHmac('sha256', secretKey);
  const prompts = createPromptHearing({ linkage, clock, secret: secret.update('templates').digest(), onFault });
  const watch = createKeySharingWatch();
  return {
    linkage,
    async signedUp(accountId, facts) {
      linkage.signedUp({ ...facts, accountId });
      await opened.settled();
    },
    regionOf: (prefix) => (prefix === null ? null : lookUp(prefix.split('/')[0] ?? '').country),
    tokenOf: (kind, value) =>
      createHmac('sha256', secretKey).update(`${kind}:${value}`).digest('base64url').slice(0, 22),
    heardPrompt(keyId, systemText) {
      const accountId = keys.get(keyId)?.accountId;
      if (accountId !== undefined) prompts.heard(accountId, systemText);
    },
    used: (event) => watchKey(event, watch, lookUp),
    eraser: {
      name: 'sign-up evidence',
      async erase(accountId) {
        linkage.erase(accountId);
        await opened.settled();
      },
    },
    routes: [
      linkageRoutes({ opened, writer: storage.writer, clock }),
      resaleRoutes(watch, clock),
      simulationReportRoutes(SIMULATION_REPORT),
    ],
    jobs: [
      {
        name: 'let links fall whose time is over',
        everyMs: UPKEEP_MS,
        async run() {
          linkage.expire(clock.wallMs());
          linkage.forget(clock.wallMs(), FORGET_ACCOUNTS_MAX);
        },
      },
    ],
  };
}

function watchKey(event: UsageEvent, watch: KeySharingWatch, lookUp: NetworkLookup): void {
  const { keyId, accountId, atMs, clientClass, networkPrefix, endUser, app } = event;
  if (keyId === null || accountId === null || accountId === OPERATOR_ACCOUNT_ID) return;
  const country = networkPrefix === null ? null : lookUp(networkPrefix.split('/')[0] ?? '').country;
  watch.saw({ keyId, accountId, atMs, clientClass, networkPrefix, country, endUser, template: app });
}
