import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseGgufHead, readGgufHead } from './gguf.ts';

const utf8 = new TextEncoder();

function u32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}

function u64(value: number): number[] {
  return [...u32(value), ...u32(0)];
}

function text(value: string): number[] {
  const bytes = [...utf8.encode(value)];
  return [...u64(bytes.length), ...bytes];
}

function file(fields: readonly (readonly number[])[], version = 3): Uint8Array {
  return Uint8Array.from([...utf8.encode('GGUF'), ...u32(version), ...u64(0), ...u64(fields.length), ...fields.flat()]);
}

const architecture = [...text('general.architecture'), ...u32(8), ...text('bert')];
const layers = [...text('bert.block_count'), ...u32(4), ...u32(12)];
const tags = [...text('general.tags'), ...u32(9), ...u32(8), ...u64(2), ...text('a'), ...text('b')];
const pooling = [...text('bert.pooling_type'), ...u32(4), ...u32(1)];

describe('parseGgufHead', () => {
  test('finds the architecture and whether the model was made for embeddings', () => {
    expect(parseGgufHead(file([architecture, layers, tags]), 'x')).toEqual({ architecture: 'bert', hasPooling: false });
    expect(parseGgufHead(file([architecture, layers, tags, pooling], 2), 'x').hasPooling).toBe(true);
  });

  test('stops where the bytes it was given end', () => {
    const vocabulary = [...text('tokenizer.tokens'), ...u32(9), ...u32(8), ...u64(1_000_000), ...text('a')];
    expect(parseGgufHead(file([architecture, vocabulary, pooling]), 'x')).toEqual({
      architecture: 'bert',
      hasPooling: false,
    });
  });

  test('refuses other files with a plain sentence', () => {
    expect(() => parseGgufHead(utf8.encode('PK plainly something else entirely'), 'm.gguf')).toThrow(
      'm.gguf is not a GGUF file',
    );
    expect(() => parseGgufHead(file([architecture], 9), 'm.gguf')).toThrow('version 2 or 3');
    expect(() => readGgufHead('/nowhere/m.gguf')).toThrow('cannot be read');
  });

  test('ends on any bytes, with a head or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = Uint8Array.from([...file([architecture]).subarray(0, 16), ...tail]);
        try {
          expect(parseGgufHead(bytes, 'x').architecture).not.toBe('');
        } catch (error) {
          expect((error as Error).message).toStartWith('the model file x');
        }
      }),
    );
  });
});
