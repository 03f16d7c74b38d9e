import { createHash } from 'node:crypto';
import { formatUsd, type Nano, smaller } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { grantAccount } from '../chart.ts';
import type { Transfer } from '../ledger.ts';
import { isWholeCents } from './cents.ts';
import type { PaymentsDeps } from './deps.ts';
import { findRefund, insertRefund } from './money-back-store.ts';
import type { Payment, PaymentRefusal, Refund } from './payment.ts';
import { availableOf } from './reversals.ts';
import { floorToCents, shareOfCredit } from './share.ts';
import { addRefunded, findPayment } from './store.ts';

export interface RefundRequest {
  readonly paymentId: string;
  /** Credit to give up, whole cents; null: all that is unspent, down to a cent. */
  readonly credit: Nano | null;
  readonly reason: string;
  /** Tells two refunds of the same amount apart; without one, asking again is asking once. */
  readonly key: string | null;
  /** Of a bank transfer the operator made; for the manual driver. */
  readonly reference: string | null;
}

export interface Refunded {
  readonly refund: Refund;
  /** It had been asked for before; nothing was done now. */
  readonly repeated: boolean;
}

/** A call to the driver that was begun is left alone for this long: longer than it may take. */
export const FIRST_RETRY_MS = 150_000;
/** Spending may go on while what is unspent is counted. */
const ROUNDS_MAX = 8;

/** Takes the credit and writes down that it is to be paid back, in one unit; nothing if it was asked for before. */
export async function intendRefund(
  deps: PaymentsDeps,
  request: RefundRequest,
): Promise<Result<Refunded & { payment: Payment }, PaymentRefusal>> {
  const id = refundId(request);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const payment = await findPayment(deps.storage.reader, request.paymentId);
    if (payment === null) return refuse({ reason: 'payment_not_found', message: 'there is no such payment' });
    const known = await findRefund(deps.storage.reader, id);
    if (known !== null) return ok({ refund: known, repeated: true, payment });
    const wanted = await amountOf(deps, payment, request.credit);
    if (!wanted.ok) return wanted;
    const share = shareOfCredit(payment, wanted.value);
    const refund: Refund = {
      id,
      paymentId: payment.id,
      state: 'pending',
      ...share,
      reason: request.reason,
      ref: null,
      detail: null,
      tries: 0,
      createdAtMs: deps.clock.wallMs(),
      endedAtMs: null,
    };
    const posted = await deps.ledger.post({
      id,
      kind: 'refund',
      accountId: payment.accountId,
      transfers: movedBy(payment, refund, 'back'),
      also: [
        insertRefund(refund, deps.clock.wallMs() + FIRST_RETRY_MS),
        addRefunded(payment.id, share.credit, share.tax),
      ],
      note: `refund of payment ${payment.id}: ${request.reason}`.slice(0, 500),
    });
    if (posted.ok) return ok({ refund, repeated: false, payment });
    if (posted.refusal.reason === 'id_conflict') throw new Error(`refund ${id} was booked as something else`);
  }
  return refuse({ reason: 'nothing_to_refund', message: 'the credit is being spent; try again' });
}

/** Named by what was asked for. */
function refundId(request: RefundRequest): string {
  const asked = [request.paymentId, request.credit?.toString() ?? 'all', request.key ?? ''].join('\n');
  return `refund_${createHash('sha256').update(asked).digest('hex').slice(0, 32)}`;
}

async function amountOf(
  deps: PaymentsDeps,
  payment: Payment,
  wanted: Nano | null,
): Promise<Result<Nano, PaymentRefusal>> {
  if (payment.kind === 'subscription') {
    const message = 'the fee of a plan is paid back at the driver; end the plan first';
    return refuse({ reason: 'driver_unsupported', message });
  }
  if (payment.state !== 'paid' && payment.state !== 'partly_refunded') {
    return refuse({ reason: 'payment_state', message: `payment ${payment.id} is ${payment.state}` });
  }
  if (wanted !== null && payment.driver === 'stripe' && !isWholeCents(wanted)) {
    return refuse({ reason: 'amount_invalid', message: 'a card is refunded in whole cents' });
  }
  const available = smaller(await availableOf(deps, payment), payment.credit - payment.refunded);
  const most = floorToCents(available);
  if (wanted === null && most > 0n) return ok(most);
  if (wanted !== null && wanted <= available) return ok(wanted);
  if (available === 0n || wanted === null) {
    return refuse({ reason: 'nothing_to_refund', message: 'all credit of this payment is spent or held' });
  }
  const message = `only ${formatUsd(available)} US dollars of this payment are neither spent nor held`;
  return refuse({ reason: 'refund_too_large', message });
}

/** Out of the grant and the tax owed, or back into them. */
export function movedBy(payment: Payment, refund: Refund, way: 'back' | 'forth'): Transfer[] {
  const grant = grantAccount(payment.grantId ?? '');
  const parts = [
    { account: grant, amount: refund.credit },
    { account: 'tax_payable' as const, amount: refund.tax },
  ].filter((part) => part.amount > 0n);
  return parts.map(({ account, amount }) =>
    way === 'back' ? { debit: account, credit: 'wash', amount } : { debit: 'wash', credit: account, amount },
  );
}
