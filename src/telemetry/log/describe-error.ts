import { redact } from './redact.ts';

/** What the log says about an error: who it is, in a line, and where it came from. */
export type ErrorDescription = {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Frames, innermost first; only of the error itself. */
  readonly stack?: readonly string[];
  readonly cause?: ErrorDescription;
};

const MESSAGE_MAX = 300;
const NAME_MAX = 60;
const CAUSES_MAX = 4;
const FRAMES_MAX = 8;
const FRAME_MAX = 200;
/** A quoted run longer than this may be a piece of somebody's text. */
const QUOTE_MAX = 40;
const QUOTED = new RegExp(`(?<!\\w)(["'\`])(?:(?!\\1)[\\s\\S]){${QUOTE_MAX + 1},}?\\1`, 'g');
const FRAME = /^\s+at .{1,400}$/;

/**
 * An error as the log may show it. Parsers quote what they could not read, so their messages are left out, and long
 * quotations are left out of every other message; credentials and mail addresses are redacted.
 */
export function describeError(error: unknown): ErrorDescription {
  return describe(error, 0);
}

function describe(error: unknown, depth: number): ErrorDescription {
  if (!(error instanceof Error))
    return { name: typeof error, message: typeof error === 'string' ? message(error) : '' };
  const code = codeOf(error);
  const stack = depth === 0 ? framesOf(error) : [];
  return {
    name: redact(error.name).slice(0, NAME_MAX),
    message: error instanceof SyntaxError ? '[left out: may quote its input]' : message(error.message),
    ...(code === null ? {} : { code }),
    ...(stack.length === 0 ? {} : { stack }),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: describe(error.cause, depth + 1) }),
  };
}

function message(text: string): string {
  const said = redact(text).replace(QUOTED, '$1[left out]$1');
  return said.length > MESSAGE_MAX ? `${said.slice(0, MESSAGE_MAX)}…` : said;
}

/** `ECONNREFUSED`, `SQLITE_FULL`, or a provider's kind of fault. */
function codeOf(error: Error): string | null {
  for (const name of ['code', 'kind'] as const) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string' && /^[\w.-]{1,60}$/.test(value)) return value;
  }
  return null;
}

function framesOf(error: Error): readonly string[] {
  // The stack begins with the message, which may have lines of its own; only what is below it is taken.
  const text = error.stack ?? '';
  const said = error.message;
  const below = said !== '' && text.includes(said) ? text.slice(text.indexOf(said) + said.length) : text;
  return below
    .split('\n', 40)
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => redact(line.trim()).slice(0, FRAME_MAX));
}

const KIND_MAX = 120;

/** The same for errors that differ only in numbers; for telling repetitions, not for showing. */
export function kindOfError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const said = error instanceof SyntaxError ? '' : message(error.message).replace(/\d+/g, '#');
  return `${redact(error.name)} ${codeOf(error) ?? ''} ${said}`.slice(0, KIND_MAX);
}
