import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Config } from '../../config/config.ts';
import { createAttempts } from '../../credentials/attempts.ts';
import {
  appealRoutes,
  backtestRoutes,
  type CaseOpening,
  type Conduct,
  createAppeals,
  createBacktests,
  createCases,
  createHarm,
  createReadingAlone,
  createRulesFolder,
  decisionRoutes,
  enforcementSimulationRoutes,
  harmPolicyOf,
  reviewPolicyOf,
  type Reading,
  ruleRoutes,
  type Sanction,
  sanctionRoutes,
  shippedRules,
  signalRoutes,
  type StaffPerson,
  upstreamNoticeRoutes,
} from '../../enforcement/index.ts';
import { createProlongation } from '../../ledger/index.ts';
import { readUsageEvent } from '../../metering/index.ts';
import { createSayHarmless } from '../../moderation/index.ts';
import type { Staff } from '../../staff/index.ts';
import type { Columns } from '../../storage/columns/columns.ts';
import type { composeServing } from '../compose-serving.ts';
import type { Job } from '../jobs.ts';
import { openingOfAudit } from './audit-opening.ts';
import { createCohorts } from './cohorts.ts';

export interface ReviewParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly staff: Pick<Staff, 'people' | 'roleMay'>;
  readonly columns: Columns;
}

export type Review = Awaited<ReturnType<typeof composeReview>>;

/** What the last simulation that was written down found; comes with the service. */
const SIMULATION_REPORT = join(import.meta.dirname, '../../../docs/simulation/enforcement.json');
const MB = 1_048_576;
const SECOND_MS = 1_000;
const RULES_EVERY_MS = 250;
const FOLDER_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const ATTEMPT_KEYS_MAX = 50_000;

/** Everything of enforcement that people take part in: cases, appeals, the harm budget, and what the control API asks. */
export async function composeReview(parts: ReviewParts, opened: AsyncDisposableStack) {
  const { config, clock, random, serving, staff, columns } = parts;
  const { storage, mintId, telemetry, enforcement, fraud, money, review, gateway } = serving;
  const { sanctions, decisions, follow, rules, reports, later } = enforcement;
  const onFault = (what: string, error: unknown) => telemetry.fault(what, error);
  const held = new Set<Conduct>();
  const cohorts = createCohorts({
    terms: money.plans.terms,
    egressOf: (prefix) => (fraud.isReady() ? fraud.asked.egressOf(prefix) : null),
    columns,
    wallMs: clock.wallMs,
  });
  serving.onUsage(cohorts.used);

  async function people(): Promise<StaffPerson[]> {
    const all = await staff.people();
    return all.map(({ id, name, role, password, disabledAtMs }) => {
      const active = disabledAtMs === null && password !== null;
      const may = (permission: 'enforcement.write' | 'cases.lead') => active && staff.roleMay(role, permission);
      return { id, name, active, mayReview: may('enforcement.write'), leads: may('cases.lead') };
    });
  }
  async function read(reading: Reading) {
    const done = await follow.read(reading);
    // What people were right about counts for those who reported it.
    if (reading.outcome !== 'unsure') await reports.settled(reading.incidentId, reading.outcome === 'abuse');
    return done;
  }
  const cases = await createCases({
    storage,
    clock,
    random,
    mintId,
    policy: reviewPolicyOf(config.reviewing),
    content: serving.content,
    staff: people,
    actions: {
      read,
      undo: async (ids, by, reason) => (await follow.undo(ids, by, reason, clock.wallMs())).length,
      async say({ owner, conduct, requestId, language, by }) {
        const said = { source: 'staff', sourceVersion: by, confidence: 0.97, atMs: clock.wallMs() } as const;
        await follow.raise({ ...said, owner, conduct, requestId, language });
      },
      impose: sanctions.impose,
      endSanction: sanctions.end,
    },
  });
  async function openCase(what: CaseOpening): Promise<void> {
    const one = await cases.open(what);
    if (!one.ok) onFault('open a case', new Error('too many cases are undecided'));
  }
  later.openCase = openCase;

  const harm = await createHarm({
    storage,
    clock,
    random,
    mintId,
    policy: harmPolicyOf(config.reviewing),
    cases,
    cohortsOf: cohorts.of,
    activeBy: cohorts.activeBy,
    describe: (accountId, sanctionId) => openingOfAudit(enforcement, accountId, sanctionId),
    pauseRule: async (name, why) => rules.pause(name, 'harm', why),
    pauseAutomatic: async (conduct) => void held.add(conduct),
    resumeAutomatic: async (conduct) => void held.delete(conduct),
    alert: ({ cohort, upperPer10k, limitPer10k, paused }) =>
      telemetry.notice('warn', 'enforcement hurts more people than its budget allows; what did so was paused', {
        cohort,
        upper_per_10k: upperPer10k,
        limit_per_10k: limitPer10k,
        paused: paused.join(', '),
      }),
  });
  later.isHeldBack = (conduct) => held.has(conduct);
  async function reckon({ id, decisionId, unit, step, conduct, decidedAtMs }: Sanction): Promise<void> {
    const decision = await decisions.get(decisionId);
    const cause = decision?.author.kind === 'automatic' ? ({ what: 'conduct', name: conduct } as const) : null;
    await harm.sanctioned({ sanctionId: id, accountId: unit.accountId, step, atMs: decidedAtMs, cause });
  }
  sanctions.onChange((sanction) => {
    if (sanction.ended !== null) return;
    reckon(sanction).catch((error: unknown) => onFault('tell the harm budget of a sanction', error));
  });

  const { publicUrl } = config.portal;
  const incidents = {
    get: (incidentId: string) => follow.get(incidentId),
    undo: (ids: readonly string[], atMs: number) => follow.undo(ids, 'appeal', 'an appeal found it wrong', atMs),
  };
  const appeals = createAppeals({
    storage,
    clock,
    mintId,
    decisions,
    sanctions,
    incidents,
    standing: serving.standing,
    links: {
      ready: fraud.ready,
      linksOf: (accountId) => fraud.asked.linksOf(accountId),
      cut: (linkId, reason) => fraud.asked.cut(linkId, reason),
      sanctioned: fraud.asked.sanctioned,
      settled: fraud.settled,
    },
    vesting: serving.vested.vesting,
    prolongation: createProlongation({ storage, ledger: money.ledger, clock }),
    harmless: createSayHarmless({ reader: storage.reader, clock }),
    tellUpstream: async () => undefined,
    onFault,
    attempts: createAttempts(clock, ATTEMPT_KEYS_MAX),
    secret: enforcement.secretFor('contest'),
    portalUrl: (publicUrl ?? `http://localhost:${config.server.port}`).replace(/\/$/, ''),
    reviewers: async () => (await people()).filter(({ mayReview }) => mayReview),
    readersOf: (incidentIds) => cases.readersOf(incidentIds),
  });
  if (config.portal.enabled) later.contestUrl = appeals.contestUrl;
  appeals.onChange(({ sanctionId, state }) => {
    const outcome =
      state === 'upheld' ? 'upheld' : state === 'overturned' || state === 'partly' ? 'overturned' : 'open';
    harm.appealed(sanctionId, outcome).catch((error: unknown) => onFault('tell the harm budget of an appeal', error));
  });

  fraud.onChange(({ accounts }) => {
    for (const accountId of accounts) {
      sanctions.joined(accountId).catch((error: unknown) => onFault('follow who came to a sanctioned operator', error));
    }
  });

  const backtests = createBacktests({
    columns,
    rules,
    clock,
    mintId,
    seeds: enforcement.ruleSeeds,
    counterBytesMax: config.enforcement.ruleCountersMb * MB,
    folder: join(storage.dataDir, 'backtests'),
    confirmedOf: (accountIds) => follow.store.confirmedOf(accountIds),
    planOf: (accountId) => money.plans.terms.termsOf(accountId).plan,
    onFault: (error) => onFault('replay a rule', error),
  });
  opened.defer(() => backtests.close());
  await rules.take(shippedRules(), 'shipped');
  const folder = config.enforcement.rulesDir === null ? null : createRulesFolder(config.enforcement.rulesDir, rules);
  await follow.start();
  // It waits until what is known of links is read, which begins after this.
  appeals.resume().catch((error: unknown) => onFault('go on making good what appeals found wrong', error));

  const jobs: Job[] = [
    { name: 'show rules what happened', everyMs: RULES_EVERY_MS, run: rules.flush },
    { name: 'carry out sanctions that were put off', everyMs: SECOND_MS, run: sanctions.tick },
    { name: 'tell people of decisions', everyMs: FOLDER_EVERY_MS, run: decisions.deliver },
    { name: 'keep what judgement counts', everyMs: MINUTE_MS, run: () => follow.tick() },
    { name: 'go on making good what appeals found wrong', everyMs: MINUTE_MS, run: appeals.resume },
    { name: 'reckon whom enforcement hurts', everyMs: 5 * MINUTE_MS, run: harm.tick },
    { name: 'forget old hits of rules', everyMs: 10 * MINUTE_MS, run: rules.prune },
    ...(folder === null ? [] : [{ name: 'read the folder of rules', everyMs: FOLDER_EVERY_MS, run: folder.look }]),
  ];
  const { accounts } = money;
  const routes = [
    ruleRoutes({ rules, fileProblems: folder?.problems ?? (() => []) }),
    backtestRoutes(backtests),
    signalRoutes({
      follow,
      reader: storage.reader,
      clock,
      parameters: enforcement.parameters,
      accountExists: (id) => accounts.get(id) !== null,
    }),
    sanctionRoutes(sanctions, clock),
    decisionRoutes({
      decisions,
      audit: enforcement.audit,
      reader: storage.reader,
      clock,
      countAppeals: appeals.count,
      countSignals: (fromMs, toMs) => follow.store.countBySource(fromMs, toMs),
    }),
    appealRoutes({ appeals, decisions, incidents, reviewers: people, accounts, clock }),
    cases.routes,
    harm.routes,
    upstreamNoticeRoutes({
      clock,
      providers: Object.keys(config.providers),
      resolve: gateway.identified,
      heard: enforcement.heardUpstream,
    }),
    enforcementSimulationRoutes(SIMULATION_REPORT),
  ];
  const mayReadAlone = createReadingAlone({
    reader: storage.reader,
    policy: reviewPolicyOf(config.reviewing),
    accountOf: async (requestId) => (await readUsageEvent(storage.reader, requestId))?.accountId ?? null,
  });
  return { cases, harm, appeals, jobs, routes, cohorts, mayReadAlone, moderationPolicies: review.policies };
}
