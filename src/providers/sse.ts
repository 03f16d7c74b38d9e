/** One event of a `text/event-stream`. */
export interface SseEvent {
  /** The `event:` field; empty when there was none. */
  readonly name: string;
  /** The `data:` lines, joined by line feeds. */
  readonly data: string;
}

/** A line or an event larger than the limit. */
export class SseTooLargeError extends Error {
  override readonly name = 'SseTooLargeError';
}

/**
 * Cuts the bytes of an event stream into events, whatever the chunks they come in: line ends CR, LF or CRLF, a byte
 * order mark at the start, comments, characters split between chunks (broken ones become U+FFFD). `id` and `retry`
 * are ignored, and an event that the end of the stream cuts off is dropped.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseParser {
  readonly #decoder = new TextDecoder();
  readonly #unitsMax: number;
  /** The start of a line whose end has not come yet. */
  #rest = '';
  /** The last chunk ended in CR; a LF at the start of the next belongs to it. */
  #skipLineFeed = false;
  #name = '';
  #data: string | null = null;

  constructor(unitsMax: number) {
    this.#unitsMax = unitsMax;
  }

  /** Adds the events that `bytes` completes to `out`. Throws `SseTooLargeError`; events before the large one stay in `out`. */
  push(bytes: Uint8Array, out: SseEvent[]): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    if (this.#skipLineFeed) {
      this.#skipLineFeed = false;
      if (text.charCodeAt(0) === LINE_FEED) text = text.slice(1);
    }
    this.#rest = text.includes('\r') ? this.#cutAnyLines(text, out) : this.#cutLines(text, out);
    if (this.#rest.length > this.#unitsMax) throw new SseTooLargeError('a line of the stream is too long');
  }

  /** Takes the lines of a text that has line feeds only; returns the unfinished last one. */
  #cutLines(text: string, out: SseEvent[]): string {
    let start = 0;
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end === -1) break;
      this.#line(this.#join(text, start, end), out);
      start = end + 1;
    }
    return this.#join(text, start, text.length);
  }

  #cutAnyLines(text: string, out: SseEvent[]): string {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit !== LINE_FEED && unit !== CARRIAGE_RETURN) continue;
      this.#line(this.#join(text, start, at), out);
      if (unit === CARRIAGE_RETURN) {
        if (at + 1 === text.length) this.#skipLineFeed = true;
        else if (text.charCodeAt(at + 1) === LINE_FEED) at++;
      }
      start = at + 1;
    }
    return this.#join(text, start, text.length);
  }

  #join(text: string, start: number, end: number): string {
    const part = text.slice(start, end);
    if (this.#rest === '') return part;
    const whole = this.#rest + part;
    this.#rest = '';
    return whole;
  }

  #line(line: string, out: SseEvent[]): void {
    if (line === '') {
      if (this.#data !== null) out.push({ name: this.#name, data: this.#data });
      this.#data = null;
      this.#name = '';
      return;
    }
    if (line.length > this.#unitsMax) throw new SseTooLargeError('a line of the stream is too long');
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field === 'data') this.#addData(valueAfter(line, colon));
    else if (field === 'event') this.#name = valueAfter(line, colon);
  }

  #addData(value: string): void {
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    if (this.#data.length > this.#unitsMax) throw new SseTooLargeError('an event of the stream is too large');
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

function valueAfter(line: string, colon: number): string {
  if (colon === -1) return '';
  return line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1);
}
