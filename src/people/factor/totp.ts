import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../base/random.ts';

/** 160 bits, as RFC 4226 (section 4) asks. */
const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** Steps before and after now that count: clocks of phones go wrong, and people type slowly. */
const WINDOW = 1;

/** A new secret, in base 32. */
export function newTotpSecret(random: Random): string {
  const bytes = random.bytes(SECRET_BYTES);
  return new Secret({ buffer: new Uint8Array(bytes).buffer }).base32;
}

/** For a QR code; see https://github.com/google/google-authenticator/wiki/Key-Uri-Format. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totpOf(secret, issuer, label).toString();
}

/** The time step of a code (RFC 6238); null when it is none of now. A step is to be used once. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: WINDOW });
  return delta === null ? null : Math.floor(nowMs / 1000 / PERIOD_S) + delta;
}

function totpOf(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret: Secret.fromBase32(secret) });
}
