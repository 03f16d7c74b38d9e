import type { Result } from '../../base/result.ts';
import type { ControlHono } from '../../http/control.ts';
import type { Case, CaseOpening } from './case.ts';

/** Cases as the rest of enforcement sees them. */
export interface Cases {
  /**
   * Opens a case, or adds to an undecided one of the same kind, unit and conduct; durable when it resolves. Told again of
   * subjects it knows, it answers the case they went to. Refused when too many are undecided.
   */
  open(what: CaseOpening): Promise<Result<Case, 'too_many_cases'>>;
  get(id: string): Promise<Case | null>;
  /** Undecided ones. */
  ofAccount(accountId: string): readonly Case[];
  /** Somebody was disabled, or came back: what they had returns to its queue with its notes. */
  staffChanged(): Promise<void>;
  /** Forgets an account that was deleted. */
  erase(accountId: string): Promise<void>;
  readonly routes: ControlHono;
}
