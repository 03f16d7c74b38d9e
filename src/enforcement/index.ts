export { CONDUCT_OF_LABEL, CONDUCTS, type Conduct, SEVERITIES, type Severity } from './conduct.ts';
export type { Bilingual, Decision, DecisionKind } from './decision.ts';
export type { Incident, Reading } from './incident.ts';
export type { Certificate, Heard, Judgement, JudgementSurroundings, Proposal, UnitFigures } from './judgement.ts';
export type { EndedReview, PathEnforcement, PathVerdict, RequestFacts } from './path.ts';
export type { Author, Effects, Facts, Sanction, SanctionOrder, SanctionRefusal, Sanctions, Scope } from './sanction.ts';
export type { Signal, SignalSource } from './signal.ts';
export { rankOf, type Step, STEPS } from './step.ts';
export { type Owner, type Unit, type UnitKind, unitKey } from './unit.ts';
