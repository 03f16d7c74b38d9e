import {
  type Cases,
  type Conduct,
  createHarm,
  type HarmAlert,
  type HarmBudget,
  harmPolicyOf,
  type Sanction,
} from '../../enforcement/index.ts';
import { openingOfAudit } from './audit-opening.ts';
import { createCohorts } from './cohorts.ts';
import type { ReviewParts } from './review-parts.ts';

/** Whom enforcement hurts who did nothing, and what is paused for it. */
export async function composeHarm(parts: ReviewParts, cases: Cases): Promise<HarmBudget> {
  const { config, clock, random, serving, columns } = parts;
  const { storage, mintId, telemetry, enforcement, fraud, money } = serving;
  const { sanctions, decisions, rules, later } = enforcement;
  const held = new Set<Conduct>();
  const cohorts = createCohorts({
    terms: money.plans.terms,
    egressOf: (prefix) => (fraud.isReady() ? fraud.asked.egressOf(prefix) : null),
    columns,
    wallMs: clock.wallMs,
  });
  serving.onUsage(cohorts.used);
  later.onReview = ({ owner, language }) => cohorts.wrote(owner.accountId, language);
  later.isHeldBack = (conduct) => held.has(conduct);
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
    alert: (alert) => tell(alert, telemetry),
  });
  async function reckon({ id, decisionId, unit, step, conduct, decidedAtMs }: Sanction): Promise<void> {
    const decision = await decisions.get(decisionId);
    const cause = decision?.author.kind === 'automatic' ? ({ what: 'conduct', name: conduct } as const) : null;
    await harm.sanctioned({ sanctionId: id, accountId: unit.accountId, step, atMs: decidedAtMs, cause });
  }
  sanctions.onChange((sanction) => {
    if (sanction.ended !== null) return;
    reckon(sanction).catch((error: unknown) => telemetry.fault('tell the harm budget of a sanction', error));
  });
  return harm;
}

function tell(
  { cohort, upperPer10k, limitPer10k, paused }: HarmAlert,
  telemetry: Pick<ReviewParts['serving']['telemetry'], 'notice'>,
): void {
  telemetry.notice('warn', 'enforcement hurts more people than its budget allows; what did so was paused', {
    cohort,
    upper_per_10k: upperPer10k,
    limit_per_10k: limitPer10k,
    paused: paused.join(', '),
  });
}
