import { assert } from '../../base/assert.ts';
import type { Nano } from '../../base/money.ts';

/** What an account's subscription was worth from a moment on, until its next fact. */
export interface SubscriptionFact {
  readonly accountId: string;
  readonly atMs: number;
  /** Nano-dollars a month, a yearly fee divided by twelve; 0 in a trial, while past due, on a free plan and after the end. */
  readonly monthly: Nano;
}

/** Monthly recurring revenue, and how it came from that of the month before. */
export interface Recurring {
  readonly atOpen: Nano;
  readonly fresh: Nano;
  readonly expansion: Nano;
  readonly contraction: Nano;
  readonly churned: Nano;
  readonly atClose: Nano;
}

/** Compares what each account was worth before `fromMs` with what it was worth before `toMs`. Each one's facts come in order. */
export async function recurringRevenue(
  facts: AsyncIterable<SubscriptionFact> | Iterable<SubscriptionFact>,
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<Recurring> {
  const open = new Map<string, Nano>();
  const close = new Map<string, Nano>();
  for await (const { accountId, atMs, monthly } of facts) {
    if (atMs < span.fromMs) open.set(accountId, monthly);
    if (atMs < span.toMs) close.set(accountId, monthly);
  }
  const sums = { atOpen: 0n, fresh: 0n, expansion: 0n, contraction: 0n, churned: 0n, atClose: 0n };
  for (const [accountId, after] of close) {
    const before = open.get(accountId) ?? 0n;
    sums.atOpen += before;
    sums.atClose += after;
    if (before === 0n) sums.fresh += after;
    else if (after === 0n) sums.churned += before;
    else if (after > before) sums.expansion += after - before;
    else sums.contraction += before - after;
  }
  const { atOpen, fresh, expansion, contraction, churned, atClose } = sums;
  assert(atOpen + fresh + expansion - contraction - churned === atClose, 'recurring revenue is carried forward whole');
  return sums;
}
