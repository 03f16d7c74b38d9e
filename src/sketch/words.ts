/** Characters of the private use area stand for what was masked, so that no text is mistaken for a mask. */
export const DATA = '\uE000';
export const QUOTE = '\uE001';
export const ADDRESS = '\uE002';
export const NAME = '\uE003';
/** Numbers, and words of dates and times. */
export const NUMBER = '0';

export function isPlaceholder(word: string): boolean {
  return word.length === 1 && word >= DATA && word <= NAME;
}

const SPACE = 1;
const PUNCTUATION = 2;
const LETTER = 3;
/** A word by itself: a sign of a script that writes no spaces, or a mask. */
const SIGN = 4;
const DIGIT = 5;

const SIGNS =
  /[\uE000-\uE003\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTERS = /[\p{L}\p{M}_]/u;
const DIGITS = /\p{N}/u;
/** By UTF-16 unit; 0 until it is asked for. */
const KINDS = new Uint8Array(65_536);

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const known = KINDS[unit] ?? 0;
  if (known !== 0) return known;
  const kind = kindOf(unit);
  KINDS[unit] = kind;
  return kind;
}

function kindOf(unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdfff) return SIGN;
  const sign = String.fromCharCode(unit);
  if (DIGITS.test(sign)) return DIGIT;
  if (SIGNS.test(sign)) return SIGN;
  if (LETTERS.test(sign)) return LETTER;
  return /\s/.test(sign) ? SPACE : PUNCTUATION;
}

/** The words of a text, in order. */
export interface Words {
  /** As they stand, a number for each that has digits. */
  readonly words: readonly string[];
  /** Of each word, whether punctuation follows it. */
  readonly closes: readonly boolean[];
}

export function splitWords(text: string): Words {
  const words: string[] = [];
  const closes: boolean[] = [];
  for (let at = 0; at < text.length; ) {
    const kind = kindAt(text, at);
    if (kind === LETTER || kind === DIGIT) {
      const end = wordEnd(text, at);
      words.push(hasDigit(text, at, end) ? NUMBER : text.slice(at, end));
      closes.push(false);
      at = end;
      continue;
    }
    if (kind === SIGN) {
      words.push(text[at] ?? '');
      closes.push(false);
    } else if (kind === PUNCTUATION && words.length > 0) closes[words.length - 1] = true;
    at++;
  }
  return { words, closes };
}

function wordEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const kind = kindAt(text, at);
    if (kind !== LETTER && kind !== DIGIT) return at;
  }
  return text.length;
}

function hasDigit(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (kindAt(text, at) === DIGIT) return true;
  return false;
}
