import type { Clock } from '../../base/clock.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { insertCorrection } from './corrections.ts';
import { readRecords } from './queries.ts';
import { scoresOf } from './scores.ts';

/** Makes statements that say of requests that nothing was wrong with them, for the unit of whoever found that. */
export type SayHarmless = (
  requestIds: readonly string[],
  note: string,
  by: string,
) => Promise<readonly WriteStatement[]>;

/** Of prompts and replies in which something was found; what is past its days, or was not looked at, is left out. */
export function createSayHarmless({ reader, clock }: { readonly reader: Reader; readonly clock: Clock }): SayHarmless {
  return async function sayHarmless(requestIds, note, by) {
    const statements: WriteStatement[] = [];
    for (const requestId of requestIds) {
      for (const row of await readRecords(reader, requestId)) {
        if (row.result === 'passed' || row.result === 'unreviewed') continue;
        const scores = scoresOf(row);
        const said = { requestId, subject: row.subject, labels: [], note, by, atMs: clock.wallMs(), scores };
        statements.push(insertCorrection(said));
      }
    }
    return statements;
  };
}
