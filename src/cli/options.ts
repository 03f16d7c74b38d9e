/** What verbs have in common: the options of every one, and how values of options are read. */
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { EXIT } from '../app/contract.ts';
import { parseTime } from '../base/calendar.ts';
import type { PlaceOptions } from './control.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { parseDuration } from './duration.ts';

export interface Common extends PlaceOptions {
  readonly json?: boolean;
}

/** One JSON object with `--json`, else the text. */
export function print(deps: CliDeps, options: Common, value: unknown, text: () => string): void {
  deps.stdout(options.json === true ? `${JSON.stringify(value)}\n` : text());
}

/** The parts between commas; empty ones are left out. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A whole number from 1 up. */
export function readCount(text: string): number {
  if (!/^\d{1,13}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Write a whole number above 0.');
  return Number(text);
}

/** Milliseconds of `90s`, `15m`, `1h`, `30d` or `2w`. */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Write a number and a unit: 90s, 15m, 1h, 30d or 2w.');
  return ms;
}

/** Wall milliseconds of a day or a moment. */
export function readTime(text: string): number {
  const time = parseTime(text);
  if (!time.ok) throw new InvalidArgumentError(`It ${time.refusal}.`);
  return time.value;
}

/**
 * Throws `CliFailure` for the first thing the contract refuses in a request body, told by the option it came from:
 * `options` names those that are not called like their field.
 */
export function checkBody(contract: z.ZodType, body: object, options: Readonly<Record<string, string>>): void {
  const issue = contract.safeParse(body).error?.issues[0];
  if (issue === undefined) return;
  const field = String(issue.path[0]);
  throw new CliFailure(EXIT.usage, 'invalid_option', `${options[field] ?? `--${field}`}: ${issue.message}`);
}
