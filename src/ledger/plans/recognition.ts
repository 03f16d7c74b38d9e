import { assert } from '../../base/assert.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Ledger } from '../ledger.ts';
import { dueTo, type Fee, piecesOf } from './fees.ts';
import { readOpenFees, updateFee } from './store.ts';

export interface RecognitionDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly ledger: Pick<Ledger, 'post'>;
}

/**
 * Earns what a fee is worth by `toMs`: one posting for each day, `deferred_subscription` to `earnings_subscription`.
 * Resolves with the fee as it then stands. Call it for one account from one place at a time.
 */
async function recognise(fee: Fee, toMs: number, { storage, ledger }: RecognitionDeps): Promise<Fee> {
  let standing = fee;
  for (const piece of piecesOf(fee, toMs)) {
    const after = { ...standing, recognised: standing.recognised + piece.amount, recognisedToMs: piece.toMs };
    const also = [updateFee(standing, after)];
    const written =
      piece.amount === 0n
        ? await storage.writer.write(also)
        : await ledger.post({
            id: piece.id,
            kind: 'recognition',
            accountId: null,
            transfers: [{ debit: 'deferred_subscription', credit: 'earnings_subscription', amount: piece.amount }],
            also,
            note: null,
          });
    assert(written.ok, `${piece.id} could not be booked`);
    standing = after;
  }
  return standing;
}

/** What is due by the calendar: whole days, and the rest of a fee whose time is over. */
export async function recogniseDays(accountId: string, nowMs: number, deps: RecognitionDeps): Promise<void> {
  for (const fee of await readOpenFees(deps.storage.reader, accountId)) await recognise(fee, dueTo(fee, nowMs), deps);
}

/** Earns all fees of an account up to this moment, so that what is left of them can be moved. */
export async function recogniseNow(accountId: string, nowMs: number, deps: RecognitionDeps): Promise<readonly Fee[]> {
  const fees: Fee[] = [];
  for (const fee of await readOpenFees(deps.storage.reader, accountId)) fees.push(await recognise(fee, nowMs, deps));
  return fees.filter((fee) => fee.amount > fee.recognised + fee.moved);
}
