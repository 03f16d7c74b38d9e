import type { Clock } from '../../base/clock.ts';
import type { RequestSummary } from '../telemetry.ts';
import { jsonText, printable, redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [name: string]: LogValue };
export type LogFields = { readonly [name: string]: LogValue | undefined };

export interface Logger {
  isOn(level: LogLevel): boolean;
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** The line of one request that ended, at the access level. */
  access(request: RequestSummary): void;
}

export interface LoggerOptions {
  /** Takes one whole line, its end included. What it throws is lost: a log that cannot be written stops nothing. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  /** Least severe level written. */
  readonly level: LogLevel;
  /** The level at which each request is one line. */
  readonly accessLevel: LogLevel;
  /** One JSON object per line, or a short line for a person. */
  readonly format: 'json' | 'text';
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const TEXT_MAX = 1_000;
/** Callers choose model names; the log shows at most this much of one. */
const NAME_MAX = 128;
const DEPTH_MAX = 6;

export function createLogger(options: LoggerOptions): Logger {
  const { clock, accessLevel } = options;
  const least = RANKS[options.level];
  const head = options.format === 'json' ? jsonHead : textHead;
  const body = options.format === 'json' ? jsonLine : textLine;
  const accessLine = options.format === 'json' ? jsonAccess : textAccess;
  const isOn = (level: LogLevel) => RANKS[level] >= least;
  function write(line: string): void {
    try {
      options.write(`${line}\n`);
    } catch {
      // Standard error is gone; there is nowhere left to say so.
    }
  }
  return {
    isOn,
    log(level, message, fields = {}) {
      if (isOn(level)) write(head(level, clock.wallMs()) + body(clean(message), fields));
    },
    access(request) {
      if (isOn(accessLevel)) write(head(accessLevel, clock.wallMs()) + accessLine(request));
    },
  };
}

function clean(text: string): string {
  const safe = redact(text);
  return safe.length > TEXT_MAX ? `${safe.slice(0, TEXT_MAX)}…` : safe;
}

function jsonHead(level: LogLevel, atMs: number): string {
  return `{"level":"${level}","time":"${isoTime(atMs)}","msg":`;
}

function jsonLine(message: string, fields: LogFields): string {
  let line = jsonText(message);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) line += `,${jsonText(name)}:${jsonValue(value, 0)}`;
  }
  return `${line}}`;
}

function jsonValue(value: LogValue | undefined, depth: number): string {
  if (typeof value === 'string') return jsonText(clean(value));
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return String(value);
  if (value === null || value === undefined || depth >= DEPTH_MAX) return 'null';
  if (isList(value)) return `[${value.map((item) => jsonValue(item, depth + 1)).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${jsonText(name)}:${jsonValue(item, depth + 1)}`)
    .join(',')}}`;
}

function isList(value: LogValue): value is readonly LogValue[] {
  return Array.isArray(value);
}

/** Written out by hand: this line is the only one whose number grows with traffic. */
function jsonAccess(request: RequestSummary): string {
  return (
    `"request","id":"${request.id}","endpoint":"${request.endpoint}","streamed":${request.streamed}` +
    `,"status":${request.status},"outcome":"${request.outcome}","reason":${codeText(request.reason)}` +
    `,"key":${codeText(request.keyId)},"product":${nameText(request.product)},"app":${nameText(request.app)}` +
    `,"model":${nameText(request.modelRequested)},"served":${nameText(request.modelServed)}` +
    `,"provider":${nameText(request.provider)},"target":${nameText(request.target)},"attempts":${request.attempts}` +
    `,"usage":"${request.usageSource}","input_tokens":${request.inputTokens},"output_tokens":${request.outputTokens}` +
    `,"queue_ms":${tenths(request.queueMs)},"first_token_ms":${tenths(request.firstTokenMs)}` +
    `,"total_ms":${tenths(request.totalMs)}}`
  );
}

function codeText(code: string | null): string {
  return code === null ? 'null' : `"${code}"`;
}

/** Names of these characters need no escape; most names are. */
const PLAIN = /^[A-Za-z0-9_./: -]{1,128}$/;

function nameText(name: string | null): string {
  if (name === null) return 'null';
  return PLAIN.test(name) ? `"${redact(name)}"` : jsonText(clean(name).slice(0, NAME_MAX));
}

function tenths(ms: number | null): string {
  return ms === null ? 'null' : String(Math.round(ms * 10) / 10);
}

function textHead(level: LogLevel, atMs: number): string {
  return `${new Date(atMs).toTimeString().slice(0, 8)} ${level.toUpperCase().padEnd(5)} `;
}

function textLine(message: string, fields: LogFields): string {
  let line = printable(message);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    line += ` ${name}=${typeof value === 'string' ? printable(clean(value)) : jsonValue(value, 0)}`;
  }
  return line;
}

function textAccess(request: RequestSummary): string {
  const model =
    request.modelRequested === null ? '' : ` ${printable(clean(request.modelRequested).slice(0, NAME_MAX))}`;
  const tokens = request.outputTokens === null ? '' : ` ${request.inputTokens}+${request.outputTokens} tokens`;
  const first = request.firstTokenMs === null ? '' : ` (first token ${Math.round(request.firstTokenMs)} ms)`;
  const reason = request.reason === null ? '' : ` ${request.reason}`;
  return `${request.status} ${request.endpoint}${model} ${request.outcome}${reason}${tokens} ${Math.round(request.totalMs)} ms${first} ${request.id}`;
}

let lastSecondMs = -1;
let lastSecond = '';

/** ISO 8601 in UTC; the seconds are written once for all lines of the same second. */
function isoTime(atMs: number): string {
  const whole = Math.floor(atMs);
  const ms = ((whole % 1_000) + 1_000) % 1_000;
  const secondMs = whole - ms;
  if (secondMs !== lastSecondMs) {
    lastSecondMs = secondMs;
    lastSecond = new Date(secondMs).toISOString().slice(0, 20);
  }
  return `${lastSecond}${String(ms).padStart(3, '0')}Z`;
}
