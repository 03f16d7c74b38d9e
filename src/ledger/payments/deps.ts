import type { Accounts } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import type { PaymentsConfig } from '../../config/payments.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { Ledger } from '../ledger.ts';
import type { Subscriptions } from '../plan.ts';
import type { DriverName, PaymentDriver } from './driver.ts';

export interface PaymentsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly ledger: Pick<Ledger, 'post' | 'balance' | 'onChange'>;
  readonly accounts: Pick<Accounts, 'get'>;
  /** Null where no service runs: plans stand in the configuration. */
  readonly subscriptions: Subscriptions | null;
  /** `manual` is always among them. */
  readonly drivers: ReadonlyMap<DriverName, PaymentDriver>;
  /** Null where no service runs. */
  readonly config: PaymentsConfig | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly telemetry: Pick<Telemetry, 'notice' | 'fault'>;
}
