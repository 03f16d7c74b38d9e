/** What cases ask of the rest of the service. */
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { Result } from '../../base/result.ts';
import type { CapturedContent } from '../../metering/index.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Conduct } from '../conduct.ts';
import type { Reading } from '../incident.ts';
import type { Sanction, SanctionOrder, SanctionRefusal } from '../sanction.ts';
import type { Owner, Unit } from '../unit.ts';
import type { ReviewPolicy } from './policy.ts';

/** What follows from the word of a person; each is durable when it resolves. */
export interface CaseActions {
  /** Judgement reads an incident, and what the ladder proposes then goes its usual way: the sanctions that followed. */
  read(reading: Reading): Promise<{ readonly known: boolean; readonly sanctions: readonly string[] }>;
  /** Takes incidents back for good, of these only those of the unit's own account unless it is an operator; those it knew. */
  undo(incidentIds: readonly string[], unit: Unit, by: string, reason: string): Promise<number>;
  /** A person says that somebody did something: a signal of staff. */
  say(said: {
    readonly owner: Owner;
    readonly conduct: Conduct;
    readonly requestId: string | null;
    readonly language: 'en' | 'zh' | null;
    readonly by: string;
  }): Promise<void>;
  impose(order: SanctionOrder): Promise<Result<Sanction, SanctionRefusal>>;
  endSanction(
    sanctionId: string,
    how: 'lifted' | 'reversed',
    by: string,
    reason: string,
  ): Promise<Result<Sanction, SanctionRefusal>>;
}

/** Somebody of the staff. */
export interface StaffPerson {
  readonly id: string;
  readonly name: string;
  /** Not disabled. */
  readonly active: boolean;
  /** Has `enforcement.write`. */
  readonly mayReview: boolean;
  /** Has `cases.lead`. */
  readonly leads: boolean;
}

export interface CaseDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly policy: ReviewPolicy;
  readonly actions: CaseActions;
  readonly content: Pick<CapturedContent, 'read'>;
  /** Everybody of the staff, the disabled ones included; from memory or read anew, asked at most every few seconds. */
  readonly staff: () => Promise<readonly StaffPerson[]>;
}
