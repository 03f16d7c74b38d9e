import type { Token } from './lexer.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './problem.ts';

const PLAIN_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};
/** Digits behind the letter of an escape that names a character by its number. */
const NUMBERED: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 };

/** A text in quotes, single or triple, with `prefix` before it; `r` takes every character as it stands. */
export function readString(source: string, start: number, prefix: string, limits: Limits): Token {
  const open = start + prefix.length;
  const quote = source.charAt(open);
  const triple = source.startsWith(quote.repeat(3), open);
  const raw = /r/i.test(prefix);
  const closing = triple ? quote.repeat(3) : quote;
  let text = '';
  let at = open + closing.length;
  while (!source.startsWith(closing, at)) {
    const character = source.charAt(at);
    if (at >= source.length || (!triple && (character === '\n' || character === '\r'))) {
      throw new Refusal('unterminated', `A text begins here and never ends: close it with ${closing}.`, start, at);
    }
    if (character === '\\' && !raw) {
      const escape = escapeAt(source, at);
      text += escape.text;
      at = escape.end;
    } else {
      text += character;
      at += 1;
    }
  }
  const end = at + closing.length;
  if (/b/i.test(prefix)) throw new Refusal('unsupported', 'There are no bytes: write text without the b.', start, end);
  if (text.length > limits.stringCharacters) {
    throw new Refusal('too_long', `A text may hold ${limits.stringCharacters} characters.`, start, end);
  }
  return { kind: 'string', text, start, end };
}

function escapeAt(source: string, at: number): { readonly text: string; readonly end: number } {
  const letter = source.charAt(at + 1);
  const plain = Object.hasOwn(PLAIN_ESCAPES, letter) ? PLAIN_ESCAPES[letter] : undefined;
  if (plain !== undefined) return { text: plain, end: at + 2 };
  const digits = Object.hasOwn(NUMBERED, letter) ? NUMBERED[letter] : undefined;
  const from = digits === undefined ? at + 1 : at + 2;
  const end = from + (digits ?? 3);
  const written = source.slice(from, end);
  const valid = digits === undefined ? /^[0-3][0-7]{2}$/.test(written) : isHex(written, digits);
  const code = valid ? Number.parseInt(written, digits === undefined ? 8 : 16) : -1;
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    const message =
      'A backslash begins \\n, \\t, \\", \\\\, \\u00e9 and the like: write \\\\ for itself, or r"..." to escape nothing.';
    throw new Refusal('bad_escape', message, at, Math.min(source.length, at + 2));
  }
  return { text: String.fromCodePoint(code), end };
}

function isHex(text: string, digits: number): boolean {
  return text.length === digits && /^[0-9a-fA-F]+$/.test(text);
}

/** In double quotes, with everything escaped that does not print. */
export function quoteString(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (character === '\n') quoted += '\\n';
    else if (character === '\t') quoted += '\\t';
    else if (character === '\r') quoted += '\\r';
    else if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]$/u.test(character)) quoted += numbered(code);
    else quoted += character;
  }
  return `${quoted}"`;
}

function numbered(code: number): string {
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
