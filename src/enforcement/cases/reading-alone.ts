import type { Reader } from '../../storage/sql/storage.ts';
import type { ReviewPolicy } from './policy.ts';
import { readCasesOfRequest } from './store.ts';

export interface ReadingAloneDeps {
  readonly reader: Reader;
  readonly policy: Pick<ReviewPolicy, 'revealTakesTwo'>;
  /** Whose a request is; null for none of ours. */
  accountOf(requestId: string): Promise<string | null>;
}

/**
 * Whether one person may read what was written in a request. What takes two in a case takes two everywhere: nobody goes
 * round the second person by another door. Decided cases count as long as they are kept.
 */
export function createReadingAlone({
  reader,
  policy,
  accountOf,
}: ReadingAloneDeps): (requestId: string) => Promise<boolean> {
  return async function mayReadAlone(requestId) {
    if (policy.revealTakesTwo.length === 0) return true;
    const accountId = await accountOf(requestId);
    if (accountId === null) return true;
    const cases = await readCasesOfRequest(reader, accountId, requestId);
    return !cases.some(({ severity }) => policy.revealTakesTwo.includes(severity));
  };
}
