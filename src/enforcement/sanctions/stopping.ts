import type { StopOrder, StopSubject } from '../../accounts/index.ts';
import { assert } from '../../base/assert.ts';
import { CONDUCT_WORDS } from '../decisions/words/conducts.ts';
import type { Unit } from '../unit.ts';
import { isStop } from './ladder.ts';
import { type HeldSanction, isFelt } from './table.ts';

/** Whether a stop has to be there for it now. */
export function needsStop(one: HeldSanction, nowMs: number): boolean {
  return isFelt(one, nowMs) && isStop(one.step, one.unit, one.scope);
}

/** The stop that carries a sanction out; it is told apart from others by the decision it names. */
export function stopOrder({ unit, step, conduct, decisionId, untilMs }: HeldSanction): StopOrder {
  const reason = `${step.replace('_', '-')}: ${CONDUCT_WORDS[conduct].en}`;
  return { subject: subjectOf(unit), cause: 'sanction', reason, by: decisionId, untilMs };
}

function subjectOf(unit: Unit): StopSubject {
  assert(unit.kind !== 'operator', 'an operator is stopped account by account');
  return unit;
}
