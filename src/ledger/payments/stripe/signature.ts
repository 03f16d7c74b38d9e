import { createHmac, timingSafeEqual } from 'node:crypto';
import { ok, refuse, type Result } from '../../../base/result.ts';
import type { Delivery, DeliveryRefusal } from '../driver.ts';

/** How far the time in a signature may lie from ours, either way: five minutes. */
const TOLERANCE_MS = 300_000;
const HEADER_CHARS_MAX = 2_048;
const SIGNATURES_MAX = 16;
const SIGNATURE_BYTES = 32;

/**
 * Whether Stripe sent these bytes lately: HMAC-SHA-256 of `<seconds>.<body>` under the endpoint's secret, compared in
 * constant time. Several signatures are allowed, as while a secret is being rolled.
 * Source: https://docs.stripe.com/webhooks/signature
 */
export function verifySignature(delivery: Delivery, secret: string): Result<null, DeliveryRefusal> {
  const header = delivery.headers.get('stripe-signature');
  if (header === null || header.length > HEADER_CHARS_MAX) return refuse({ reason: 'signature_missing' });
  const parts = header.split(',').map((part) => part.trim());
  const seconds = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  const given = parts.filter((part) => part.startsWith('v1=')).slice(0, SIGNATURES_MAX);
  if (!/^\d{1,12}$/.test(seconds) || given.length === 0) return refuse({ reason: 'signature_missing' });
  const wanted = createHmac('sha256', secret).update(`${seconds}.`).update(delivery.body).digest();
  if (!given.some((part) => isSame(part.slice(3), wanted))) return refuse({ reason: 'signature_wrong' });
  if (Math.abs(delivery.atMs - Number(seconds) * 1_000) > TOLERANCE_MS) return refuse({ reason: 'too_old' });
  return ok(null);
}

function isSame(hex: string, wanted: Uint8Array): boolean {
  const bytes = Buffer.from(hex, 'hex');
  return hex.length === 2 * SIGNATURE_BYTES && bytes.length === SIGNATURE_BYTES && timingSafeEqual(bytes, wanted);
}
