/** What can be called: for each name the types it takes and what it does. None has effects, none throws. */
import { intOf, timestampOf } from './arithmetic.ts';
import type { Allowance, Limits } from './limits.ts';
import { maySearch } from './patterns.ts';
import {
  DURATION_PARTS,
  durationText,
  parseDuration,
  parseTimestamp,
  TIMESTAMP_PARTS,
  timestampPart,
  timestampText,
  UTC,
} from './time.ts';
import type { Type } from './types.ts';
import { codePoints, failureOf, failureOfOne, Fault, isList, type Value } from './value.ts';

export interface Overload {
  /** Whether it stands behind a dot; its target is then the first of what it takes. */
  readonly method: boolean;
  readonly takes: readonly (Type | 'list' | 'map')[];
  readonly gives: Type;
  readonly run: (first: Value, second: Value) => Value;
}

const DOUBLE_WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

type Overloads = ReadonlyMap<string, readonly Overload[]>;

/** Besides these, `has`, `dyn`, `matches` and `re2` are known to the checker, for they take more than values. */
export function functionsWithin(limits: Limits, allowance: Allowance): Overloads {
  const searches = (text: string): boolean => maySearch(text, limits, allowance);
  return new Map<string, readonly Overload[]>([
    ['size', sizes()],
    ['contains', [textTest((text, part) => (searches(text) ? text.includes(part) : undefined))]],
    ['startsWith', [textTest((text, part) => text.startsWith(part))]],
    ['endsWith', [textTest((text, part) => text.endsWith(part))]],
    ...conversions(),
    ...timeParts(),
  ]);
}

function sizes(): readonly Overload[] {
  const kinds = ['string', 'list', 'map'] as const;
  return kinds.flatMap((kind) =>
    [true, false].map((method): Overload => ({ method, takes: [kind], gives: 'int', run: sizeOf })),
  );
}

function sizeOf(value: Value): Value {
  if (typeof value === 'string') return codePoints(value);
  if (isList(value)) return value.length;
  return value instanceof Map ? value.size : failureOfOne(value);
}

function textTest(test: (text: string, part: string) => Value): Overload {
  const run = (text: Value, part: Value): Value => {
    if (typeof text !== 'string' || typeof part !== 'string') return failureOf(text, part);
    return test(text, part);
  };
  return { method: true, takes: ['string', 'string'], gives: 'bool', run };
}

function conversions(): readonly (readonly [string, readonly Overload[]])[] {
  const identity = (value: Value): Value => value;
  return [
    [
      'int',
      [
        from('int', 'int', identity),
        from('double', 'int', numberThen(truncated)),
        from('string', 'int', textThen(parseInt64)),
        from(
          'timestamp',
          'int',
          numberThen((ms) => Math.floor(ms / 1_000)),
        ),
      ],
    ],
    [
      'double',
      [
        from('double', 'double', identity),
        from('int', 'double', (value) => (typeof value === 'bigint' ? Number(value) : value)),
        from('string', 'double', textThen(parseDouble)),
      ],
    ],
    [
      'string',
      [
        from('string', 'string', identity),
        from('int', 'string', (value) => (typeof value === 'bigint' ? String(value) : numberThen(String)(value))),
        from('double', 'string', numberThen(doubleText)),
        from('bool', 'string', (value) => (typeof value === 'boolean' ? String(value) : failureOfOne(value))),
        from('timestamp', 'string', numberThen(timestampText)),
        from('duration', 'string', numberThen(durationText)),
      ],
    ],
    ['bool', [from('bool', 'bool', identity), from('string', 'bool', textThen(parseBool))]],
    [
      'timestamp',
      [
        from('timestamp', 'timestamp', identity),
        from('string', 'timestamp', textThen(parseTimestamp)),
        from('int', 'timestamp', (value) => numberThen((seconds) => timestampOf(seconds * 1_000))(short(value))),
      ],
    ],
    ['duration', [from('duration', 'duration', identity), from('string', 'duration', textThen(parseDuration))]],
  ];
}

function from(takes: Type, gives: Type, run: (value: Value) => Value): Overload {
  return { method: false, takes: [takes], gives, run };
}

function numberThen(convert: (value: number) => Value): (value: Value) => Value {
  return (value) => (typeof value === 'number' ? convert(value) : failureOfOne(value));
}

function textThen(convert: (value: string) => Value): (value: Value) => Value {
  return (value) => (typeof value === 'string' ? convert(value) : failureOfOne(value));
}

/** Large whole numbers, of which only the size counts. */
function short(value: Value): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}

function truncated(value: number): Value {
  const whole = Math.trunc(value);
  if (!(Math.abs(whole) < 2 ** 63)) return new Fault('overflow', 'a number does not fit into 64 bits');
  return intOf(BigInt(whole));
}

function parseInt64(text: string): Value {
  return /^-?\d{1,19}$/.test(text) ? intOf(BigInt(text)) : new Fault('bad_conversion', 'a text is no whole number');
}

function parseDouble(text: string): Value {
  const special = DOUBLE_WORDS.get(text);
  if (special !== undefined) return special;
  const isNumber = text.length <= 64 && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
  return isNumber ? Number(text) : new Fault('bad_conversion', 'a text is no number');
}

function doubleText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function parseBool(text: string): Value {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  return new Fault('bad_conversion', 'a text is neither true nor false');
}

function timeParts(): readonly (readonly [string, readonly Overload[]])[] {
  return Object.entries(TIMESTAMP_PARTS).map(([name, part]) => {
    const ofTime: Overload = { method: true, takes: ['timestamp'], gives: 'int', run: timestampPart(part, UTC) };
    const duration = DURATION_PARTS[name];
    if (duration === undefined) return [name, [ofTime]];
    return [name, [ofTime, { method: true, takes: ['duration'], gives: 'int', run: numberThen(duration) }]];
  });
}
