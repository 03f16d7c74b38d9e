import type { Nano } from '../../base/money.ts';
import type { VestingConfig } from '../../config/vesting.ts';

/** The conditions of the configuration, and the parts the credit comes in. */
export interface VestingRules extends VestingConfig {
  /** Of the plan that people start on, in order; nano-dollars. */
  readonly tranches: readonly Nano[];
}
