/** What the YAML parser found, said in our own words. */
import { gluedKey } from './slips.ts';
import type { Wrong } from './checks.ts';

const MESSAGE_LENGTH_MAX = 300;
const MISSING_COLON = { message: 'a key stands here without its colon', fix: 'Write it as `key: value`.' };

const STRAY_ENTRY = {
  message: 'an entry of a list stands among keys',
  fix: 'Indent it below the key whose list it belongs to.',
};
const TEXT_AFTER_END = {
  message: 'text follows a value that has ended',
  fix: 'Put the whole value in quotes that do not stand inside it.',
};

/** `line` is the line of the file where the parser stopped. */
export function explainSyntax(code: string, message: string, line: string): Wrong {
  const glued = /^(MISSING_CHAR|MULTILINE_IMPLICIT_KEY)$/.test(code) ? gluedKey(line) : null;
  if (glued !== null) return { message: 'a colon and its value stand together', fix: glued.fix };
  switch (code) {
    case 'DUPLICATE_KEY':
      return { message: 'the same key stands twice in this block', fix: 'Keep one of the two.' };
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used to indent', fix: 'Indent with spaces.' };
    case 'MULTIPLE_DOCS':
      return { message: 'there is a second document in the file', fix: "Remove the line '---' and what follows it." };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'a second key stands on this line, or the next line is indented deeper than it',
        fix: "Put each key on its own line, indented like its neighbours; quote a text that holds ': '.",
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return /^\s*- /.test(line) ? STRAY_ENTRY : MISSING_COLON;
    case 'UNEXPECTED_TOKEN':
      return message === 'Unexpected scalar at node end' ? TEXT_AFTER_END : unknown(message);
    case 'BAD_SCALAR_START':
      return { message: plain(message), fix: 'Put the text in quotes.' };
    case 'BAD_INDENT':
      return explainIndent(message);
    case 'MISSING_CHAR':
      return explainMissing(message);
    default:
      return unknown(message);
  }
}

function explainIndent(message: string): Wrong {
  if (message.startsWith('All ')) {
    return {
      message: 'this line is not indented like the others of its block',
      fix: 'Indent every key of a block by the same number of spaces.',
    };
  }
  const bracket = /end with a ([}\]])/.exec(message)?.[1];
  if (bracket === undefined) return unknown(message);
  const opened = bracket === '}' ? '{' : '[';
  return { message: `a '${opened}' before this place is not closed`, fix: `Close it with '${bracket}'.` };
}

function explainMissing(message: string): Wrong {
  if (message.startsWith('Implicit map keys')) return MISSING_COLON;
  const quote = /^Missing closing (["'])/.exec(message)?.[1];
  if (quote === undefined) return unknown(message);
  return { message: `a text that begins with ${quote} has no end`, fix: `Close it with ${quote} on its own line.` };
}

function unknown(message: string): Wrong {
  return { message: plain(message), fix: 'Mend the YAML at this place; often it is the indentation or a quote.' };
}

/** The first line of the parser's own words, without control characters and cut between words. */
export function plain(message: string): string {
  const line = (message.split('\n')[0] ?? '').replace(/\p{Cc}/gu, '?');
  return line.length <= MESSAGE_LENGTH_MAX ? line : line.slice(0, line.lastIndexOf(' ', MESSAGE_LENGTH_MAX));
}
