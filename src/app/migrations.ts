import { accountKind, accountsAndKeys, keyMember } from '../accounts/index.ts';
import { gatewayMigrations } from '../gateway/index.ts';
import { ledgerBudgets, ledgerPrice } from '../ledger/index.ts';
import { meteringMigrations } from '../metering/index.ts';

/** The schema of every domain. */
export const MIGRATIONS = [
  accountsAndKeys,
  accountKind,
  keyMember,
  ledgerBudgets,
  ledgerPrice,
  ...meteringMigrations,
  ...gatewayMigrations,
];
