import type { Clock } from '../../base/clock.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Reports, SaveSubject } from './contract.ts';
import { exportTable } from './exports.ts';
import type { Table } from './files/table.ts';
import { writeTable } from './files/write-file.ts';
import { revenueReport } from './revenue.ts';
import { accountStatement } from './statement.ts';
import { revenueTable, statementTable, usageTable } from './tables.ts';
import { trialBalance } from './trial-balance.ts';
import { usageReport } from './usage.ts';
import type { UsageRecords } from './usage-records.ts';

export interface ReportsDeps {
  readonly reader: Reader;
  /** The usage records of whatever a reader reads: of a moment, when it is a transaction. */
  readonly usageOf: (reader: Reader) => UsageRecords;
  readonly clock: Clock;
}

/**
 * Reports over one data folder, beside whatever service runs on it. They read in short pieces, so that the service can
 * put its log away meanwhile; only a statement reads one moment, as long as its account's month takes.
 */
export function createReports({ reader, usageOf, clock }: ReportsDeps): Reports {
  const usage = usageOf(reader);

  const reports: Reports = {
    revenue: (month) => revenueReport({ reader, usage }, month, clock.wallMs()),
    usage: (month, by) => usageReport(usage, month, by),
    trialBalance: (atMs, each) => trialBalance(reader, atMs, each),
    statement: (accountId, month) =>
      reader.transaction().execute((moment) => {
        const sources = { reader: moment, usage: usageOf(moment) };
        return accountStatement(sources, accountId, month, clock.wallMs());
      }),
    async save(subject, order) {
      const table = await tableOf(subject);
      return table.ok ? writeTable(table.value, order) : table;
    },
  };

  async function tableOf(subject: SaveSubject): Promise<Result<Table, string>> {
    switch (subject.report) {
      case 'revenue':
        return ok(revenueTable(await reports.revenue(subject.month)));
      case 'usage': {
        const made = await reports.usage(subject.month, subject.by);
        return made.ok ? ok(usageTable(made.value)) : made;
      }
      case 'statement': {
        const made = await reports.statement(subject.accountId, subject.month);
        return made.ok ? ok(statementTable(made.value)) : made;
      }
      default:
        return ok(exportTable({ reader, usage }, subject.report, subject.span));
    }
  }

  return reports;
}
