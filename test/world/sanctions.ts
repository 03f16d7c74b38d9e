/** The record, decisions and sanctions on a real data folder, with a clock that tests set, and restarts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts, createKeys, createStanding, openStopTable } from '../../src/accounts/index.ts';
import { MIGRATIONS } from '../../src/app/migrations.ts';
import { type Audit, createAudit } from '../../src/audit/audit.ts';
import { createSigner } from '../../src/audit/signing.ts';
import { createMintId } from '../../src/base/ids.ts';
import { systemRandom } from '../../src/base/random.ts';
import {
  createDecisions,
  type Decision,
  openSanctions,
  type SanctionOrder,
  type SanctionsDeps,
} from '../../src/enforcement/index.ts';
import { openStorage } from '../../src/storage/sql/storage.ts';

export const START_MS = Date.UTC(2026, 10, 22, 12);
export const DAY_MS = 86_400_000;

export interface SanctionWorld extends Opened {
  /** As after a restart of the service on the same folder. */
  restart(more?: SanctionWorldOptions): Promise<SanctionWorld>;
}

type Opened = Awaited<ReturnType<typeof openParts>>;

export interface SanctionWorldOptions {
  readonly dataDir?: string;
  readonly time?: { ms: number };
  /** In place of the parts that are made here. */
  readonly around?: (deps: SanctionsDeps) => Partial<SanctionsDeps>;
  readonly notify?: (decision: Decision) => Promise<void>;
}

async function openParts(options: SanctionWorldOptions) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'candor-sanctions-'));
  const time = options.time ?? { ms: START_MS };
  const clock = { wallMs: () => time.ms, monoMs: () => performance.now() };
  const onFatal = (fault: Error) => {
    throw fault;
  };
  const storage = await openStorage({ dataDir, migrations: MIGRATIONS, clock, random: systemRandom, onFatal });
  const mintId = createMintId(clock, systemRandom);
  const stops = await openStopTable(storage, clock);
  const keys = await createKeys({ storage, clock, random: systemRandom, stopOf: stops.of });
  const accounts = await createAccounts({ storage, clock, mintId });
  const standing = createStanding({ storage, clock, mintId, table: stops, keys, accounts });
  const audit: Audit = createAudit({ storage, clock, signer: createSigner(new Uint8Array(32).fill(7)) });
  const told: Decision[] = [];
  const faults: string[] = [];
  const refunded: string[] = [];
  const operators = new Map<string, readonly string[]>();
  const onFault = (what: string, error: unknown) => void faults.push(`${what}: ${String(error)}`);
  const notify = options.notify ?? (async (decision: Decision) => void told.push(decision));
  const decisions = createDecisions({ storage, clock, audit, notify, onFault });
  const deps: SanctionsDeps = {
    storage,
    clock,
    mintId,
    decisions,
    standing,
    accounts,
    keys,
    operatorOf(accountId) {
      const linked = operators.get(accountId) ?? [accountId];
      return { accounts: linked, strongly: linked.length };
    },
    isFirm: () => true,
    policyOf: () => ({ policy: 'terms@1', ground: 'terms' }),
    refundPaid: async (accountId) => void refunded.push(accountId),
    onFault,
  };
  const sanctions = await openSanctions({ ...deps, ...options.around?.(deps) });

  async function close(): Promise<void> {
    await decisions.deliver();
    keys.close();
    await storage.close();
  }

  return {
    dataDir,
    time,
    clock,
    storage,
    standing,
    accounts,
    keys,
    audit,
    decisions,
    sanctions,
    told,
    faults,
    refunded,
    operators,
    async account(): Promise<string> {
      const made = await accounts.create({ name: 'Somebody' });
      if (!made.ok) throw new Error(made.refusal.message);
      return made.value.id;
    },
    /** Without the folder going. */
    leave: close,
    async close(): Promise<void> {
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function openSanctionWorld(options: SanctionWorldOptions = {}): Promise<SanctionWorld> {
  const parts = await openParts(options);
  return {
    ...parts,
    async restart(more = {}) {
      await parts.leave();
      return openSanctionWorld({ dataDir: parts.dataDir, time: parts.time, ...more });
    },
  };
}

/** By one person of the staff, about an account, for threats, unless it says otherwise. */
export function orderOf(accountId: string, more: Partial<SanctionOrder> = {}): SanctionOrder {
  return {
    unit: { kind: 'account', accountId },
    step: 'suspend',
    scope: null,
    untilMs: null,
    facts: {
      conduct: 'threats',
      severity: 3,
      incidents: ['inc_1'],
      requests: 4,
      firstAtMs: START_MS - DAY_MS,
      lastAtMs: START_MS - 60_000,
      sources: ['moderation'],
      categories: ['harassment/threatening'],
      score: 12,
    },
    certificate: null,
    author: { kind: 'staff', ids: ['staff_1'] },
    note: '',
    alternatives: 'A pause was tried and did not help.',
    linkedTo: null,
    delayMs: 0,
    ...more,
  };
}

export const CERTIFICATE = { method: 'e-process@1', bound: 1e-6, tolerance: 0.02, requests: 40, incidents: 12 };
export const AUTOMATIC = { kind: 'automatic', version: 'ladder@1' } as const;
