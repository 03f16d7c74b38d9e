import { InvalidArgumentError } from 'commander';
import { formatUsd, parseUsd } from '../base/money.ts';

/** `--usd`: more than zero, as nano-dollars in a decimal string. */
export function readUsd(text: string): string {
  const parsed = parseUsd(text);
  if (!parsed.ok) throw new InvalidArgumentError(`It ${parsed.refusal}.`);
  if (parsed.value <= 0n) throw new InvalidArgumentError('It must be more than 0.');
  return String(parsed.value);
}

/** As `readUsd`, but below zero as well; not zero. */
export function readSignedUsd(text: string): string {
  const parsed = parseUsd(text);
  if (!parsed.ok) throw new InvalidArgumentError(`It ${parsed.refusal}.`);
  if (parsed.value === 0n) throw new InvalidArgumentError('It must not be 0.');
  return String(parsed.value);
}

/** As `readUsd`, but 0 is allowed. */
export function readUsdOrZero(text: string): string {
  const parsed = parseUsd(text);
  if (!parsed.ok) throw new InvalidArgumentError(`It ${parsed.refusal}.`);
  if (parsed.value < 0n) throw new InvalidArgumentError('It must not be negative.');
  return String(parsed.value);
}

/** Nano-dollars of an answer as dollars for people: `$0.01`. */
export function showUsd(nano: string): string {
  const shown = formatUsd(BigInt(nano));
  return shown.startsWith('-') ? `-$${shown.slice(1)}` : `$${shown}`;
}
