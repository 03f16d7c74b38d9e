import type { Proposal } from '../judgement.ts';
import { rankOf } from '../step.ts';
import { MICRO } from './figures.ts';
import type { JudgementParameters, Tolerance } from './parameters.ts';
import { ask, capOf, figuresIn } from './proposing.ts';
import type { Held } from './state.ts';

export interface OperatorQuestion {
  readonly held: Held;
  /** For the smaller units. */
  readonly proposals: Proposal[];
  /** The rank of the gravest of them. */
  readonly reached: number;
  readonly atMs: number;
  readonly tolerance: Tolerance;
  /** Accounts linked firmly enough with this one, itself included. */
  readonly firmly: number;
  readonly parameters: JudgementParameters;
}

/**
 * Adds what the pooled figures of linked accounts come to: the account at hand gets what they ask for, and the others follow
 * one step below it. Where there are too few accounts, or they are not linked firmly enough, a person is asked.
 */
export function operatorProposal(question: OperatorQuestion): Proposal[] {
  const { held, proposals, reached, atMs, tolerance, firmly, parameters } = question;
  const log = held.chain.find(({ unit }) => unit.kind === 'operator');
  if (log === undefined) return proposals;
  const asked = ask(log, atMs, tolerance, parameters);
  if (asked === null || asked.standing.offenders < parameters.offendersMin) return proposals;
  if (asked.standing.level / MICRO < parameters.operatorAlarmAt + asked.raised) return proposals;
  const { accountId } = held.owner;
  if (asked.certificate === null || firmly < parameters.operatorAccountsMin) return withWanted(proposals);
  const figures = figuresIn(log, asked, parameters);
  const cap = capOf(asked, parameters);
  const step = asked.step !== null && rankOf(asked.step) < rankOf(cap) ? asked.step : cap;
  const own: Proposal = { ...figures, unit: { kind: 'account', accountId }, step, wanted: null, atMs };
  return [
    ...proposals,
    ...(rankOf(step) > reached ? [...(step === 'restrict' ? [{ ...own, step: 'cool_off' as const }] : []), own] : []),
    { ...figures, unit: log.unit, step: 'operator', wanted: null, atMs },
  ];
}

function withWanted(proposals: readonly Proposal[]): Proposal[] {
  return proposals.map((proposal, at) => {
    const isLast = at === proposals.length - 1;
    const wanted =
      proposal.wanted !== null && rankOf(proposal.wanted) > rankOf('operator') ? proposal.wanted : 'operator';
    return isLast ? { ...proposal, wanted } : proposal;
  });
}
