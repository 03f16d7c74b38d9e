/**
 * The last guard of the log: whatever a message says, nothing shaped like a credential or a mail address leaves.
 * Messages should hold none to begin with; those of libraries and upstreams cannot be trusted to.
 */
export function redact(text: string): string {
  const known = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
  if (!SUSPECT.test(known)) return known;
  return known
    .replace(HEADERS, '$1[redacted]')
    .replace(QUERY, '$1[redacted]')
    .replace(USERINFO, '$1[redacted]@')
    .replace(KEYS, '[redacted key]')
    .replace(MAIL, '[redacted mail]');
}

/** Longer text is cut before it is looked at, so that the cost has a limit. */
const TEXT_MAX = 8_192;

/** One cheap look: text without any of these cannot match below. */
const SUSPECT = /cd_|sk-|AIza|xai-|gsk_|hf_|eyJ|bearer|basic|auth|key|token|secret|password|@|%40/i;
const HEADERS =
  /((?:bearer|basic)\s+|(?:authorization|cookie|(?:x-)?(?:goog-)?api[-_]?key|secret|password)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?)[^\s"',;]+/gi;
const QUERY = /([?&](?:key|api[-_]?key|access[-_]?token|token|sig|signature)=)[^&\s"'#]+/gi;
const USERINFO = /(:\/\/)[^\s/@"']{1,256}@/g;
const KEYS = /cd_[a-z]+_\w+|\b(?:sk|xai)-[\w-]{4,}|\b(?:gsk|hf)_\w{8,}|\bAIza[\w-]{10,}|\beyJ[\w-]{8,}(?:\.[\w-]+)*/g;
const MAIL = /[^\s"'`<>()[\]{},;:|\\@=&?/]{1,128}(?:@|%40)[^\s"'`<>()[\]{},;:|\\@=&?/]{1,255}/gi;

/** Characters that a terminal or a log reader would act on: controls, line ends, and those that turn the writing direction. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text for a terminal: what would move the cursor or end the line is written out as `\u001b` and the like. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/** A JSON string, whose escapes also cover what JSON itself would let through to a terminal. */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(UNPRINTABLE, escapeCharacter);
}

/** `character` is one UTF-16 unit. */
function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
