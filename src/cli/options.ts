/** What verbs have in common: the options of every one, and how values of options are read. */
import { InvalidArgumentError } from 'commander';
import type { PlaceOptions } from './control.ts';
import type { CliDeps } from './deps.ts';
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

/** Milliseconds of `90s`, `15m`, `1h`, `30d` or `2w`. */
export function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Write a number and a unit: 90s, 15m, 1h, 30d or 2w.');
  return ms;
}
