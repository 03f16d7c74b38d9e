import type { Decision } from '../decision.ts';
import type { Facts, Sanction } from '../sanction.ts';
import type { Step } from '../step.ts';
import type { Appeal } from './appeal.ts';
import type { RestitutionDeps } from './deps.ts';

export interface InPart {
  readonly appeal: Appeal;
  readonly begun: { readonly begunAtMs: number; readonly harmless: readonly string[]; readonly milder: Step | null };
  readonly decision: Decision;
  readonly affected: readonly Sanction[];
  readonly by: string;
}

/** Imposes what takes the place of a step that was too severe; with how many sanctions that makes, 0 or 1. */
export async function imposeMilder({ appeal, begun, decision, by }: InPart, deps: RestitutionDeps): Promise<number> {
  const { sanctions, clock } = deps;
  if (begun.milder === null || decision.facts === null) return 0;
  const { unit } = decision;
  const isThere = (await sanctions.ofAccount(appeal.accountId)).some(
    (one) => one.step === begun.milder && one.unit.kind === unit.kind && one.decidedAtMs >= begun.begunAtMs,
  );
  if (isThere) return 1;
  const { untilMs } = decision;
  const imposed = await sanctions.impose({
    unit,
    step: begun.milder,
    scope: null,
    untilMs: untilMs !== null && untilMs > clock.wallMs() ? untilMs : null,
    facts: await factsWithout(begun.harmless, decision.facts, deps),
    certificate: null,
    author: { kind: 'staff', ids: [by] },
    note: '',
    alternatives: `answers appeal ${appeal.id} in part: ${decision.step ?? 'the step'} was too severe`,
    linkedTo: null,
    delayMs: 0,
  });
  return imposed.ok ? 1 : 0;
}

/** What is left of the facts when some of the incidents were none. */
async function factsWithout(harmless: readonly string[], facts: Facts, { incidents }: RestitutionDeps): Promise<Facts> {
  const left = facts.incidents.filter((id) => !harmless.includes(id));
  const found = (await Promise.all(left.map((id) => incidents.get(id)))).filter((one) => one !== null);
  if (harmless.length === 0 || found.length === 0) return facts;
  return {
    ...facts,
    incidents: left,
    requests: new Set(found.flatMap(({ requestIds }) => requestIds)).size,
    firstAtMs: Math.min(...found.map(({ openedAtMs }) => openedAtMs)),
    lastAtMs: Math.max(...found.map(({ lastAtMs }) => lastAtMs)),
    score: null,
  };
}
