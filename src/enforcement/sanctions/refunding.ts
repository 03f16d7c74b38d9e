import type { Core } from './deps.ts';
import { isRefundDue, readRefundsDue, setRefunded } from './store.ts';
import type { HeldSanction } from './table.ts';

const REFUNDS_AT_ONCE_MAX = 20;

/** Gives back what a closed account paid and has not spent; a refund that fails stays due. Never rejects. */
export async function payBack(core: Core, sanction: Pick<HeldSanction, 'id' | 'unit'>): Promise<void> {
  await refund(core, sanction).catch((error: unknown) => {
    core.onFault('pay back the balance of a closed account', error);
  });
}

export async function refundDue(core: Core): Promise<void> {
  for (const sanction of await readRefundsDue(core.storage.reader, REFUNDS_AT_ONCE_MAX)) {
    await payBack(core, sanction);
  }
}

function refund({ refundPaid, storage, withLocks }: Core, { id, unit }: Pick<HeldSanction, 'id' | 'unit'>) {
  return withLocks([`refund ${unit.accountId}`], async () => {
    // Whoever had the turn before may have done it.
    if (!(await isRefundDue(storage.reader, id))) return;
    await refundPaid(unit.accountId, id);
    await storage.writer.write([setRefunded(id)]);
  });
}
