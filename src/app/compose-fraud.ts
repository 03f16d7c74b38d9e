import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Keys, OPERATOR_ACCOUNT_ID } from '../accounts/index.ts';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { enforcementSimulationRoutes } from '../enforcement/index.ts';
import {
  createKeySharingWatch,
  createNetworkLookup,
  createPromptHearing,
  type KeySharing,
  type KeySharingWatch,
  type Linkage,
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
  readonly asked: AskedLinkage;
  /** Resolves once everything is read that was known; rejects when the service stops before. */
  readonly ready: OpenedLinkage['ready'];
  isReady(): boolean;
  /** Reads it, beside whatever else there is to do. */
  read(): void;
  readonly onChange: Linkage['onChange'];
  /** Told of sign-ups that seem to be the return of somebody who was sanctioned. */
  readonly onEvasion: Linkage['onEvasion'];
  readonly signedUp: SignUpHearers['signedUp'];
  /** The country of a network prefix, by the files of networks; null when it is unknown. */
  regionOf(networkPrefix: string | null): string | null;
  /** A keyed digest by which the same card or domain is known again, and not what it is. */
  tokenOf(kind: 'card' | 'organisation', value: string): string;
  /** Hears of the system prompt of a key's request; waits for nothing. */
  heardPrompt(keyId: string, systemText: string): void;
  /** Hears of every usage event, when it is durable. */
  used(event: UsageEvent): void;
  /** Keys that seem to serve many people, the most suspicious first. */
  keySuspects(limit: number): readonly KeySharing[];
  /** Takes away what is known of an account, which is to be deleted. */
  readonly eraser: { readonly name: string; erase(accountId: string): Promise<void> };
  /** Of the control API. */
  readonly routes: readonly (ReturnType<typeof linkageRoutes> | ReturnType<typeof resaleRoutes>)[];
  readonly jobs: readonly Job[];
  /** Resolves once every link it was told of is durable. */
  settled(): Promise<void>;
  /** Stops reading. */
  close(): Promise<void>;
}

/** Whoever asks waits for `ready` first: an answer by half of what is known would be a wrong one. Sanctions wait for nothing. */
export type AskedLinkage = Pick<
  Awaited<OpenedLinkage['ready']>,
  'operatorOf' | 'linksOf' | 'entryOf' | 'egressOf' | 'cut' | 'sanctioned'
>;

/** What the last simulation that was written down found; comes with the service. */
const SIMULATIONS = join(import.meta.dirname, '../../docs/simulation');
const SKETCH_SECRET_FILE = 'evidence-secret';
const UPKEEP_MS = 60_000;
const FORGET_ACCOUNTS_MAX = 5_000;

/** Who is behind accounts: what it hears, and who asks it. */
export function composeFraud(options: ComposeFraudOptions): FraudParts {
  const { storage, clock, random, config, telemetry, keys } = options;
  const onFault = (what: string, error: unknown) => telemetry.fault(what, error);
  const lookUp = createNetworkLookup(config.fraud.networksFiles.map((path) => readFileSync(path)));
  const opened = openLinkage({ storage, clock, random, lookUp, onFault });
  const { ready } = opened;
  const secretKey = loadSecretFile(storage.dataDir, SKETCH_SECRET_FILE, random);
  const secret = createHmac('sha256', secretKey);
  const prompts = createPromptHearing({ opened, clock, secret: secret.update('templates').digest(), onFault });
  const watch = createKeySharingWatch();
  return {
    asked: askedOf(opened),
    ready,
    isReady: () => opened.now() !== null,
    read: () => void opened.read(),
    onChange: opened.onChange,
    onEvasion: opened.onEvasion,
    signedUp: (accountId, facts) => opened.signedUp({ ...facts, accountId }),
    regionOf: (prefix) => (prefix === null ? null : lookUp(prefix.split('/')[0] ?? '').country),
    tokenOf: (kind, value) =>
      createHmac('sha256', secretKey).update(`${kind}:${value}`).digest('base64url').slice(0, 22),
    heardPrompt(keyId, systemText) {
      const accountId = keys.get(keyId)?.accountId;
      if (accountId !== undefined) prompts.heard(accountId, systemText);
    },
    used: (event) => watchKey(event, watch, lookUp),
    keySuspects: (limit) => watch.suspects(clock.wallMs(), limit),
    eraser: {
      name: 'sign-up evidence',
      async erase(accountId) {
        const linkage = await ready;
        linkage.erase(accountId);
        await opened.settled();
      },
    },
    routes: [
      linkageRoutes({ opened, writer: storage.writer, clock }),
      resaleRoutes(watch, clock),
      simulationReportRoutes(join(SIMULATIONS, 'front-door.json')),
      enforcementSimulationRoutes(join(SIMULATIONS, 'enforcement.json')),
    ],
    jobs: [
      {
        name: 'let links fall whose time is over',
        everyMs: UPKEEP_MS,
        async run() {
          const linkage = opened.now();
          linkage?.expire(clock.wallMs());
          linkage?.forget(clock.wallMs(), FORGET_ACCOUNTS_MAX);
        },
      },
    ],
    settled: opened.settled,
    close: opened.close,
  };
}

function askedOf({ now, sanctioned }: OpenedLinkage): AskedLinkage {
  function asked() {
    const linkage = now();
    assert(linkage !== null, 'nobody asks who is behind an account before that is read');
    return linkage;
  }
  return {
    operatorOf: (accountId) => asked().operatorOf(accountId),
    linksOf: (accountId, options) => asked().linksOf(accountId, options),
    entryOf: (accountId) => asked().entryOf(accountId),
    egressOf: (prefix) => asked().egressOf(prefix),
    cut: (linkId, reason) => asked().cut(linkId, reason),
    sanctioned,
  };
}

function watchKey(event: UsageEvent, watch: KeySharingWatch, lookUp: NetworkLookup): void {
  const { keyId, accountId, atMs, clientClass, networkPrefix, endUser, app } = event;
  if (keyId === null || accountId === null || accountId === OPERATOR_ACCOUNT_ID) return;
  const country = networkPrefix === null ? null : lookUp(networkPrefix.split('/')[0] ?? '').country;
  watch.saw({ keyId, accountId, atMs, clientClass, networkPrefix, country, endUser, template: app });
}
