import type { Json } from './json.ts';
import { ok, type Result, refuse } from './result.ts';

/** Why a text was refused, a clause in both languages. It never quotes the text. */
export interface JsonProblem {
  readonly detail: string;
  readonly detail_zh: string;
}

const depthMax = 64;
/** Colons and opened brackets. Long before 20 MB, this many of them take the parser a fifth of a second. */
const membersMax = 500_000;

const QUOTE = 34;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * `JSON.parse` for text from strangers. Beyond bad syntax it refuses what two readers of the same text could take
 * differently, or what would hurt later code:
 *
 * - an object with the same key twice (readers disagree about which value counts);
 * - the key `__proto__`, which turns into a prototype change as soon as anyone copies keys by assignment. The key
 *   `constructor` stays allowed: it is an ordinary own property, tool schemas use it as a property name, and nothing
 *   here merges objects recursively;
 * - more than 64 levels of nesting, or more than 500,000 keys, objects and lists in all;
 * - numbers too large for a double (`1e999`), and integers whose digits a double would change;
 * - lone surrogates, raw or escaped, which no UTF-8 output can carry.
 *
 * NUL characters in strings are ordinary data and pass.
 *
 * The method is three passes that each do little: a scan of the characters outside strings (strings are jumped by
 * `indexOf`) that counts colons and bounds the depth, the native parser, and a walk over the values that counts keys.
 * Fewer keys than colons means that some object dropped one as a duplicate.
 */
export function parseJson(text: string): Result<Json, JsonProblem> {
  const colons = countColons(text, membersMax);
  if (colons === TOO_MANY) {
    return problem('it holds more than 500000 keys, objects and lists', '键、对象和数组总数超过 500000');
  }
  if (colons === TOO_DEEP) return problem('it is nested more than 64 levels deep', '嵌套超过 64 层');
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // The native message quotes the text, so it is not passed on.
    if (text.trim() === '') return problem('it is empty', '内容为空');
    return problem('its syntax is wrong', '语法错误');
  }
  const walk: Walk = { keys: 0, checkText: mayHoldLoneSurrogate(text), unsafeInteger: false, problem: undefined };
  visit(value, walk);
  if (walk.problem !== undefined) return refuse(walk.problem);
  if (walk.keys !== colons) return problem('an object has the same key twice', '同一对象中有重复的键');
  if (walk.unsafeInteger && losesDigits(text)) {
    return problem('an integer is too large to be kept exactly', '整数过大，无法精确保存');
  }
  return ok(value);
}

/** Whether a text, JSON or not, is nested deeper than `parseJson` allows: deep values overflow the stack of what walks them. */
export function isTooDeep(text: string): boolean {
  return countColons(text, Number.POSITIVE_INFINITY) === TOO_DEEP;
}

const TOO_DEEP = -1;
const TOO_MANY = -2;

/** The colons outside strings, or `TOO_DEEP`, or `TOO_MANY` when they and the brackets are more than `most`. Text that is not JSON gives any number: the parser refuses it later. */
function countColons(text: string, most: number): number {
  let colons = 0;
  let opened = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === COLON) {
      colons++;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      opened++;
      depth++;
      if (depth > depthMax) return TOO_DEEP;
      if (colons + opened > most) return TOO_MANY;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--;
    }
  }
  return colons + opened > most ? TOO_MANY : colons;
}

/** The index of the quote that closes the string opened at `start`, or the text's length. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

interface Walk {
  keys: number;
  readonly checkText: boolean;
  unsafeInteger: boolean;
  problem: JsonProblem | undefined;
}

function visit(value: Json, walk: Walk): void {
  if (typeof value === 'string') {
    if (walk.checkText && !value.isWellFormed()) walk.problem = loneSurrogate;
  } else if (typeof value === 'number') {
    if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) visitLarge(value, walk);
  } else if (Array.isArray(value)) {
    for (const element of value) visit(element, walk);
  } else if (typeof value === 'object' && value !== null) {
    visitObject(value as { readonly [key: string]: Json }, walk);
  }
}

function visitObject(object: { readonly [key: string]: Json }, walk: Walk): void {
  for (const key in object) {
    walk.keys++;
    if (key === '__proto__') {
      walk.problem = { detail: 'the key "__proto__" is not allowed', detail_zh: '不允许使用键 “__proto__”' };
      return;
    }
    if (walk.checkText && !key.isWellFormed()) walk.problem = loneSurrogate;
    visit(object[key] as Json, walk);
  }
}

function visitLarge(value: number, walk: Walk): void {
  if (Number.isFinite(value)) walk.unsafeInteger = true;
  else walk.problem = { detail: 'a number is too large', detail_zh: '数值过大' };
}

const loneSurrogate: JsonProblem = {
  detail: 'it holds half of a surrogate pair, which is not a character',
  detail_zh: '包含不成对的代理字符',
};

/** True when the text holds a raw lone surrogate or any escaped one; the walk then looks at every string. */
function mayHoldLoneSurrogate(text: string): boolean {
  return text.includes('\\ud') || text.includes('\\uD') || !text.isWellFormed();
}

/** Whether some integer of the text, written without fraction or exponent, reads back as a different number. */
function losesDigits(text: string): boolean {
  let start = 0;
  while (start < text.length) {
    const quote = text.indexOf('"', start);
    const end = quote === -1 ? text.length : quote;
    for (const [token] of text.slice(start, end).matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
      if (token.length < 16 || !/^-?\d+$/.test(token)) continue;
      // Integers of 310 digits and more overflow a double and were refused by the walk.
      if (BigInt(token) !== BigInt(Number(token))) return true;
    }
    start = quote === -1 ? text.length : endOfString(text, quote) + 1;
  }
  return false;
}

function problem(detail: string, detail_zh: string): Result<never, JsonProblem> {
  return refuse({ detail, detail_zh });
}
