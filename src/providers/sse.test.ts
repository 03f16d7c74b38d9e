import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type SseEvent, SseParser, SseTooLargeError } from './sse.ts';

const UNITS_MAX = 1000;

function parse(chunks: readonly Uint8Array[], unitsMax = UNITS_MAX): SseEvent[] {
  const parser = new SseParser(unitsMax);
  const out: SseEvent[] = [];
  for (const chunk of chunks) parser.push(chunk, out);
  return out;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const to of [...sorted, bytes.length]) {
    chunks.push(bytes.slice(from, to));
    from = to;
  }
  return chunks;
}

/** Parts that meet every branch of the parser, in any order. */
const streamText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\n\n', 'data:', 'data: ', 'data', 'event: a', 'event:', ': note', 'id: 3'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('the event stream parser', () => {
  test('reads names, data and several data lines', () => {
    const text = 'event: message_start\ndata: {"a":1}\n\ndata: one\ndata:two\ndata:  three\n\n';
    expect(parse([bytesOf(text)])).toEqual([
      { name: 'message_start', data: '{"a":1}' },
      { name: '', data: 'one\ntwo\n three' },
    ]);
  });

  test('ignores comments, ids, unknown fields, names without data, and an event cut off by the end', () => {
    const text = ': keep-alive\n\nid: 7\nretry: 1\nfoo: bar\ndata: a\n\nevent: lonely\n\ndata: b\n\ndata: cut';
    expect(parse([bytesOf(text)])).toEqual([
      { name: '', data: 'a' },
      { name: '', data: 'b' },
    ]);
  });

  test('takes CR, LF and CRLF, a byte order mark and an empty data line', () => {
    expect(parse([bytesOf('\uFEFFdata: a\r\rdata: b\r\n\r\ndata\n\n')]).map((event) => event.data)).toEqual([
      'a',
      'b',
      '',
    ]);
  });

  test('gives an event at the line end that completes it, without waiting for the next byte', () => {
    expect(parse([bytesOf('data: a\r\n\r')])).toHaveLength(1);
    expect(parse([bytesOf('data: a\r\n\r'), bytesOf('\ndata: b\r\n\r\n')]).map((event) => event.data)).toEqual([
      'a',
      'b',
    ]);
  });

  test('replaces broken UTF-8 and loses nothing else', () => {
    const bytes = new Uint8Array([...bytesOf('data: a'), 0xff, 0xc3, ...bytesOf('b\n\n')]);
    expect(parse([bytes])).toEqual([{ name: '', data: 'a\uFFFD\uFFFDb' }]);
  });

  test('any chunking gives the same events', () => {
    fc.assert(
      fc.property(streamText, fc.array(fc.nat(), { maxLength: 20 }), (text, places) => {
        const bytes = bytesOf(text);
        expect(parse(cut(bytes, places))).toEqual(parse([bytes]));
      }),
      { numRuns: 1000 },
    );
  });

  test('any chunking of any bytes gives the same events', () => {
    const bytes = fc.array(fc.constantFrom(...bytesOf('data: \n\r'), 0xff, 0xe6, 0xbc, 0xa2), { maxLength: 80 });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 20 }), (values, places) => {
        const all = new Uint8Array(values);
        expect(parse(cut(all, places))).toEqual(parse([all]));
      }),
      { numRuns: 500 },
    );
  });

  test('what is written as events is read back', () => {
    const oneLine = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.record({ name: oneLine, data: oneLine }), { maxLength: 10 }), (events) => {
        const text = events.map((event) => `event: ${event.name}\ndata: ${event.data}\n\n`).join('');
        expect(parse([bytesOf(text)], 100_000)).toEqual(events);
      }),
    );
  });

  test('refuses a line or an event over the limit, in one chunk or many, and keeps what came before', () => {
    const long = bytesOf(`data: ok\n\ndata: ${'x'.repeat(UNITS_MAX)}`);
    const manyLines = bytesOf(`data: ok\n\n${`data: ${'x'.repeat(100)}\n`.repeat(20)}`);
    for (const bytes of [long, manyLines]) {
      for (const chunks of [[bytes], cut(bytes, [3, 200, 700])]) {
        const parser = new SseParser(UNITS_MAX);
        const out: SseEvent[] = [];
        expect(() => {
          for (const chunk of chunks) parser.push(chunk, out);
        }).toThrow(SseTooLargeError);
        expect(out).toEqual([{ name: '', data: 'ok' }]);
      }
    }
  });
});
