import type { Attempts } from '../../credentials/attempts.ts';
import type { PortalRefusal } from '../refusals.ts';

/** Each order stays in the books and asks the payment service for a page, whether or not it is ever paid. */
const ORDERS_PER_HOUR_MAX = 20;
const HOUR_MS = 3_600_000;

/** Counts one more order of an account; the refusal when there were too many. */
export function takeOrder({ attempts }: { readonly attempts: Attempts }, accountId: string): PortalRefusal | null {
  const waitMs = attempts.take([{ key: `orders ${accountId}`, max: ORDERS_PER_HOUR_MAX, windowMs: HOUR_MS }]);
  if (waitMs === null) return null;
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  const message = `many payments were begun; finish one of them, or try again in ${minutes} minutes`;
  return { status: 429, reason: 'too_many_attempts', message };
}
