import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Accounts } from '../accounts/index.ts';
import { breathe } from '../base/breathe.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Config } from '../config/config.ts';
import type { GuardReader } from '../enforcement/index.ts';
import type { Moderation } from '../gateway/index.ts';
import type { ControlVariables } from '../http/control-api.ts';
import type { PlanTerms } from '../ledger/index.ts';
import {
  canonicalise,
  createPolicies,
  createPruneRecords,
  createReviewer,
  type LiveReview,
  moderationRoutes,
  type Policies,
  readStageStates,
} from '../moderation/index.ts';
import type { Provider } from '../providers/index.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Job } from './jobs.ts';
import { MODELS, openStages } from './open-stages.ts';

const REPORT = join(MODELS, 'report.json');
const PRUNE_EVERY_MS = 600_000;

export interface ModerationParts {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly terms: PlanTerms;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly mintId: MintId;
  readonly telemetry: Pick<Telemetry, 'notice'>;
}

/** Policies, and who judges by them; `moderation` is null where no product has anybody look. */
export async function composeModeration(parts: ModerationParts, opened: AsyncDisposableStack) {
  const { config, storage, clock, accounts } = parts;
  const policies = await createPolicies({ storage, clock });
  const moderated = new Set(Object.keys(config.products).filter((name) => config.products[name]?.moderated));
  const live = moderated.size === 0 ? null : await openReview(parts, opened);
  const routes = moderationRoutes({
    storage,
    clock,
    policies,
    breathe,
    report: REPORT,
    live: live ?? { absent: 'no product is moderated; set "moderation: on" for one in the configuration and restart' },
    known: { products: Object.keys(config.products), plans: Object.keys(config.plans) },
    accountExists: (id) => accounts.get(id) !== null,
  });
  const { retentionDays } = config.moderation;
  const prune = createPruneRecords({ writer: storage.writer, clock, retentionDays });
  const jobs: Job[] = [{ name: 'forget old records of moderation', everyMs: PRUNE_EVERY_MS, run: prune }];
  const moderation = live && judging(policies, moderated, parts.terms, live);
  return { policies, moderation, guard: live?.guard ?? null, routes, jobs };
}

/** The same control routes over a folder no service runs on. */
export async function composeFolderModeration(
  parts: Pick<ModerationParts, 'storage' | 'clock' | 'accounts'>,
): Promise<Hono<{ Variables: ControlVariables }>> {
  return moderationRoutes({
    ...parts,
    policies: await createPolicies(parts),
    breathe,
    report: REPORT,
    live: { absent: 'no service runs on this folder; start it with: candor serve' },
    known: null,
    accountExists: (id) => parts.accounts.get(id) !== null,
  });
}

async function openReview(
  parts: ModerationParts,
  opened: AsyncDisposableStack,
): Promise<LiveReview & { readonly guard: GuardReader | null }> {
  const { stages, encoder, guards } = await openStages({ ...parts, config: parts.config.moderation }, opened);
  const [guard] = stages.guards;
  return {
    guard: guard === undefined ? null : { name: guard[0], stage: guard[1] },
    reviewer: createReviewer({ stages, canonicalise, clock: parts.clock, breathe }),
    canonicalise,
    stageStates: () => readStageStates(stages, encoder, guards),
  };
}

function judging(
  policies: Policies,
  moderated: ReadonlySet<string>,
  terms: PlanTerms,
  { reviewer }: LiveReview,
): Moderation {
  return {
    reviewer,
    policyFor({ product, accountId }) {
      if (!moderated.has(product)) return null;
      const { plan } = terms.termsOf(accountId);
      return { policy: policies.policyFor(product, plan), uses: policies.usesOf(accountId) };
    },
  };
}
