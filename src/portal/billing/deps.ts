import type { Accounts, Keys } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { PaymentsConfig } from '../../config/payments.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { VestingState } from '../../fraud/index.ts';
import type { Budgets, Ledger, LowBalance, Payments, Plan, PlansPart, StatementView } from '../../ledger/index.ts';
import type { Belonging } from '../belonging.ts';
import type { PortalRefusal } from '../refusals.ts';
import type { Turns } from '../usage/turns.ts';

export interface PortalBillingDeps {
  readonly accounts: Pick<Accounts, 'get'>;
  readonly belonging: Belonging;
  readonly keys: Pick<Keys, 'get' | 'ofAccount'>;
  readonly ledger: Pick<Ledger, 'balance'>;
  readonly lowBalance: Pick<LowBalance, 'set' | 'off' | 'list'>;
  readonly budgets: Pick<Budgets, 'set' | 'remove' | 'list'>;
  readonly subscriptions: PlansPart['subscriptions'];
  readonly terms: PlansPart['terms'];
  readonly planEvents: PlansPart['events'];
  readonly payments: Pick<Payments, 'topup' | 'subscribe' | 'list' | 'codes' | 'autoTopups'>;
  readonly plans: Readonly<Record<string, Plan>>;
  /** False for a plan with a line, or by invitation: it is not to be had by choosing it here. */
  readonly isOffered: (plan: string) => boolean;
  readonly config: PaymentsConfig;
  /** Null where no free credit vests. */
  readonly vesting: { stateOf(accountId: string): Promise<VestingState | null> } | null;
  /** Made beside the service, because a month of books is much to read. */
  readonly statement: (
    accountId: string,
    month: string,
    gone: AbortSignal,
  ) => Promise<Result<StatementView, PortalRefusal>>;
  readonly statementTurns: Turns;
  readonly attempts: Attempts;
  readonly clock: Clock;
}
