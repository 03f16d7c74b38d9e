/** What sanctions ask of the rest of the service. */
import type { Accounts, Keys, Standing } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Locks } from '../../ledger/index.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Decisions } from '../decisions/decisions.ts';
import type { Sanction } from '../sanction.ts';
import type { OperatorSize } from './allow.ts';
import type { PolicyOf } from './plan.ts';
import type { SanctionTable } from './table.ts';

export interface SanctionsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly decisions: Pick<Decisions, 'append' | 'appendAll' | 'get'>;
  readonly standing: Pick<Standing, 'stop' | 'lift' | 'inForce'>;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly keys: Pick<Keys, 'get'>;
  /** The accounts of the operator behind one; from memory. */
  readonly operatorOf: (accountId: string) => OperatorSize;
  /** Whether links hold an account together with others firmly enough to be acted on with them without a person. */
  readonly isFirm: (accountId: string) => boolean;
  readonly policyOf: PolicyOf;
  /** Gives back what an account paid and has not spent. Asked again after a fault; `key` is the same then. */
  readonly refundPaid: (accountId: string, key: string) => Promise<void>;
  readonly onFault: (what: string, error: unknown) => void;
}

/** What the parts of this folder share. */
export interface Core extends SanctionsDeps {
  readonly table: SanctionTable;
  /** Writes about one account happen one after the other. */
  readonly withLocks: Locks;
  readonly tell: (sanction: Sanction) => void;
}
