import { ADDRESS, DATA, isPlaceholder, NAME, NUMBER, QUOTE, splitWords, type Words } from './words.ts';

/** Where a prompt is longer, its middle is left out: apps are told by how they begin and how they end. */
const PROMPT_CHARS_MAX = 8_192;
const TAIL_CHARS = 2_048;

/**
 * The words of a prompt, in order, without what tells one request of an app from the next: data it was given,
 * quotations, addresses, code, names of people, numbers and dates. Masking what is masked changes nothing.
 */
export function maskedWords(text: string): string[] {
  const words = maskNames(splitWords(maskSpans(text)));
  const masked: string[] = [];
  for (const word of words) {
    const plain = evenOut(word);
    // A date is written in one number or in three.
    if (plain !== NUMBER || masked.at(-1) !== NUMBER) masked.push(plain);
  }
  return masked;
}

/** What of a prompt is looked at. */
export function bounded(text: string): string {
  if (text.length <= PROMPT_CHARS_MAX) return text;
  return `${text.slice(0, PROMPT_CHARS_MAX - TAIL_CHARS)}\n${text.slice(-TAIL_CHARS)}`;
}

const DATE_WORDS: ReadonlySet<string> = new Set(
  (
    'monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february april june july ' +
    'august september october november december jan feb apr jun jul aug sep sept oct nov dec am pm utc gmt'
  ).split(' '),
);
/** Scripts of signs, which have no capitals, begin after it. */
const SIGNS_FROM = '\u2e80';

function evenOut(word: string): string {
  if (word.length === 1 && word >= SIGNS_FROM) return word;
  const lower = word.toLowerCase();
  return DATE_WORDS.has(lower) ? NUMBER : lower;
}

const DATA_WORDS =
  'context|document|source|result|data|histor|memor|example|profile|file|page|passage|snippet|article|transcript|record|knowledge|excerpt|ticket|order';
const OPENING_TAG = new RegExp(`<([\\w-]{0,24}(?:${DATA_WORDS})[\\w-]{0,24})(?:\\s[^<>]{0,200})?>`, 'gi');
const FENCED = /```[^]*?```|"""[^]*?"""/g;
/** A line that announces data, and the lines after it up to an empty one or the next heading. */
const HEADED = new RegExp(
  `^(?:#{1,6} *)?[^\\n:：.。]{0,32}(?:${DATA_WORDS}|资料|文档|检索|上下文|知识库|摘录|记录|片段)[^\\n:：.。]{0,24}[:：]? *\\n(?:(?!#)[^\\n]*\\S[^\\n]*(?:\\n|$))+`,
  'gim',
);
const CITED = /^[ \t]*(?:\[\d{1,3}\]|>)[^\n]*/gm;
const QUOTED = /"[^"\n]{1,200}"|“[^”\n]{1,200}”|«[^»\n]{1,200}»|「[^」\n]{1,200}」|『[^』\n]{1,200}』|`[^`\n]{1,200}`/g;
const LINKS = /(?:https?:\/\/|www\.)[^\s<>"'）)」』，。]+/gi;
const MAIL = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/g;

function maskSpans(text: string): string {
  let masked = text;
  if (masked.includes('```') || masked.includes('"""')) masked = masked.replace(FENCED, ` ${DATA} `);
  if (masked.includes('</')) masked = maskElements(masked);
  if (masked.includes('\n')) masked = masked.replace(HEADED, ` ${DATA}\n`).replace(CITED, ` ${DATA} `);
  masked = masked.replace(QUOTED, ` ${QUOTE} `);
  if (masked.includes('://') || masked.includes('www.')) masked = masked.replace(LINKS, ` ${ADDRESS} `);
  if (masked.includes('@')) masked = masked.replace(MAIL, ` ${ADDRESS} `);
  return masked;
}

/** Elements named like data, from their opening tag to the first closing one; without that, they are words like others. */
function maskElements(text: string): string {
  const unclosed = new Set<string>();
  let masked = '';
  let done = 0;
  for (const opening of text.matchAll(OPENING_TAG)) {
    const tag = opening[1] ?? '';
    if (opening.index < done || unclosed.has(tag)) continue;
    const closing = `</${tag}>`;
    const end = text.indexOf(closing, opening.index);
    if (end === -1) unclosed.add(tag);
    else {
      masked += `${text.slice(done, opening.index)} ${DATA} `;
      done = end + closing.length;
    }
  }
  return masked + text.slice(done);
}

const PERSONS: ReadonlySet<string> = new Set(
  'user customer client member student patient guest player caller'.split(' '),
);
const NAMINGS: ReadonlySet<string> = new Set(['name', 'named', 'called']);
const BETWEEN: ReadonlySet<string> = new Set(['s', 'is', 'full', 'first', 'display']);
const PERSON_SIGNS: ReadonlySet<string> = new Set('用客顾学患会');
const PERSON_ZH = /^(?:用户|客户|顾客|学生|患者|会员)的?(?:姓名|名字|昵称|名称|名)(?:是|为|叫)?/;
const PERSON_ZH_WORDS_MAX = 8;
const NAME_WORDS_MAX = 3;
const NAME_SIGNS_MAX = 4;
const CAPITAL = /^\p{Lu}/u;

/** Takes out names only where the words before say that a person is named: names of apps tell apps apart. */
function maskNames({ words, closes }: Words): string[] {
  const masked: string[] = [];
  for (let at = 0; at < words.length; ) {
    const marker = markerAt(words, at);
    if (marker === 0) {
      masked.push(words[at++] ?? '');
      continue;
    }
    for (const end = at + marker; at < end; at++) masked.push(words[at] ?? '');
    const named = nameAt(words, closes, at);
    if (named > 0) masked.push(NAME);
    at += named;
  }
  return masked;
}

/** How many words, from `at` on, say that the name of a person follows; 0 when none do. */
function markerAt(words: readonly string[], at: number): number {
  const first = words[at] ?? '';
  if (first.length === 1) return PERSON_SIGNS.has(first) ? signMarkerAt(words, at) : 0;
  if (!PERSONS.has(first.toLowerCase())) return 0;
  let next = at + 1;
  while (isBetween(words[next])) next++;
  if (!NAMINGS.has((words[next] ?? '').toLowerCase())) return 0;
  next++;
  while (isBetween(words[next])) next++;
  return next - at;
}

function isBetween(word: string | undefined): boolean {
  return word !== undefined && BETWEEN.has(word.toLowerCase());
}

function signMarkerAt(words: readonly string[], at: number): number {
  if (!'户客生者员'.includes(words[at + 1] || '-')) return 0;
  const found = PERSON_ZH.exec(words.slice(at, at + PERSON_ZH_WORDS_MAX).join(''));
  return found === null ? 0 : found[0].length;
}

/** How many words the name takes: a word and those with capitals after it, or up to four signs; it ends with its phrase. */
function nameAt(words: readonly string[], closes: readonly boolean[], at: number): number {
  const first = words[at];
  if (first === undefined || isPlaceholder(first)) return 0;
  const signs = first.length === 1;
  const most = signs ? NAME_SIGNS_MAX : NAME_WORDS_MAX;
  let count = 1;
  for (; count < most && closes[at + count - 1] === false; count++) {
    const word = words[at + count];
    if (word === undefined || isPlaceholder(word) || (signs ? word.length !== 1 : !CAPITAL.test(word))) break;
  }
  return count;
}
