import type { Keys } from '../../accounts/index.ts';
import { toIso } from '../../base/calendar.ts';
import { type PriceBook, readCorrections, readPaidBy, toPaidByView } from '../../ledger/index.ts';
import { eventRowOf, readUsageEvent } from '../../metering/index.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { type Asker, type Belonging, seesAll } from '../belonging.ts';
import { namesFor } from '../names.ts';
import type { PortalReceiptView } from './contract.ts';
import { priceLines } from './lines.ts';
import { toAppNames } from './question.ts';
import { toRequestRow } from './rows.ts';

export interface ReceiptDeps {
  readonly reader: Reader;
  readonly prices: Pick<PriceBook, 'ratesOf'>;
  readonly families: () => ReadonlyMap<string, string>;
  readonly keys: Pick<Keys, 'get'>;
  readonly belonging: Belonging;
}

/** What one request used and cost; null for one that is not theirs to know of. */
export async function findReceipt(
  deps: ReceiptDeps,
  { accountId, membership }: Asker,
  id: string,
): Promise<PortalReceiptView | null> {
  const { reader, prices, families } = deps;
  const event = await readUsageEvent(reader, id);
  if (event === null || event.accountId !== accountId) return null;
  if (!seesAll(membership) && event.member !== membership.member) return null;
  const names = await namesFor(deps, accountId, [event.member]);
  const rates = event.priceId === null ? null : prices.ratesOf(event.priceId);
  // One after the other: a reader walks one statement at a time.
  const paid = event.priceNano > event.writtenOffNano ? await readPaidBy(reader, id) : [];
  const corrections = event.priceId === null ? [] : await readCorrections(reader, id);
  return {
    request: toRequestRow(eventRowOf(event, families(), toAppNames(names)), names),
    exact: !event.priceEstimated && event.usageSource !== 'estimated',
    price_id: event.priceId,
    price_estimated: event.priceEstimated,
    lines: rates === null ? [] : priceLines(event, rates),
    price_nano: String(event.priceNano),
    written_off_nano: String(event.writtenOffNano),
    paid_by: paid.map(toPaidByView),
    corrections: corrections.map(({ id: correction, atMs, amount }) => ({
      id: correction,
      at: toIso(atMs),
      amount_nano: String(amount),
    })),
  };
}
