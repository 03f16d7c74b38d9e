import { z } from 'zod';
import { parseUsd } from '../../base/money.ts';

const USD_MAX = 1_000_000;
const FIX = 'Write US dollars such as 20 or 0.01, with at most nine decimals; very small amounts in quotes.';

/** An amount of US dollars, 0 or more, as text or as a number that YAML wrote; read it with `nanoOf`. */
export function usd() {
  return z.union([z.string(), z.number().min(0).max(USD_MAX)]).superRefine((written, context) => {
    // The number's own bounds have told already.
    if (typeof written === 'number' && !(written >= 0 && written <= USD_MAX)) return;
    const parsed = parseUsd(String(written));
    if (parsed.ok && parsed.value >= 0n && parsed.value <= nanoOf(USD_MAX)) return;
    const message = parsed.ok ? `must be from 0 to ${USD_MAX} US dollars` : parsed.refusal;
    context.addIssue({ code: 'custom', message, params: { fix: FIX } });
  });
}

/** Nano-dollars of what `usd` let through. */
export function nanoOf(written: string | number): bigint {
  const parsed = parseUsd(String(written));
  return parsed.ok ? parsed.value : 0n;
}
