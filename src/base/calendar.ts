import { ok, refuse, type Result } from './result.ts';

/** From `fromMs` up to and without `toMs`, wall milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A calendar month of UTC. */
export interface Month extends Span {
  /** `2026-11` */
  readonly name: string;
}

/** Reads `2026-11`; refuses, in words that fit after the option's name, what is no month. */
export function parseMonth(text: string): Result<Month, string> {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match) return refuse('must be a month such as 2026-11');
  const year = Number(match[1]);
  const month = Number(match[2]) - 1;
  return ok({ name: text, fromMs: Date.UTC(year, month), toMs: Date.UTC(year, month + 1) });
}

const TIME_FORM = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Reads `2026-11-22` (its first moment in UTC) or `2026-11-22T12:00:00Z`; refuses, in words, what is no time. */
export function parseTime(text: string): Result<number, string> {
  const ms = TIME_FORM.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) return refuse('must be a day or a time such as 2026-11-22 or 2026-11-22T12:00:00Z');
  return ok(ms);
}

/** Some parsers turn the 31st of a short month into a day of the next. */
function isDay(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && dayOf(ms) === text;
}

/** `2026-11-22`, the day of UTC a moment lies in. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** `2026-11`, the month of UTC a moment lies in. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** A moment as it goes over the wire: `2026-11-22T12:00:00.000Z`. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms);
}
