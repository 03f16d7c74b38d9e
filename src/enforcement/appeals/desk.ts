import { type Appeal, type AppealRefusal, OPEN_STATES } from './appeal.ts';
import type { Decision } from '../decision.ts';
import type { AppealsDeps } from './deps.ts';

/** What the parts of appeals work with. */
export interface Desk extends AppealsDeps {
  tell(appeal: Appeal, decision: Decision): void;
  /** False where it could not be brought to its end now. */
  restoreNow(appealId: string): Promise<boolean>;
}

export function isOpen({ state }: Appeal): boolean {
  return OPEN_STATES.some((open) => open === state);
}

export const NOT_FOUND: AppealRefusal = { reason: 'appeal_not_found', message: 'there is no such appeal' };
export const ANSWERED: AppealRefusal = {
  reason: 'already_answered',
  message: 'this appeal was answered or taken back',
};
export const NOT_YOURS: AppealRefusal = {
  reason: 'not_yours',
  message: 'this appeal was given to somebody else; take it over first',
};
export const CHANGED: AppealRefusal = {
  reason: 'changed_meanwhile',
  message: 'somebody else changed this appeal in the meantime; look at it again',
};
export const ALREADY_OPEN: AppealRefusal = {
  reason: 'already_open',
  message: 'this decision is being contested already; wait for the answer, or take that appeal back first',
};
