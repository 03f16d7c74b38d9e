import {
  CODE_STATUS,
  PAYMENT_STATUS,
  type PaymentRefusal,
  PLAN_STATUS,
  type PlanRefusal,
  type RedeemRefusal,
} from '../../ledger/index.ts';
import type { PortalRefusal } from '../refusals.ts';

/** What the ledger tells operators, told to customers: they have no command line and no configuration. */
const PAYMENT_WORDS: Partial<Record<PaymentRefusal['reason'], string>> = {
  house_account: 'this account belongs to whoever runs the service and pays nothing',
  driver_not_configured: 'this way of paying is not offered here',
  driver_unsupported: 'this way of paying cannot do that; choose another',
  driver_declined: 'the payment service said no; check the card or choose another way of paying',
  driver_unavailable: 'the payment service does not answer now; nothing was charged, try again in a few minutes',
  no_saved_method: 'no card is saved; pay once by card and have it saved, then turn this on',
  service_needed: 'payments are not taken now',
};

export function paymentRefusal({ reason, message }: PaymentRefusal): PortalRefusal {
  // Amounts are told with the name of their setting in brackets.
  const words = PAYMENT_WORDS[reason] ?? message.replace(/ \(payments\.[a-z_.]+\)$/, '');
  return { status: PAYMENT_STATUS[reason], reason, message: words };
}

export function codeRefusal({ reason, message }: RedeemRefusal): PortalRefusal {
  return { status: CODE_STATUS[reason], reason, message };
}

export function planRefusal({ reason, message }: PlanRefusal): PortalRefusal {
  return { status: PLAN_STATUS[reason] ?? 409, reason, message };
}
