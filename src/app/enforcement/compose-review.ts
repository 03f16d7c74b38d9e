import { join } from 'node:path';
import {
  type Appeals,
  appealRoutes,
  backtestRoutes,
  type Backtests,
  createBacktests,
  createReadingAlone,
  createRedressRecords,
  createRulesFolder,
  decisionRoutes,
  enforcementSimulationRoutes,
  reviewPolicyOf,
  ruleRoutes,
  sanctionRoutes,
  shippedRules,
  signalRoutes,
  upstreamNoticeRoutes,
} from '../../enforcement/index.ts';
import { readUsageEvent } from '../../metering/index.ts';
import type { Job } from '../jobs.ts';
import { composeAppeals, incidentsOf } from './compose-appeals.ts';
import { composeCases } from './compose-cases.ts';
import { composeHarm } from './compose-harm.ts';
import { type ReviewParts, staffPeople } from './review-parts.ts';

export type Review = Awaited<ReturnType<typeof composeReview>>;

/** What the last simulation that was written down found; comes with the service. */
const SIMULATION_REPORT = join(import.meta.dirname, '../../../docs/simulation/enforcement.json');
const MB = 1_048_576;
const SECOND_MS = 1_000;
const RULES_EVERY_MS = 250;
const MINUTE_MS = 60_000;

type RulesFolder = ReturnType<typeof createRulesFolder>;

/** Everything of enforcement that people take part in, and what the control API asks of all of it. */
export async function composeReview(parts: ReviewParts, opened: AsyncDisposableStack) {
  const { config, serving } = parts;
  const { enforcement, fraud, telemetry } = serving;
  const { rules, follow, sanctions } = enforcement;
  const onFault = (what: string, error: unknown) => telemetry.fault(what, error);
  const cases = await composeCases(parts);
  const harm = await composeHarm(parts, cases);
  const appeals = composeAppeals(parts, cases, harm);
  fraud.onChange(({ accounts }) => {
    for (const accountId of accounts) {
      sanctions.joined(accountId).catch((error: unknown) => onFault('follow who came to a sanctioned operator', error));
    }
  });
  const backtests = openBacktests(parts);
  opened.defer(() => backtests.close());
  await rules.take(shippedRules(), 'shipped');
  const { rulesDir } = config.enforcement;
  const folder = rulesDir === null ? null : createRulesFolder(rulesDir, rules);
  await follow.start();
  opened.defer(async () => {
    await follow.tick();
    await follow.settled();
  });
  // It waits until what is known of links is read, which begins after this.
  appeals.resume().catch((error: unknown) => onFault('go on making good what appeals found wrong', error));
  const { reader } = serving.storage;
  const mayReadAlone = createReadingAlone({
    reader,
    policy: reviewPolicyOf(config.reviewing),
    accountOf: async (requestId) => (await readUsageEvent(reader, requestId))?.accountId ?? null,
  });
  const redressRecords = createRedressRecords(serving.storage);
  return {
    appeals,
    mayReadAlone,
    jobs: [
      ...jobsOf(parts, appeals, folder),
      { name: 'reckon whom enforcement hurts', everyMs: 5 * MINUTE_MS, run: harm.tick },
    ],
    routes: [...routesOf(parts, { appeals, backtests, folder }), cases.routes, harm.routes],
    redressRecords,
    erasers: [
      follow.eraser,
      redressRecords,
      { name: 'cases', erase: cases.erase },
      { name: 'the harm budget', erase: harm.erase },
    ],
  };
}

function openBacktests({ config, clock, serving, columns }: ReviewParts): Backtests {
  const { storage, mintId, telemetry, enforcement, money } = serving;
  return createBacktests({
    columns,
    rules: enforcement.rules,
    clock,
    mintId,
    seeds: enforcement.ruleSeeds,
    counterBytesMax: config.enforcement.ruleCountersMb * MB,
    folder: join(storage.dataDir, 'backtests'),
    confirmedOf: (accountIds) => enforcement.follow.store.confirmedOf(accountIds),
    planOf: (accountId) => money.plans.terms.termsOf(accountId).plan,
    onFault: (error) => telemetry.fault('replay a rule', error),
  });
}

function jobsOf({ serving }: ReviewParts, appeals: Appeals, folder: RulesFolder | null): Job[] {
  const { rules, sanctions, decisions, follow, jobs } = serving.enforcement;
  const folderJobs =
    folder === null ? [] : [{ name: 'read the folder of rules', everyMs: 5 * SECOND_MS, run: folder.look }];
  return [
    ...jobs,
    { name: 'show rules what happened', everyMs: RULES_EVERY_MS, run: rules.flush },
    { name: 'carry out sanctions that were put off', everyMs: SECOND_MS, run: sanctions.tick },
    { name: 'tell people of decisions', everyMs: 5 * SECOND_MS, run: decisions.deliver },
    { name: 'keep what judgement counts', everyMs: MINUTE_MS, run: () => follow.tick() },
    { name: 'go on making good what appeals found wrong', everyMs: MINUTE_MS, run: appeals.resume },
    { name: 'forget old hits of rules', everyMs: 10 * MINUTE_MS, run: rules.prune },
    ...folderJobs,
  ];
}

interface Routed {
  readonly appeals: Appeals;
  readonly backtests: Backtests;
  readonly folder: RulesFolder | null;
}

function routesOf(parts: ReviewParts, { appeals, backtests, folder }: Routed) {
  const { config, clock, serving } = parts;
  const { storage, enforcement, money, gateway } = serving;
  const { sanctions, decisions, follow, rules, audit } = enforcement;
  const { reader } = storage;
  const { accounts } = money;
  return [
    ruleRoutes({ rules, fileProblems: folder?.problems ?? (() => []) }),
    backtestRoutes(backtests),
    signalRoutes({
      follow,
      reader,
      clock,
      parameters: enforcement.parameters,
      accountExists: (id) => accounts.get(id) !== null,
    }),
    sanctionRoutes(sanctions, clock),
    decisionRoutes({
      decisions,
      audit,
      reader,
      clock,
      countAppeals: appeals.count,
      countSignals: (fromMs, toMs) => follow.store.countBySource(fromMs, toMs),
    }),
    appealRoutes({
      appeals,
      decisions,
      incidents: incidentsOf(parts),
      reviewers: () => staffPeople(parts),
      accounts,
      clock,
    }),
    upstreamNoticeRoutes({
      clock,
      providers: Object.keys(config.providers),
      resolve: gateway.identified,
      heard: enforcement.heardUpstream,
    }),
    enforcementSimulationRoutes(SIMULATION_REPORT),
  ];
}
