import { createSeeded } from '../src/app/demo/seeded.ts';
import type { SignupFacts } from '../src/fraud/index.ts';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 0, 1);
const ON_A_CARRIER = 0.3;
const ACCOUNTS_PER_CARRIER_ADDRESS = 2_000;

/**
 * Sign-ups of a year: each with a device and a mailbox of their own, three in ten behind the addresses of a mobile carrier,
 * one in five at a mail domain of their own, with browsers, languages and TLS classes that many share.
 */
export function createNewcomers(accounts: number): (nth: number) => SignupFacts {
  const seeded = createSeeded(1);
  const carrierAddresses = Math.ceil(accounts / ACCOUNTS_PER_CARRIER_ADDRESS);
  const below = (most: number) => Math.floor(seeded.unit() * most);
  const letters = (count: number) => Array.from({ length: count }, () => String.fromCharCode(97 + below(26))).join('');
  function address(): string {
    if (seeded.unit() >= ON_A_CARRIER) return `${20 + below(180)}.${below(256)}.${below(256)}.${below(256)}`;
    const nth = below(carrierAddresses);
    return `100.${64 + (nth >> 16)}.${(nth >> 8) & 255}.${nth & 255}`;
  }
  return (nth) => ({
    accountId: `acct_${String(nth + 1).padStart(26, '0')}`,
    atMs: FIRST_MS + Math.floor((nth / accounts) * 365 * DAY_MS),
    email: `${letters(8)}${below(100)}@${seeded.unit() < 0.8 ? 'gmail.com' : `${letters(9)}.example`}`,
    ip: address(),
    headers: [
      ['host', 'candor.example'],
      ['user-agent', `Browser/${below(60)}.0 (${below(8)})`],
      ['accept-language', `${letters(1)}-${below(4)}`],
    ],
    tlsClass: `t${below(12)}`,
    device: letters(16),
    formMs: 20_000,
  });
}
