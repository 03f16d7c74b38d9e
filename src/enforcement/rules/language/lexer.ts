import type { Limits } from './limits.ts';
import { Refusal } from './problem.ts';
import { readString } from './string-literal.ts';

export type TokenKind = 'name' | 'quoted' | 'int' | 'double' | 'string' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of a string what it stands for, of a whole number its decimal digits, else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Counts what reading costs, so that a test can hold it against the length of a text. */
export interface Meter {
  steps: number;
}

/** The longer ones first, so that `<=` is not read as `<`. */
const SIGNS = '&& || == != <= >= < > + - * / % ! ? : . , ( ) [ ] { }'.split(' ');
const INT_MAX = 2n ** 63n;

/** All tokens of a text, one of kind `end` last. Each step goes forward. Throws `Refusal`. */
export function tokensOf(source: string, limits: Limits, meter: Meter): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlank(source, at);
    meter.steps += 1;
    if (at >= source.length) break;
    const token = tokenAt(source, at, limits);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

/** Past blanks and comments, which go from `//` to the end of the line. */
function skipBlank(source: string, from: number): number {
  let at = from;
  while (at < source.length) {
    if (isBlank(source.charCodeAt(at))) at += 1;
    else if (source.startsWith('//', at)) {
      const line = source.indexOf('\n', at);
      at = line === -1 ? source.length : line + 1;
    } else break;
  }
  return at;
}

function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9 || unit === 10 || unit === 12 || unit === 13;
}

function tokenAt(source: string, start: number, limits: Limits): Token {
  const first = source.charCodeAt(start);
  if (isDigit(first) || (first === 46 && isDigit(source.charCodeAt(start + 1)))) return numberAt(source, start);
  if (first === 34 || first === 39) return readString(source, start, '', limits);
  if (isNameStart(first)) return nameAt(source, start, limits);
  if (first === 96) return quotedAt(source, start);
  const sign = SIGNS.find((one) => source.startsWith(one, start));
  if (sign !== undefined) return { kind: 'sign', text: sign, start, end: start + sign.length };
  throw unexpectedCharacter(source, start);
}

function unexpectedCharacter(source: string, start: number): Refusal {
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const advice: Readonly<Record<string, string>> = {
    '=': ' Write == to compare.',
    '&': ' Write && for and.',
    '|': ' Write || for or.',
    '“': ' Put text in straight quotes.',
    '”': ' Put text in straight quotes.',
  };
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? character
    : `U+${(character.codePointAt(0) ?? 0).toString(16)}`;
  const message = `${shown} has no meaning here.${advice[character] ?? ' Leave it out, or put text in quotes.'}`;
  return new Refusal('syntax', message, start, start + character.length);
}

function nameAt(source: string, start: number, limits: Limits): Token {
  let end = start + 1;
  while (end < source.length && isNamePart(source.charCodeAt(end))) end += 1;
  const text = source.slice(start, end);
  const next = source.charCodeAt(end);
  if ((next === 34 || next === 39) && /^(?:r|b|rb|br)$/i.test(text)) return readString(source, start, text, limits);
  return { kind: 'name', text, start, end };
}

/** A field in backticks, after a dot: what a name cannot hold. */
function quotedAt(source: string, start: number): Token {
  let end = start + 1;
  while (end < source.length && (isNamePart(source.charCodeAt(end)) || './- '.includes(source.charAt(end)))) end += 1;
  if (source.charAt(end) !== '`' || end === start + 1) {
    const message = 'A name in backticks holds letters, digits, _ . - / and blanks, and ends with a backtick.';
    throw new Refusal('syntax', message, start, end);
  }
  return { kind: 'quoted', text: source.slice(start + 1, end), start, end: end + 1 };
}

function numberAt(source: string, start: number): Token {
  const hex = source.charCodeAt(start) === 48 && (source.charAt(start + 1) === 'x' || source.charAt(start + 1) === 'X');
  let end = hex ? start + 2 : digitsFrom(source, start);
  let double = false;
  if (hex) while (isHexDigit(source.charCodeAt(end))) end += 1;
  else {
    if (source.charAt(end) === '.' && isDigit(source.charCodeAt(end + 1))) {
      end = digitsFrom(source, end + 1);
      double = true;
    }
    const exponent = exponentEnd(source, end);
    double ||= exponent !== end;
    end = exponent;
  }
  const text = source.slice(start, end);
  if (!double && (source.charAt(end) === 'u' || source.charAt(end) === 'U')) {
    throw new Refusal('unsupported', `There are no unsigned numbers: write ${text}.`, start, end + 1);
  }
  if (isNamePart(source.charCodeAt(end)) || text.length === (hex ? 2 : 0)) {
    throw new Refusal(
      'bad_number',
      'A number ends where a name begins: put a blank or a sign between.',
      start,
      end + 1,
    );
  }
  return double ? doubleToken(text, start, end) : intToken(text, start, end);
}

function doubleToken(text: string, start: number, end: number): Token {
  if (!Number.isFinite(Number(text))) throw new Refusal('bad_number', `${text} is too large a number.`, start, end);
  return { kind: 'double', text, start, end };
}

/** 2^63 passes: behind a minus it is the smallest of all. */
function intToken(text: string, start: number, end: number): Token {
  if (text.length > 66 || BigInt(text) > INT_MAX) {
    throw new Refusal('bad_number', `Whole numbers go to ${INT_MAX - 1n}.`, start, end);
  }
  return { kind: 'int', text: BigInt(text).toString(), start, end };
}

function digitsFrom(source: string, from: number): number {
  let at = from;
  while (isDigit(source.charCodeAt(at))) at += 1;
  return at;
}

function exponentEnd(source: string, from: number): number {
  if (source.charAt(from) !== 'e' && source.charAt(from) !== 'E') return from;
  const sign = source.charAt(from + 1) === '+' || source.charAt(from + 1) === '-' ? 1 : 0;
  return isDigit(source.charCodeAt(from + 1 + sign)) ? digitsFrom(source, from + 1 + sign) : from;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isHexDigit(unit: number): boolean {
  return isDigit(unit) || (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102);
}

function isNameStart(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
}

function isNamePart(unit: number): boolean {
  return isNameStart(unit) || isDigit(unit);
}
