import type { AuditOpening, Incident, Unit } from '../../enforcement/index.ts';
import type { EnforcementCore } from './compose-core.ts';

const INCIDENTS_MAX = 20;
const REQUESTS_MAX = 100;

/** What somebody needs to judge a sanction, or an account without one, that was drawn at random; null where nothing is left. */
export async function openingOfAudit(
  { sanctions, decisions, follow }: Pick<EnforcementCore, 'sanctions' | 'decisions' | 'follow'>,
  accountId: string,
  sanctionId: string | null,
): Promise<AuditOpening | null> {
  const sanction = sanctionId === null ? null : await sanctions.get(sanctionId);
  const decision = sanction === null ? null : await decisions.get(sanction.decisionId);
  const unit: Unit = sanction?.unit ?? { kind: 'account', accountId };
  const figures = follow.figuresOf(unit);
  const named = decision?.facts?.incidents ?? figures.incidents.map(({ id }) => id);
  const found = await Promise.all(named.slice(-INCIDENTS_MAX).map((id) => follow.get(id)));
  const incidents = found.filter((one): one is Incident => one !== null);
  const newest = incidents.at(-1);
  if (newest === undefined) return null;
  const facts = await follow.factsOf(incidents.map(({ id }) => id));
  const { author } = decision ?? {};
  return {
    conduct: newest.conduct,
    severity: newest.severity,
    unit,
    owner: newest.owner,
    language: null,
    probability: figures.posterior,
    facts: {
      ...facts,
      score: figures.score,
      cusum: figures.cusum,
      alarmAt: figures.alarmAt,
      posterior: figures.posterior,
      certificateBound: decision?.certificate?.bound ?? null,
      stepNow: sanctions.inForce(unit)[0]?.step ?? null,
    },
    incidents: incidents.map(({ id }) => id),
    requestIds: incidents.flatMap(({ requestIds }) => requestIds).slice(-REQUESTS_MAX),
    sanctionId,
    decisionId: decision?.id ?? null,
    reportId: null,
    rule: null,
    proposal: null,
    authors: author?.kind === 'staff' ? author.ids : [],
  };
}
