import { ok, refuse, type Result } from '../../base/result.ts';
import type { PaymentsDeps } from './deps.ts';
import { applied, type Applied, type Incoming, keepEvent, REPEATED } from './events.ts';
import type { Lane } from '../lanes.ts';
import { dueRefunds, endRefund, findRefund, putRefundOff } from './money-back-store.ts';
import type { Payment, PaymentRefusal, Refund } from './payment.ts';
import { FIRST_RETRY_MS, intendRefund, movedBy, type Refunded, type RefundRequest } from './refund-intent.ts';
import { findPayment, takeRefundedBack } from './store.ts';

const RETRY_MS_MAX = 3_600_000;
const RETRIES_AT_ONCE_MAX = 20;

export interface Refunds {
  refund(request: RefundRequest): Promise<Result<Refunded, PaymentRefusal>>;
  /** Asks the drivers again about refunds that ended without an answer. Resolves with how many came to an end. */
  retry(): Promise<number>;
  /** What a driver says of a refund we asked for; null when we asked for none of this id. */
  applyFact(incoming: Incoming<'refunded' | 'refund_failed'>): Promise<Applied | null>;
}

/**
 * Refunds to where the money came from, of credit that is neither spent nor held. The credit is taken and the intent
 * written in one unit; only then is the driver asked, as often as it takes to get an answer.
 */
export function createRefunds(deps: PaymentsDeps, inLane: Lane): Refunds {
  const { reader } = deps.storage;
  return {
    async refund(request) {
      const intended = await inLane(() => intendRefund(deps, request));
      if (!intended.ok) return intended;
      const { refund, payment, repeated } = intended.value;
      if (repeated) return ok({ refund, repeated });
      return ok({ refund: await carryOut(deps, inLane, refund, payment, request.reference), repeated });
    },
    async retry() {
      let ended = 0;
      for (const refund of await dueRefunds(reader, deps.clock.wallMs(), RETRIES_AT_ONCE_MAX)) {
        const payment = await findPayment(reader, refund.paymentId);
        if (payment !== null && (await carryOut(deps, inLane, refund, payment, null)).state !== 'pending') ended++;
      }
      return ended;
    },
    async applyFact(incoming) {
      const { fact } = incoming;
      const refund = fact.refundId === null ? null : await findRefund(reader, fact.refundId);
      if (refund === null) return null;
      if (fact.kind === 'refund_failed') {
        const undone = await undo(deps, refund, 'the driver could not pay it back', { ...incoming, fact });
        return undone ? { state: 'applied', paymentId: refund.paymentId, detail: null } : REPEATED;
      }
      if (fact.amount !== refund.credit + refund.tax) {
        return keepEvent(deps, incoming, 'rejected', refund.paymentId, 'another amount than was asked for');
      }
      await end(deps, refund, fact.refundRef);
      return keepEvent(deps, incoming, 'applied', refund.paymentId, null);
    },
  };
}

/** Asks the driver, and books what it says. No answer leaves the refund pending. */
async function carryOut(
  deps: PaymentsDeps,
  inLane: Lane,
  refund: Refund,
  payment: Payment,
  reference: string | null,
): Promise<Refund> {
  const driver = deps.drivers.get(payment.driver);
  const order = {
    refundId: refund.id,
    paymentRef: payment.ref ?? '',
    amount: refund.credit + refund.tax,
    again: refund.tries > 0 || refund.createdAtMs + FIRST_RETRY_MS <= deps.clock.wallMs(),
  };
  const asked = driver
    ? await driver.refund(order)
    : refuse({ reason: 'unavailable' as const, detail: 'the driver is not configured' });
  if (asked.ok) await inLane(() => end(deps, refund, reference ?? asked.value.ref));
  else if (asked.refusal.reason === 'unavailable') {
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(refund.tries, 10), RETRY_MS_MAX);
    await deps.storage.writer.write([putRefundOff(refund.id, deps.clock.wallMs() + waitMs, asked.refusal.detail)]);
    deps.telemetry.notice('warn', 'a refund has no answer yet', { refund: refund.id, why: asked.refusal.detail });
  } else await inLane(() => undo(deps, refund, asked.refusal.detail, null));
  return (await findRefund(deps.storage.reader, refund.id)) ?? refund;
}

async function end(deps: PaymentsDeps, refund: Refund, ref: string): Promise<void> {
  const end = { state: 'done' as const, ref, detail: null, atMs: deps.clock.wallMs() };
  // Refused where the driver's own event was faster.
  await deps.storage.writer.write([endRefund(refund.id, end)]);
}

/** The money did not move after all: the credit is given back to the grant it was taken from. */
async function undo(
  deps: PaymentsDeps,
  refund: Refund,
  detail: string,
  incoming: Incoming<'refund_failed'> | null,
): Promise<boolean> {
  const payment = await findPayment(deps.storage.reader, refund.paymentId);
  if (payment === null) throw new Error(`refund ${refund.id} has no payment`);
  const ended = { state: 'failed' as const, ref: refund.ref, detail, atMs: deps.clock.wallMs() };
  const posted = await deps.ledger.post({
    id: `${refund.id}:undo`,
    kind: 'correction',
    accountId: payment.accountId,
    transfers: movedBy(payment, refund, 'forth'),
    also: [
      ...(incoming === null ? [] : [applied(deps, incoming, payment.id)]),
      endRefund(refund.id, ended),
      takeRefundedBack(payment.id, refund.credit, refund.tax),
    ],
    note: `refund of payment ${payment.id} was not made: ${detail}`.slice(0, 500),
  });
  if (posted.ok) deps.telemetry.notice('warn', 'a refund was not made', { refund: refund.id, why: detail });
  return posted.ok && !posted.value.repeated;
}
