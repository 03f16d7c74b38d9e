/** Times and durations as text, and the parts of a time in a zone. */
import { durationOf, timestampOf } from './arithmetic.ts';
import { failureOfOne, Fault, type Value } from './value.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What a clock on the wall is set by changes at whole quarters of an hour only. */
const QUARTER_MS = 15 * MINUTE_MS;
const UNITS_MS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  m: MINUTE_MS,
  s: SECOND_MS,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};
/** Longer texts are neither a time nor a duration; the patterns below look at each character once. */
const TEXT_CHARACTERS_MAX = 64;
const TIMESTAMP = /^(\d{4,5})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})0*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;

const notATime = new Fault('bad_conversion', 'a time is written 2026-11-22T09:30:00Z, to the millisecond');
const notADuration = new Fault(
  'bad_conversion',
  'a duration is written 7d, 1h30m, 45s or 250ms, in whole milliseconds',
);

/** RFC 3339, to the millisecond. */
export function parseTimestamp(text: string): number | Fault {
  const parts = text.length <= TEXT_CHARACTERS_MAX ? TIMESTAMP.exec(text) : null;
  if (parts === null) return notATime;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return notATime;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return notATime;
  const offset = (parts[8] === '-' ? -1 : 1) * (Number(parts[9] ?? 0) * HOUR_MS + Number(parts[10] ?? 0) * MINUTE_MS);
  const inDay = (hour ?? 0) * HOUR_MS + (minute ?? 0) * MINUTE_MS + (second ?? 0) * SECOND_MS;
  return timestampOf(date.getTime() + inDay + Number((parts[7] ?? '').padEnd(3, '0')) - offset);
}

/** `1h30m`, `-2.5s`, `250ms`: numbers with units, the sign before all of them. `d`, 24 hours, is not of CEL. */
export function parseDuration(text: string): number | Fault {
  const signed = /^[+-]/.test(text);
  const rest = signed ? text.slice(1) : text;
  if (rest.length > TEXT_CHARACTERS_MAX || !/^(?:\d+(?:\.\d+)?(?:d|h|ms|m|s|us|ns))+$/.test(rest)) return notADuration;
  let ms = 0;
  for (const [, amount, unit] of rest.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g))
    ms += Number(amount) * (UNITS_MS[unit ?? ''] ?? 0);
  if (Math.abs(ms - Math.round(ms)) > 1e-7) return notADuration;
  return durationOf((text.startsWith('-') ? -1 : 1) * Math.round(ms) + 0);
}

export function timestampText(ms: number): string | Fault {
  const time = timestampOf(ms);
  return typeof time === 'number' ? new Date(time).toISOString().replace('.000Z', 'Z') : time;
}

/** In seconds, as CEL prints durations. */
export function durationText(ms: number): string {
  return `${ms / SECOND_MS}s`;
}

/** What is added to a time to have it as the clocks of a zone show it; null for a zone nobody knows. */
export type ZoneOffset = (ms: number) => number;

export const UTC: ZoneOffset = () => 0;

/** `Asia/Shanghai`, `+08:00`, `UTC`. */
export function zoneOffset(zone: string): ZoneOffset | null {
  const fixed = zone.length <= TEXT_CHARACTERS_MAX ? OFFSET.exec(zone) : null;
  if (fixed !== null) {
    const offset = (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * HOUR_MS + Number(fixed[3]) * MINUTE_MS);
    return () => offset;
  }
  const format = formatOf(zone);
  return format === null ? null : remembered((ms) => wallClock(format, ms) - ms);
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

/** Formatting takes microseconds, and events come in the order of time. */
function remembered(offset: ZoneOffset): ZoneOffset {
  let quarter = Number.NaN;
  let last = 0;
  return (ms) => {
    const current = Math.floor(ms / QUARTER_MS);
    if (current !== quarter) {
      last = offset(current * QUARTER_MS);
      quarter = current;
    }
    return last;
  };
}

function wallClock(format: Intl.DateTimeFormat, ms: number): number {
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  const read = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - read('year') : read('year');
  const date = new Date(0);
  date.setUTCFullYear(year, read('month') - 1, read('day'));
  date.setUTCHours(read('hour'), read('minute'), read('second'));
  return date.getTime();
}

/** Of CEL: months, days of the month, of the week and of the year from 0, `getDate` from 1. */
export const TIMESTAMP_PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => {
    const start = new Date(date);
    start.setUTCMonth(0, 1);
    return Math.round((date.getTime() - start.getTime()) / DAY_MS);
  },
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/** Of a duration: all of it in that unit, but for the milliseconds, which are those of its last second. */
export const DURATION_PARTS: Readonly<Record<string, (ms: number) => number>> = {
  getHours: (ms) => Math.trunc(ms / HOUR_MS) + 0,
  getMinutes: (ms) => Math.trunc(ms / MINUTE_MS) + 0,
  getSeconds: (ms) => Math.trunc(ms / SECOND_MS) + 0,
  getMilliseconds: (ms) => (ms % SECOND_MS) + 0,
};

export function timestampPart(part: (date: Date) => number, offset: ZoneOffset): (value: Value) => Value {
  return (value) => {
    if (typeof value !== 'number') return failureOfOne(value);
    const time = timestampOf(value);
    return typeof time === 'number' ? part(new Date(time + offset(time))) : time;
  };
}
