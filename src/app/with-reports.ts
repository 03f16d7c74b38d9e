import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { createReports, type Reports } from '../ledger/index.ts';
import { createUsageRecords } from '../metering/index.ts';
import { DATABASE_FILE } from '../storage/sql/folder.ts';
import { openReader } from '../storage/sql/storage.ts';

/** Opens the reports of a data folder for as long as `use` takes, beside a running service or without one. */
export async function withReports<Answer>(
  dataDir: string,
  use: (reports: Reports) => Promise<Answer>,
): Promise<Answer> {
  if (!existsSync(join(dataDir, DATABASE_FILE))) throw new Error(`there is no database in ${dataDir}`);
  const { reader, database } = openReader(dataDir);
  try {
    return await use(createReports({ reader, usageOf: createUsageRecords, clock: systemClock }));
  } finally {
    database.close();
  }
}
