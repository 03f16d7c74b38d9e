import type { Clock } from '../../base/clock.ts';
import type { Writer } from '../../storage/sql/writer.ts';
import { grantAccount } from '../chart.ts';
import type { Ledger } from '../ledger.ts';
import { forgetExpiring } from './statements.ts';
import type { BookReader } from './store.ts';

const GRANTS_AT_ONCE = 500;

/**
 * Empties grants whose time is past, as far as no request holds them. What a request gives back later is found again,
 * because a grant is looked at until it is empty and its account holds nothing.
 */
export function createExpiry(
  books: BookReader,
  ledger: Pick<Ledger, 'drain'>,
  writer: Pick<Writer, 'write'>,
  clock: Clock,
): () => Promise<number> {
  return async function expire() {
    let emptied = 0;
    for (const { id, accountId, kind } of await books.expiredGrants(clock.wallMs(), GRANTS_AT_ONCE)) {
      const name = `${id}:expired`;
      const moved = await ledger.drain({
        id: `${name}:${await books.countUnder(name)}`,
        from: grantAccount(id),
        into: kind === 'paid' ? 'breakage' : 'promo_expense',
        kind: 'expiry',
        accountId,
        most: null,
        note: null,
      });
      if (moved > 0n) emptied++;
      await writer.write([forgetExpiring(id, accountId)]);
    }
    return emptied;
  };
}
