import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { auditEnforcement } from '../enforcement/index.ts';
import { auditVesting } from '../fraud/index.ts';
import { auditBooks, auditBudgets, auditPayments, auditPlans } from '../ledger/index.ts';
import { auditMetering } from '../metering/index.ts';
import { auditSettlements } from './audit-settlements.ts';
import { type AuditFinding, createFindings } from '../storage/sql/findings.ts';
import { DATABASE_FILE } from '../storage/sql/folder.ts';
import { openReader } from '../storage/sql/storage.ts';

export interface AuditReport {
  readonly clean: boolean;
  readonly findings: readonly AuditFinding[];
  /** What was looked at. */
  readonly checked: {
    readonly events: number;
    readonly openRequests: number;
    readonly epochs: number;
    readonly accounts: number;
    readonly transfers: number;
    readonly openHolds: number;
    readonly budgets: number;
    readonly payments: number;
    readonly subscriptions: number;
    /** Accounts whose sign-up credit vests. */
    readonly vesting: number;
    readonly decisions: number;
    /** Entries of the tamper-evident record. */
    readonly entries: number;
    /** That judgement was told. */
    readonly signals: number;
  };
}

/**
 * Checks the promises a database can show (P1, P3, P4, P6) on one data folder, beside a running service or without one.
 * Reads one consistent moment.
 */
export async function auditDatabase(dataDir: string, clock: Clock = systemClock): Promise<AuditReport> {
  if (!existsSync(join(dataDir, DATABASE_FILE))) throw new Error(`there is no database in ${dataDir}`);
  const { reader, database } = openReader(dataDir);
  try {
    return await reader.transaction().execute(async (moment) => {
      const findings = createFindings();
      const records = await auditMetering(moment, findings);
      const books = await auditBooks(moment, findings, clock.wallMs());
      const budgets = await auditBudgets(moment, findings);
      const payments = await auditPayments(moment, findings);
      const plans = await auditPlans(moment, findings);
      const vesting = await auditVesting(moment, findings);
      await auditSettlements(moment, findings);
      const decided = await auditEnforcement(moment, findings, clock.wallMs());
      const list = findings.list();
      return {
        clean: list.length === 0,
        findings: list,
        checked: { ...records, ...books, ...budgets, ...payments, ...plans, ...vesting, ...decided },
      };
    });
  } finally {
    database.close();
  }
}
