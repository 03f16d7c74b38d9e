import type { Core } from './deps.ts';
import { readRefundsDue, setRefunded } from './store.ts';
import type { HeldSanction } from './table.ts';

const REFUNDS_AT_ONCE_MAX = 20;

/** Gives back what a closed account paid and has not spent; a refund that fails stays due. */
export function payBack(core: Core, sanction: Pick<HeldSanction, 'id' | 'unit'>): void {
  refund(core, sanction).catch((error: unknown) => core.onFault('pay back the balance of a closed account', error));
}

export async function refundDue(core: Core): Promise<void> {
  for (const sanction of await readRefundsDue(core.storage.reader, REFUNDS_AT_ONCE_MAX)) payBack(core, sanction);
}

function refund({ refundPaid, storage, withLocks }: Core, { id, unit }: Pick<HeldSanction, 'id' | 'unit'>) {
  return withLocks([`refund ${unit.accountId}`], async () => {
    await refundPaid(unit.accountId, id);
    await storage.writer.write([setRefunded(id)]);
  });
}
