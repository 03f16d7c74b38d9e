/** Everything an appeal reaches into, over one folder: standing, sanctions, decisions, judgement, links, sign-up credit, books. */
import {
  createKeys,
  createStanding,
  type IssuedKey,
  type Keys,
  openStopTable,
  type Standing,
} from '../../src/accounts/index.ts';
import { followSanctions } from '../../src/app/follow-sanctions.ts';
import { createAudit } from '../../src/audit/audit.ts';
import { createSigner } from '../../src/audit/signing.ts';
import { createMintId, type MintId } from '../../src/base/ids.ts';
import { systemRandom } from '../../src/base/random.ts';
import { createAttempts } from '../../src/credentials/attempts.ts';
import {
  type Appeals,
  type AppealsDeps,
  createAppeals,
  createDecisions,
  createReports,
  type Decisions,
  type Facts,
  openSanctions,
  type Owner,
  type Reports,
  type Sanction,
  type SanctionOrder,
  type SanctionsPart,
  type Signal,
} from '../../src/enforcement/index.ts';
import { createJudgement, type KeptJudgement } from '../../src/enforcement/judgement/create-judgement.ts';
import { JUDGEMENT_PARAMETERS } from '../../src/enforcement/judgement/parameters.ts';
import { createLinkage } from '../../src/fraud/linkage/create-linkage.ts';
import type { Linkage } from '../../src/fraud/index.ts';
import { createProlongation } from '../../src/ledger/index.ts';
import { createSayHarmless } from '../../src/moderation/index.ts';
import { openVestingWorld, type VestingWorld } from '../world/vesting.ts';

export interface AppealWorld {
  readonly vested: VestingWorld;
  readonly keys: Keys;
  readonly standing: Standing;
  readonly decisions: Decisions;
  readonly sanctions: SanctionsPart;
  readonly judgement: KeptJudgement;
  readonly linkage: Linkage;
  readonly appeals: Appeals;
  readonly reports: Reports;
  readonly mintId: MintId;
  /** Ids of staff who read incidents, besides whom the incidents name. */
  readonly readers: string[];
  /** What was not known to anybody when it was asked. */
  readonly requests: Map<string, Owner>;
  key(accountId: string): Promise<IssuedKey>;
  nowMs(): number;
  pass(ms: number): void;
  /** Signals of requests of an account, each in a conversation of its own; ids of the incidents. */
  offend(accountId: string, times: number): string[];
  impose(order: Partial<SanctionOrder> & Pick<SanctionOrder, 'unit' | 'step'>): Promise<Sanction>;
  /** Follows stops with sign-up credit and links, as the job of the service does. */
  follow(): Promise<void>;
  /** Appeals whose dependencies break as a test says. */
  broken(change: (deps: AppealsDeps) => AppealsDeps): Appeals;
  close(): Promise<void>;
}

export const STAFF = ['staff_ann', 'staff_bea', 'staff_cal'] as const;

export async function openAppealWorld(): Promise<AppealWorld> {
  const vested = await openVestingWorld();
  const { storage, accounts, ledger, clock } = vested.plans;
  const mintId = createMintId(clock, systemRandom);
  const table = await openStopTable(storage, clock);
  const keys = await createKeys({ storage, clock, random: systemRandom, stopOf: table.of });
  const standing = createStanding({ storage, clock, mintId, table, keys, accounts });
  const audit = await createAudit({ storage, clock, signer: createSigner(systemRandom.bytes(32)) });
  const onFault = () => undefined;
  const decisions = createDecisions({ storage, clock, audit, notify: async () => undefined, onFault });
  const linkage = createLinkage({ secret: new Uint8Array(32).fill(5), nowMs: clock.wallMs });
  const policyOf = () => ({ policy: 'terms@1', ground: 'terms' }) as const;
  const sanctions = await openSanctions({
    storage,
    clock,
    mintId,
    decisions,
    standing,
    accounts,
    keys,
    operatorOf: (accountId) => ({ accounts: linkage.operatorOf(accountId).accounts, strongly: 0 }),
    isFirm: () => false,
    policyOf,
    refundPaid: async () => undefined,
    onFault,
  });
  const judgement = createJudgement(
    {
      operatorOf: (accountId) => linkage.operatorOf(accountId).accounts,
      declaredUsesOf: () => [],
      isShared: () => false,
      firmlyLinked: () => 0,
    },
    JUDGEMENT_PARAMETERS,
  );
  const readers: string[] = [];
  const requests = new Map<string, Owner>();
  const { vesting } = vested;
  const deps: AppealsDeps = {
    storage,
    clock,
    mintId,
    attempts: createAttempts(clock),
    secret: new Uint8Array(32).fill(7),
    portalUrl: 'https://portal.example',
    decisions,
    sanctions,
    standing,
    incidents: {
      get: async (id) => judgement.incident(id),
      undo: async (ids, atMs) => judgement.undo(ids, atMs),
    },
    links: {
      ready: Promise.resolve(),
      linksOf: (id) => linkage.linksOf(id),
      cut: linkage.cut,
      sanctioned: linkage.sanctioned,
      settled: async () => undefined,
    },
    vesting,
    prolongation: createProlongation({ storage, ledger, clock }),
    harmless: createSayHarmless({ reader: storage.reader, clock }),
    reviewers: async () => STAFF.map((id) => ({ id, name: id })),
    readersOf: async () => readers,
    onFault,
  };
  const reports = createReports({
    storage,
    clock,
    mintId,
    attempts: createAttempts(clock),
    requestOf: async (id) => {
      const owner = requests.get(id);
      return owner === undefined ? null : { owner, atMs: clock.wallMs() };
    },
    signal: async (signal) => ({ incidentId: judgement.signal(signal).incident.id }),
  });
  const job = followSanctions({ standing, linkage, vesting });
  let offences = 0;

  return {
    vested,
    keys,
    standing,
    decisions,
    sanctions,
    judgement,
    linkage,
    appeals: createAppeals(deps),
    reports,
    mintId,
    readers,
    requests,
    nowMs: clock.wallMs,
    pass: (ms) => vested.plans.at(new Date(clock.wallMs() + ms).toISOString()),
    async key(accountId) {
      const made = await keys.create({ account_id: accountId });
      if (!made.ok) throw new Error(made.refusal.message);
      return made.value;
    },
    offend(accountId, times) {
      return Array.from({ length: times }, () => {
        const nth = ++offences;
        return judgement.signal(signalOf(mintId('sig'), accountId, nth, clock.wallMs())).incident.id;
      });
    },
    async impose(order) {
      const imposed = await sanctions.impose({ ...orderOf(clock.wallMs()), ...order });
      if (!imposed.ok) throw new Error(imposed.refusal.message);
      return imposed.value;
    },
    follow: async () => void (await job.run()),
    broken: (change) => createAppeals(change(deps)),
    async close() {
      await vested.close();
    },
  };
}

export function ownerOf(accountId: string): Owner {
  return { accountId, keyId: 'key_1', app: null, member: null, endUser: null, product: 'api' };
}

function signalOf(id: string, accountId: string, nth: number, atMs: number): Signal {
  return {
    id,
    atMs,
    source: 'moderation',
    sourceVersion: 'default@1',
    owner: ownerOf(accountId),
    requestId: `req_${nth}`,
    conduct: 'threats',
    confidence: 0.99,
    conversation: `conversation ${nth}`,
    template: null,
    language: 'en',
    cleanBefore: 0,
    freshUntilMs: atMs + 30 * 86_400_000,
  };
}

function orderOf(nowMs: number): Omit<SanctionOrder, 'unit' | 'step'> {
  return {
    scope: null,
    untilMs: null,
    facts: factsOf([], nowMs),
    certificate: null,
    author: { kind: 'staff', ids: ['staff_ann'] },
    note: '',
    alternatives: 'a milder step was not heeded',
    linkedTo: null,
    delayMs: 0,
  };
}

export function factsOf(incidents: readonly string[], atMs: number): Facts {
  return {
    conduct: 'threats',
    severity: 3,
    incidents,
    requests: Math.max(1, incidents.length),
    firstAtMs: atMs,
    lastAtMs: atMs,
    sources: ['moderation'],
    categories: ['harassment/threatening'],
    score: 8,
  };
}
