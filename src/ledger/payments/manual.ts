import { ok, refuse, type Result } from '../../base/result.ts';
import type { DriverRefusal, PaymentDriver } from './driver.ts';

/**
 * Invoices and bank transfers: people move the money, and the operator records it. An order waits until its payment is
 * recorded; a refund counts as paid back when the operator asks for it.
 */
export function createManualDriver(): PaymentDriver {
  const unsupported = async (detail: string): Promise<Result<never, DriverRefusal>> =>
    refuse({ reason: 'unsupported', detail });
  return {
    name: 'manual',
    checkout: async (order) => ok({ url: null, ref: order.paymentId }),
    subscribe: async (order) => ok({ url: null, ref: order.paymentId }),
    unsubscribe: async () => ok(null),
    savedMethod: () => unsupported('the manual driver saves no means of payment'),
    charge: () => unsupported('the manual driver charges nobody'),
    refund: async (order) => ok({ ref: order.refundId }),
    readWebhook: () => refuse({ reason: 'signature_missing' }),
  };
}
