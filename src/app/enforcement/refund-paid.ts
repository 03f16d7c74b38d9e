import type { Payments } from '../../ledger/index.ts';

const PAGE = 100;
const REASON = 'the account was closed';

/**
 * Gives back, to where it came from, all that an account paid and has neither spent nor held. What `key` was asked for
 * once is not asked for twice; the fee of a plan is not credit, and stays with its plan.
 */
export function createRefundPaid(payments: Pick<Payments, 'list' | 'refund'>) {
  return async function refundPaid(accountId: string, key: string): Promise<void> {
    for (let before: string | null = null; ; ) {
      const page = await payments.list({ accountId, before, limit: PAGE });
      for (const { id, kind, state } of page) {
        if (kind === 'subscription' || (state !== 'paid' && state !== 'partly_refunded')) continue;
        // A refusal says that nothing of this payment is left.
        await payments.refund({ paymentId: id, credit: null, reason: REASON, key, reference: null });
      }
      before = page.at(-1)?.id ?? null;
      if (before === null || page.length < PAGE) return;
    }
  };
}
