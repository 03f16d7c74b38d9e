/** From what judgement proposes to what is done: a sanction, a case for a person, or nothing new. */
import type { CaseFacts, CaseOpening } from '../cases/case.ts';
import type { Conduct } from '../conduct.ts';
import type { IncidentFacts } from '../follow/facts.ts';
import type { Incident } from '../incident.ts';
import type { Proposal, UnitFigures } from '../judgement.ts';
import type { Sanction, SanctionOrder, Sanctions } from '../sanction.ts';
import { covers } from '../sanctions/ladder.ts';
import { rankOf } from '../step.ts';
import type { Unit } from '../unit.ts';

export interface ExecutorDeps {
  readonly sanctions: Pick<Sanctions, 'impose' | 'inForce'>;
  readonly incidents: {
    get(incidentId: string): Promise<Incident | null>;
    factsOf(incidentIds: readonly string[]): Promise<IncidentFacts>;
    /** Of the staff, who said by hand that something happened. */
    raisersOf(incidentIds: readonly string[]): Promise<readonly string[]>;
    figuresOf(unit: Unit): UnitFigures;
  };
  readonly openCase: (what: CaseOpening) => Promise<void>;
  /** Whether steps above a warning for this conduct wait for a person, because they hurt too many. */
  readonly isHeldBack: (conduct: Conduct) => boolean;
  /** Milliseconds a step is put off, for conduct whose detection must not show. */
  readonly delayMs: (conduct: Conduct) => number;
  readonly onFault: (what: string, error: unknown) => void;
}

export interface Executor {
  /** Carries a proposal out; ids of the sanctions that followed. Saying the same again changes nothing. */
  execute(proposal: Proposal): Promise<readonly string[]>;
  /** Nobody but a person can say what this incident is. */
  doubt(incident: Incident): Promise<void>;
}

/** What the ladder signs its decisions with. */
const LADDER_VERSION = 'ladder@1';
const WARNING = rankOf('warning');
const REQUESTS_NAMED_MAX = 100;

export function createExecutor(deps: ExecutorDeps): Executor {
  const { sanctions, incidents } = deps;

  async function impose(proposal: Proposal, facts: IncidentFacts): Promise<Sanction | null> {
    const imposed = await sanctions.impose(orderOf(proposal, facts, deps.delayMs(proposal.conduct)));
    if (imposed.ok) return imposed.value;
    // What holds already is as grave, or the unit has gone meanwhile: neither is anything to tell a person.
    const { reason, message } = imposed.refusal;
    if (reason === 'graver_in_force' || reason === 'unit_not_found' || reason === 'house_account') return null;
    deps.onFault('carry out what the ladder came to', new Error(`${reason}: ${message}`));
    return null;
  }

  return {
    async execute(proposal) {
      const known = (await Promise.all(proposal.incidents.map((id) => incidents.get(id)))).filter(
        (one) => one !== null,
      );
      const newest = known.at(-1);
      if (newest === undefined) return [];
      const ids = known.map(({ id }) => id);
      const facts = await incidents.factsOf(ids);
      const raisers = await incidents.raisersOf(ids);
      const held = sanctions.inForce(proposal.unit);
      const opening = () =>
        openingOf(proposal, { facts, known, newest, figures: incidents.figuresOf(proposal.unit), held, raisers });
      // What cannot wait does not wait for whoever looks at what it hurts.
      const mayWait = proposal.severity !== 'terminal';
      if (mayWait && deps.isHeldBack(proposal.conduct) && rankOf(proposal.step) > WARNING) {
        await deps.openCase({ ...opening(), kind: 'proposal' });
        return [];
      }
      const isNew = !held.some(({ step }) => covers(step, proposal.step));
      const imposed = isNew ? await impose(proposal, facts) : null;
      if (proposal.severity === 'terminal') {
        await deps.openCase({ ...opening(), kind: 'restricted', ...feltBy(imposed, opening().subjects) });
      } else if (proposal.wanted !== null) await deps.openCase({ ...opening(), kind: 'proposal' });
      else if (imposed !== null && rankOf(imposed.step) >= rankOf('restrict')) {
        const { id: sanctionId, decisionId } = imposed;
        await deps.openCase({
          ...opening(),
          kind: 'suspension',
          sanctionId,
          decisionId,
          subjects: [`sanction ${sanctionId}`],
          authors: [...raisers, ...readersIn(known)],
        });
      }
      return imposed === null ? [] : [imposed.id];
    },
    async doubt(incident) {
      const unit: Unit = { kind: 'account', accountId: incident.owner.accountId };
      const facts = await incidents.factsOf([incident.id]);
      const authors = await incidents.raisersOf([incident.id]);
      const shown = caseFacts(facts, incidents.figuresOf(unit), null, sanctions.inForce(unit));
      await deps.openCase({ ...doubtfulOf(incident, facts, shown), authors });
    },
  };
}

/** The sanction a case is about, by which whoever judges the case is found. */
function feltBy(
  imposed: Sanction | null,
  subjects: readonly string[],
): Partial<Pick<CaseOpening, 'sanctionId' | 'decisionId' | 'subjects'>> {
  if (imposed === null) return {};
  const { id: sanctionId, decisionId } = imposed;
  return { sanctionId, decisionId, subjects: [...subjects, `sanction ${sanctionId}`] };
}

function doubtfulOf(incident: Incident, { sources }: IncidentFacts, facts: CaseFacts): CaseOpening {
  const { id, owner, conduct, severity, confidence, requestIds } = incident;
  return {
    kind: severity === 'terminal' ? 'restricted' : kindOf(sources),
    conduct,
    severity,
    unit: { kind: 'account', accountId: owner.accountId },
    owner,
    language: null,
    probability: confidence,
    facts,
    incidents: [id],
    requestIds: requestIds.slice(-REQUESTS_NAMED_MAX),
    sanctionId: null,
    decisionId: null,
    reportId: null,
    rule: null,
    proposal: null,
    subjects: [`incident ${id}`],
    authors: [],
  };
}

/** Where a doubt comes from says who should look. */
function kindOf(sources: readonly string[]): CaseOpening['kind'] {
  if (sources.includes('upstream')) return 'upstream';
  return sources.includes('report') ? 'report' : 'incident';
}

function orderOf(proposal: Proposal, facts: IncidentFacts, delayMs: number): SanctionOrder {
  const { unit, step, conduct, severity, certificate, score } = proposal;
  return {
    unit,
    step,
    scope: step === 'restrict' ? { models: [], tools: true } : null,
    untilMs: null,
    facts: {
      conduct,
      severity,
      incidents: proposal.incidents,
      requests: Math.max(1, facts.requests),
      firstAtMs: facts.firstAtMs,
      lastAtMs: facts.lastAtMs,
      sources: facts.sources,
      categories: facts.categories.map(({ name }) => name),
      score,
    },
    certificate,
    author: { kind: 'automatic', version: LADDER_VERSION },
    note: '',
    alternatives: '',
    linkedTo: null,
    delayMs,
  };
}

interface Known {
  readonly facts: IncidentFacts;
  readonly known: readonly Incident[];
  readonly newest: Incident;
  readonly figures: UnitFigures;
  readonly held: readonly Sanction[];
  readonly raisers: readonly string[];
}

/** Of `Incident.readBy`. */
const PERSON = 'person:';

/** Those of the staff whose word made an incident one. */
function readersIn(incidents: readonly Incident[]): string[] {
  return incidents.flatMap(({ readBy }) => (readBy?.startsWith(PERSON) ? [readBy.slice(PERSON.length)] : []));
}

function openingOf(
  proposal: Proposal,
  { facts, known, newest, figures, held, raisers }: Known,
): Omit<CaseOpening, 'kind'> {
  return {
    conduct: proposal.conduct,
    severity: proposal.severity,
    unit: proposal.unit,
    owner: newest.owner,
    language: null,
    probability: figures.posterior,
    facts: caseFacts(facts, figures, proposal, held),
    incidents: proposal.incidents,
    requestIds: known.flatMap(({ requestIds }) => requestIds).slice(-REQUESTS_NAMED_MAX),
    sanctionId: null,
    decisionId: null,
    reportId: null,
    rule: null,
    proposal,
    subjects: [`proposal ${proposal.wanted ?? proposal.step} ${newest.id}`],
    authors: raisers,
  };
}

function caseFacts(
  facts: IncidentFacts,
  figures: UnitFigures,
  proposal: Proposal | null,
  held: readonly Sanction[],
): CaseFacts {
  return {
    ...facts,
    score: proposal?.score ?? figures.score,
    cusum: proposal?.cusum ?? figures.cusum,
    alarmAt: proposal?.alarmAt ?? figures.alarmAt,
    posterior: figures.posterior,
    certificateBound: proposal?.certificate?.bound ?? null,
    stepNow: held[0]?.step ?? null,
  };
}
