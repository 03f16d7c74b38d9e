import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MessageReader } from './http-message.ts';

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n';
const EMPTY = 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n';

function read(pieces: readonly string[]): { heads: number; bodies: string[] } {
  let heads = 0;
  let body = '';
  const bodies: string[] = [];
  const reader = new MessageReader('response', {
    head: () => {
      heads += 1;
    },
    body: (bytes) => {
      body += bytes.toString('latin1');
    },
    end: () => {
      bodies.push(body);
      body = '';
    },
  });
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'));
  return { heads, bodies };
}

test('messages read the same however the bytes are cut', () => {
  const wire = SIZED + CHUNKED + EMPTY + SIZED;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: wire.length - 1 })), (cuts) => {
      const edges = [0, ...new Set(cuts.toSorted((a, b) => a - b)), wire.length];
      const pieces = edges.slice(1).map((edge, index) => wire.slice(edges[index], edge));
      expect(read(pieces)).toEqual({ heads: 4, bodies: ['hello', 'abcde', '', 'hello'] });
    }),
  );
});

test('an answer without a length ends with its connection', () => {
  const seen: string[] = [];
  const reader = new MessageReader('response', {
    head: (head) => seen.push(head),
    body: (bytes) => seen.push(bytes.toString('latin1')),
    end: () => seen.push('end'),
  });
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nsome'));
  reader.push(Buffer.from('thing'));
  expect(reader.close()).toBe(true);
  expect(seen).toEqual(['HTTP/1.1 200 OK', 'some', 'thing', 'end']);
});

test('a body cut short is told apart from a finished one', () => {
  const reader = new MessageReader('response', { head() {}, body() {}, end() {} });
  expect(reader.close()).toBe(true);
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour'));
  expect(reader.close()).toBe(false);
});
