import { createHmac } from 'node:crypto';
import { createAudit } from '../../audit/audit.ts';
import { loadSigner } from '../../audit/signing.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Accounts, Keys, openStopTable, Standing } from '../../accounts/index.ts';
import type { Config } from '../../config/config.ts';
import { createAttempts } from '../../credentials/attempts.ts';
import {
  type CaseOpening,
  type Conduct,
  createDecisions,
  createDigests,
  createExecutor,
  createFollow,
  createReports,
  createRules,
  createSecondReader,
  type Decision,
  type Follow,
  type GuardReader,
  JUDGEMENT_PARAMETERS,
  languageOf,
  OPERATOR_ACCOUNTS_MIN,
  openSanctions,
  type Owner,
  type PathEnforcement,
  putOffMs,
  type Reports,
  type Rules,
  type SanctionsPart,
  type UpstreamNotice,
} from '../../enforcement/index.ts';
import type { Redress } from '../../gateway/index.ts';
import type { PlanTerms } from '../../ledger/index.ts';
import { readUsageEvent, type UsageEvent } from '../../metering/index.ts';
import type { Policies } from '../../moderation/index.ts';
import { loadSecretFile } from '../../storage/secret-file.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { FraudParts } from '../compose-fraud.ts';
import type { PaymentParts } from '../compose-payments.ts';
import { createRefundPaid } from './refund-paid.ts';
import { hearRules } from './hear-rules.ts';
import { hearOthers } from './other-signals.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

export interface CoreParts {
  readonly config: Pick<Config, 'enforcement'>;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly telemetry: Pick<Telemetry, 'fault' | 'notice'>;
  readonly keys: Pick<Keys, 'get'>;
  readonly standing: Standing;
  readonly stops: Pick<Awaited<ReturnType<typeof openStopTable>>, 'get'>;
  readonly money: {
    readonly accounts: Accounts;
    readonly payments: PaymentParts;
    readonly plans: { readonly terms: PlanTerms };
  };
  readonly fraud: FraudParts;
  readonly policies: Policies;
  /** A model that reads what ours are not sure of; null where none is configured. */
  readonly guard: GuardReader | null;
}

/** What is known only once the rest is made: cases need people, notices need mails. */
interface Later {
  openCase: (what: CaseOpening) => Promise<void>;
  notify: (decision: Decision) => Promise<void>;
  contestUrl: (decisionId: string) => string | null;
  isHeldBack: (conduct: Conduct) => boolean;
  /** Hears in which language somebody wrote what was looked at. */
  onReview: (review: { readonly owner: Owner; readonly language: 'en' | 'zh' | null }) => void;
}

const SECRET_FILE = 'enforcement-secret';
const MB = 1_048_576;
const REPORT_KEYS_MAX = 50_000;
const POLICY = 'terms@1';
/** An upstream's word about somebody: it saw the request, and its rules are not ours. */
const UPSTREAM_CONFIDENCE = { refused: 0.5, warned: 0.7, blocked: 0.85 } as const;

export type EnforcementCore = Awaited<ReturnType<typeof composeEnforcement>>;

/** From signals to sanctions, as far as requests need it; people come in with `composeReview`. */
export async function composeEnforcement(parts: CoreParts) {
  const { storage, clock, telemetry, fraud, money } = parts;
  const onFault = (what: string, error: unknown) => telemetry.fault(what, error);
  const secret = loadSecretFile(storage.dataDir, SECRET_FILE, parts.random);
  const secretFor = (what: string) => createHmac('sha256', secret).update(what).digest();
  const later: Later = {
    openCase: () => Promise.reject(new Error('a case was opened before there were any')),
    notify: async () => undefined,
    contestUrl: () => null,
    isHeldBack: () => false,
    onReview: () => undefined,
  };
  const surroundings = createSurroundings({
    accounts: money.accounts,
    fraud,
    policies: parts.policies,
    terms: money.plans.terms,
  });
  const core: Core = { ...parts, later, surroundings, secretFor, onFault };
  const { audit, decisions, sanctions } = await openRecord(core);
  const follow = openFollow(core, sanctions);
  const seeds = secretFor('rules');
  const ruleSeeds = [seeds.readUInt32LE(0), seeds.readUInt32LE(4)] as const;
  const rules = await createRules({
    storage,
    clock,
    seeds: ruleSeeds,
    counterBytesMax: parts.config.enforcement.ruleCountersMb * MB,
    ...hearRules({ follow, openCase: (what) => later.openCase(what), telemetry }),
  });
  fraud.onChange(({ accounts }) => follow.operatorsChanged(accounts));
  const others = hearOthers({ fraud, payments: money.payments, surroundings, follow, clock, onFault });
  const path: PathEnforcement = {
    effectsOf: sanctions.effectsOf,
    judge: rules.judge,
    ended(review) {
      later.onReview({ owner: review.owner, language: languageOf(review.asked) });
      return follow.ended(review);
    },
  };
  const redress: Redress = {
    decisionOf: (stopId) => decisionIn(parts.stops.get(stopId)?.by ?? ''),
    contestUrl: (decisionId) => later.contestUrl(decisionId),
  };
  const asked = { audit, decisions, sanctions, follow, rules, reports: openReports(core, follow) };
  return {
    ...asked,
    ...hearingOf({ surroundings, rules, follow }),
    later,
    path,
    redress,
    secretFor,
    jobs: [others],
    parameters: JUDGEMENT_PARAMETERS,
    ruleSeeds,
  };
}

interface Core extends CoreParts {
  readonly later: Later;
  readonly surroundings: Surroundings;
  readonly secretFor: (what: string) => Buffer;
  readonly onFault: (what: string, error: unknown) => void;
}

/** The tamper-evident record, decisions on it, and sanctions. */
async function openRecord(core: Core) {
  const { storage, clock, random, money, later, surroundings, onFault } = core;
  const signer = loadSigner(storage.dataDir, random);
  const audit = createAudit({ storage, clock, signer });
  const decisions = createDecisions({ storage, clock, audit, notify: (decision) => later.notify(decision), onFault });
  const sanctions = await openSanctions({
    ...core,
    decisions,
    accounts: money.accounts,
    operatorOf: (accountId) => ({
      accounts: surroundings.operatorOf(accountId),
      strongly: surroundings.firmlyLinked(accountId, JUDGEMENT_PARAMETERS.operatorBitsMin),
    }),
    isFirm: (accountId) =>
      surroundings.firmlyLinked(accountId, JUDGEMENT_PARAMETERS.operatorBitsMin) >= OPERATOR_ACCOUNTS_MIN,
    policyOf: () => ({ policy: POLICY, ground: 'terms' }),
    refundPaid: createRefundPaid(money.payments.payments),
  });
  return { audit, decisions, sanctions };
}

/** Judgement over what is written, and what is done about what it proposes. */
function openFollow(core: Core, sanctions: SanctionsPart): Follow {
  const { storage, clock, random, mintId, guard, later, surroundings, secretFor, onFault } = core;
  const follow = createFollow({
    storage,
    clock,
    mintId,
    digests: createDigests(secretFor('digests')),
    surroundings,
    parameters: JUDGEMENT_PARAMETERS,
    reader: createSecondReader({ guard, clock }),
    propose: (proposal) => executor.execute(proposal),
    unsure: (incident) => executor.doubt(incident),
    onFault,
  });
  const executor = createExecutor({
    sanctions,
    incidents: follow,
    openCase: (what) => later.openCase(what),
    isHeldBack: (conduct) => later.isHeldBack(conduct),
    delayMs: (conduct) => putOffMs(conduct, random.unit()),
    onFault,
  });
  return follow;
}

function openReports({ storage, clock, mintId }: Core, follow: Follow): Reports {
  return createReports({
    storage,
    clock,
    mintId,
    attempts: createAttempts(clock, REPORT_KEYS_MAX),
    requestOf: (requestId) => requestOf(storage, requestId),
    signal: (signal) => follow.raise(signal),
  });
}

/** What is told of requests beside them. */
function hearingOf({ surroundings, rules, follow }: Pick<Core, 'surroundings'> & { rules: Rules; follow: Follow }) {
  return {
    /** Hears of every usage event, when it is durable. */
    used(event: UsageEvent): void {
      surroundings.used(event);
      if (event.accountId === null) return;
      rules.ended(event);
      if (event.verdict === 'passed') follow.clean(ownerIn(event, event.accountId), event.atMs);
    },
    /** Resolves once what an upstream said is durable. */
    async heardUpstream(notice: UpstreamNotice): Promise<void> {
      const { atMs, provider, kind, conduct, owner, requestId } = notice;
      const confidence = UPSTREAM_CONFIDENCE[kind];
      const said = { atMs, source: 'upstream', sourceVersion: provider, confidence, owner, requestId } as const;
      await follow.raise({ ...said, conduct: conduct ?? 'circumvention' });
    },
  };
}

/** Stops of sanctions name their decision as who stopped. */
function decisionIn(by: string): string | null {
  return by.startsWith('dec_') ? by : null;
}

function ownerIn({ keyId, app, member, endUser, product }: UsageEvent, accountId: string): Owner {
  return { accountId, keyId, app, member, endUser, product };
}

async function requestOf({ reader }: Storage, requestId: string) {
  const event = await readUsageEvent(reader, requestId);
  if (event === null || event.accountId === null) return null;
  return { owner: ownerIn(event, event.accountId), atMs: event.atMs };
}
