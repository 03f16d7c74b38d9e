import { alertsMigration } from '../alerts/index.ts';
import { accountKind, accountsAndKeys, accountsStanding, keyMember } from '../accounts/index.ts';
import { auditRecord } from '../audit/migrations/2026-11-22-audit-record.ts';
import {
  enforcementAppeals,
  enforcementCases,
  enforcementHarm,
  enforcementRules,
  enforcementSanctions,
  enforcementSignals,
} from '../enforcement/index.ts';
import { fraudLinkage, fraudLinkageWaiting, fraudVesting } from '../fraud/index.ts';
import { gatewayMigrations } from '../gateway/index.ts';
import {
  ledgerBooks,
  ledgerBudgets,
  ledgerPayments,
  ledgerPlans,
  ledgerPrice,
  ledgerRevocation,
  ledgerVesting,
} from '../ledger/index.ts';
import { meteringMigrations } from '../metering/index.ts';
import { moderationCorrections, moderationPolicies, moderationRecords } from '../moderation/index.ts';
import { peopleDoor, peopleMigration, waysMigration } from '../people/index.ts';
import { staffMigration } from '../staff/index.ts';
import { workspacesMigration } from '../workspaces/index.ts';

/** The schema of every domain. */
export const MIGRATIONS = [
  accountsAndKeys,
  accountKind,
  keyMember,
  accountsStanding,
  ledgerBooks,
  ledgerBudgets,
  ledgerPrice,
  ledgerRevocation,
  ledgerPlans,
  ledgerVesting,
  ledgerPayments,
  fraudVesting,
  fraudLinkage,
  fraudLinkageWaiting,
  ...meteringMigrations,
  ...gatewayMigrations,
  moderationCorrections,
  moderationPolicies,
  moderationRecords,
  staffMigration,
  peopleMigration,
  peopleDoor,
  waysMigration,
  workspacesMigration,
  alertsMigration,
  auditRecord,
  enforcementSanctions,
  enforcementSignals,
  enforcementCases,
  enforcementHarm,
  enforcementAppeals,
  enforcementRules,
];
