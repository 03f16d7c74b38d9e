import { smaller, type Nano } from '../../base/money.ts';
import { grantAccount } from '../chart.ts';
import type { Grant, Transfer } from '../ledger.ts';
import type { PaymentsDeps } from './deps.ts';
import { applied, type Applied, type Incoming, keepEvent, REPEATED } from './events.ts';
import { addDrained, endReversal, findReversal, insertReversal } from './money-back-store.ts';
import type { Payment, Reversal } from './payment.ts';
import { shareOfAmount } from './share.ts';
import { addRefunded, findPayment, findPaymentByRef, setGrant, setState, takeRefundedBack } from './store.ts';

/** Spending may go on while credit is taken out of reach; each round takes what is there. */
const DRAIN_ROUNDS_MAX = 8;

/**
 * Money of a payment was taken back by somebody else. The whole of it is booked as a loss at once; what of the credit is
 * unspent, and what comes back later from requests that held it, is then taken out of reach and lessens the loss.
 */
export async function applyTakenBack(
  deps: PaymentsDeps,
  incoming: Incoming<'disputed' | 'refunded'>,
): Promise<Applied> {
  const { driver, fact } = incoming;
  const payment = await findPaymentByRef(deps.storage.reader, driver, fact.ref);
  if (payment === null) return keepEvent(deps, incoming, 'waiting', null, 'no payment of this reference is known yet');
  if (fact.currency.toLowerCase() !== 'usd' || fact.amount <= 0n || fact.amount > payment.amount) {
    return keepEvent(deps, incoming, 'rejected', payment.id, 'another currency or amount than was paid');
  }
  const id = fact.kind === 'disputed' ? fact.disputeRef : fact.refundRef;
  if ((await findReversal(deps.storage.reader, id)) !== null) {
    return keepEvent(deps, incoming, 'ignored', payment.id, 'known already');
  }
  const share = shareOfAmount(payment, fact.amount);
  const isDispute = fact.kind === 'disputed';
  const reversal: Reversal = {
    id,
    paymentId: payment.id,
    kind: isDispute ? 'dispute' : 'refund',
    state: isDispute ? 'open' : 'lost',
    ...share,
    drained: 0n,
  };
  const posted = await deps.ledger.post({
    id: `${id}:taken`,
    kind: isDispute ? 'dispute' : 'refund',
    accountId: payment.accountId,
    transfers: transfersOf('wash', reversal.credit, share.tax),
    also: [
      applied(deps, incoming, payment.id),
      insertReversal(reversal, deps.clock.wallMs()),
      isDispute ? setState(payment.id, 'disputed') : addRefunded(payment.id, share.credit, share.tax),
    ],
    note: `${isDispute ? 'dispute' : 'refund at the driver'} ${id} of payment ${payment.id}`.slice(0, 500),
  });
  if (!posted.ok && posted.refusal.reason !== 'also_refused') {
    throw new Error(`reversal ${id} could not be booked: ${posted.refusal.reason}`);
  }
  if (!posted.ok) {
    const known = await findReversal(deps.storage.reader, id);
    return known !== null ? REPEATED : keepEvent(deps, incoming, 'rejected', payment.id, 'more than was left of it');
  }
  return { state: 'applied', paymentId: payment.id, detail: null };
}

function transfersOf(into: 'wash', credit: Nano, tax: Nano): Transfer[] {
  return [
    { debit: 'dispute_loss' as const, credit: into, amount: credit },
    { debit: 'tax_payable' as const, credit: into, amount: tax },
  ].filter((transfer) => transfer.amount > 0n);
}

/**
 * Takes unspent credit of a payment that was taken back out of reach; for the fee of a plan, ends the plan if its time
 * still runs. Does nothing when nothing is there, so it may be asked at any time. Resolves with whether more is
 * to be taken when it comes back.
 */
export async function drainReversal(deps: PaymentsDeps, id: string): Promise<boolean> {
  for (let round = 0; round < DRAIN_ROUNDS_MAX; round++) {
    const reversal = await findReversal(deps.storage.reader, id);
    const payment = reversal && (await findPayment(deps.storage.reader, reversal.paymentId));
    if (!reversal || !payment || reversal.state === 'won') return false;
    const owed = reversal.credit - reversal.drained;
    if (owed === 0n) return false;
    if (payment.kind === 'subscription') {
      await endPlan(deps, payment, reversal);
      return false;
    }
    const amount = smaller(await availableOf(deps, payment), owed);
    if (amount === 0n) return true;
    await deps.ledger.post({
      // Named by what was drained before, so that the same round cannot happen twice.
      id: `${id}:drain:${reversal.drained}`,
      kind: 'clawback',
      accountId: payment.accountId,
      transfers: [{ debit: grantAccount(payment.grantId ?? ''), credit: 'dispute_loss', amount }],
      also: [addDrained(reversal, amount)],
      note: `credit of payment ${payment.id}, which was taken back`,
    });
  }
  return true;
}

/** What of the grant a payment bought is neither spent nor held. */
export async function availableOf(deps: PaymentsDeps, payment: Payment): Promise<Nano> {
  const { grants } = await deps.ledger.balance(payment.accountId);
  return grants.find((grant) => grant.id === payment.grantId)?.available ?? 0n;
}

/** Nothing more can be had of a fee once its plan has ended. */
async function endPlan(deps: PaymentsDeps, payment: Payment, reversal: Reversal): Promise<void> {
  const runsUntilMs = payment.facts.periodEndMs ?? 0;
  if (deps.subscriptions === null || runsUntilMs <= deps.clock.wallMs()) return;
  if (deps.subscriptions.get(payment.accountId)?.state === 'ended') return;
  const reason = `payment ${payment.id} was taken back`;
  const ended = await deps.subscriptions.endNow(payment.accountId, { into: 'dispute_loss', reason });
  const drained = ended.ok ? smaller(ended.value, reversal.credit) : 0n;
  if (drained > 0n) await deps.storage.writer.write([addDrained(reversal, drained)]);
}

/** A dispute was decided. Won: the money is back, and what was taken out of reach is given again. Lost: it stays. */
export async function applyDecided(
  deps: PaymentsDeps,
  incoming: Incoming<'dispute_won' | 'dispute_lost'>,
): Promise<Applied> {
  const { fact, driver } = incoming;
  const reversal = await findReversal(deps.storage.reader, fact.disputeRef);
  if (reversal === null) return keepEvent(deps, incoming, 'waiting', null, 'the dispute is not known yet');
  if (fact.kind === 'dispute_won') return restore(deps, { driver, fact }, reversal);
  if (reversal.state !== 'open') {
    return keepEvent(deps, incoming, 'ignored', reversal.paymentId, `it was ${reversal.state} already`);
  }
  const written = await deps.storage.writer.write([
    applied(deps, incoming, reversal.paymentId),
    endReversal(reversal, 'lost', deps.clock.wallMs()),
    setState(reversal.paymentId, 'lost'),
  ]);
  if (!written.ok) throw new Error(`dispute ${reversal.id} changed while it was decided`);
  return { state: 'applied', paymentId: reversal.paymentId, detail: null };
}

/** The money of a reversal is back: the loss is undone, and unspent credit given again as a grant of its own. */
export async function restore(
  deps: PaymentsDeps,
  incoming: Incoming<'dispute_won' | 'refund_failed'>,
  reversal: Reversal,
): Promise<Applied> {
  if (reversal.state === 'won') return keepEvent(deps, incoming, 'ignored', reversal.paymentId, 'it was won already');
  const payment = await findPayment(deps.storage.reader, reversal.paymentId);
  if (payment === null) throw new Error(`reversal ${reversal.id} has no payment`);
  const atMs = deps.clock.wallMs();
  // The fee of a plan is not given again: its plan has ended, and what was not earned of it becomes credit.
  const grant = reversal.drained > 0n ? restoredGrant(payment, reversal, atMs) : null;
  const transfers = [
    { debit: 'wash' as const, credit: 'dispute_loss' as const, amount: reversal.credit - reversal.drained },
    { debit: 'wash' as const, credit: 'tax_payable' as const, amount: reversal.tax },
    ...(grant === null ? [] : [{ debit: 'wash' as const, credit: grantAccount(grant.id), amount: reversal.drained }]),
  ].filter((transfer) => transfer.amount > 0n);
  const posted = await deps.ledger.post({
    id: `${reversal.id}:won`,
    kind: 'dispute',
    accountId: payment.accountId,
    transfers,
    ...(grant === null ? {} : { grants: [grant] }),
    also: [
      applied(deps, incoming, payment.id),
      endReversal(reversal, 'won', atMs),
      reversal.kind === 'refund'
        ? takeRefundedBack(payment.id, reversal.credit, reversal.tax)
        : setState(
            payment.id,
            payment.refunded === 0n ? 'paid' : payment.refunded === payment.credit ? 'refunded' : 'partly_refunded',
          ),
      ...(grant === null || payment.kind === 'subscription' ? [] : [setGrant(payment.id, grant.id)]),
    ],
    note: `payment ${payment.id} is back`,
  });
  if (posted.ok) return { state: 'applied', paymentId: payment.id, detail: null };
  if (posted.refusal.reason === 'also_refused') return REPEATED;
  throw new Error(`reversal ${reversal.id} could not be undone: ${posted.refusal.reason}`);
}

function restoredGrant(payment: Payment, reversal: Reversal, atMs: number): Grant {
  return {
    id: `grant_restored_${reversal.id}`,
    accountId: payment.accountId,
    kind: 'paid',
    source: 'restored',
    priority: 50,
    startsAtMs: atMs,
    expiresAtMs: null,
    models: null,
    products: null,
    reason: 'a payment that was taken back has been returned',
    paymentId: payment.id,
    createdAtMs: atMs,
  };
}
