import { createAttempts } from '../../credentials/attempts.ts';
import { type Appeals, type AppealsDeps, type Cases, createAppeals, type HarmBudget } from '../../enforcement/index.ts';
import { createProlongation } from '../../ledger/index.ts';
import { createSayHarmless } from '../../moderation/index.ts';
import { type ReviewParts, staffPeople } from './review-parts.ts';

const ATTEMPT_KEYS_MAX = 50_000;

/** Appeals, and making good what they find wrong. */
export function composeAppeals(parts: ReviewParts, cases: Cases, harm: Pick<HarmBudget, 'appealed'>): Appeals {
  const { config, clock, serving } = parts;
  const { storage, mintId, telemetry, enforcement, fraud, money } = serving;
  const { publicUrl } = config.portal;
  const appeals = createAppeals({
    storage,
    clock,
    mintId,
    decisions: enforcement.decisions,
    sanctions: enforcement.sanctions,
    incidents: incidentsOf(parts),
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
    onFault: (what, error) => telemetry.fault(what, error),
    attempts: createAttempts(clock, ATTEMPT_KEYS_MAX),
    secret: enforcement.secretFor('contest'),
    portalUrl: (publicUrl ?? `http://localhost:${config.server.port}`).replace(/\/$/, ''),
    reviewers: async () => (await staffPeople(parts)).filter(({ mayReview }) => mayReview),
    readersOf: async (ids) => [...(await cases.readersOf(ids)), ...(await enforcement.follow.raisersOf(ids))],
  });
  if (config.portal.enabled) enforcement.later.contestUrl = appeals.contestUrl;
  appeals.onChange(({ sanctionId, state }) => {
    const isRight = state === 'overturned' || state === 'partly';
    const outcome = state === 'upheld' ? 'upheld' : isRight ? 'overturned' : 'open';
    harm.appealed(sanctionId, outcome).catch((error: unknown) => {
      telemetry.fault('tell the harm budget of an appeal', error);
    });
  });
  return appeals;
}

/** Incidents as appeals deal with them. */
export function incidentsOf({ serving }: Pick<ReviewParts, 'serving'>): AppealsDeps['incidents'] {
  const { follow } = serving.enforcement;
  return {
    get: (incidentId) => follow.get(incidentId),
    undo: (ids, atMs) => follow.undo(ids, 'appeal', 'an appeal found it wrong', atMs),
  };
}
