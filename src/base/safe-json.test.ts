import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isTooDeep, parseJson } from './safe-json.ts';

function detailOf(text: string): string | undefined {
  const parsed = parseJson(text);
  return parsed.ok ? undefined : parsed.refusal.detail;
}

describe('parseJson', () => {
  test('agrees with JSON.parse on what JSON.stringify writes', () => {
    const key = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: 'grapheme' }),
        fc.double({ min: -1e15, max: 1e15, noNaN: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree')),
        fc.dictionary(key, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  test('refuses every text that JSON.parse refuses', () => {
    const mangled = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', ':', ',', '\\', '1', ' '))
      .map(
        ([text, at, insert]) =>
          text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(mangled, (text) => {
        let fine = true;
        try {
          JSON.parse(text);
        } catch {
          fine = false;
        }
        if (!fine) expect(parseJson(text).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses a duplicate key at any depth, however it is escaped', () => {
    expect(detailOf('{"a":1,"a":2}')).toContain('same key twice');
    expect(detailOf('[{"b":{"a":1,"\\u0061":2}}]')).toContain('same key twice');
    expect(detailOf('{"a":{"k":1},"b":{"k":1}}')).toBeUndefined();
    expect(detailOf('{"a:b\\"c:":"x:y","d":"\\\\"}')).toBeUndefined();
  });

  test('refuses __proto__ anywhere and leaves constructor alone', () => {
    expect(detailOf('{"__proto__":{"role":"admin"}}')).toContain('__proto__');
    expect(detailOf('{"a":[{"\\u005f_proto__":1}]}')).toContain('__proto__');
    expect(detailOf('{"properties":{"constructor":{"prototype":1},"prototype":{}}}')).toBeUndefined();
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  test('refuses nesting beyond 64 levels before parsing it', () => {
    expect(detailOf('['.repeat(64) + ']'.repeat(64))).toBeUndefined();
    expect(detailOf('['.repeat(65) + ']'.repeat(65))).toContain('64 levels');
    expect(detailOf('{"a":'.repeat(100_000))).toContain('64 levels');
    expect(detailOf(`"${'['.repeat(1000)}"`)).toBeUndefined();
  });

  test('refuses more keys, objects and lists than a parser takes in passing', () => {
    const list = (count: number, member: string) => `[${Array.from({ length: count }, () => member).join()}]`;
    expect(detailOf(list(499_999, '[]'))).toBeUndefined();
    expect(detailOf(list(500_000, '[]'))).toContain('500000');
    expect(detailOf(list(250_001, '{"a":1}'))).toContain('500000');
    expect(detailOf(`{${Array.from({ length: 500_001 }, (_, at) => `"${at}":0`).join()}}`)).toContain('500000');
    expect(detailOf(list(1_000_000, '0'))).toBeUndefined();
    expect(isTooDeep(list(500_000, '[]'))).toBe(false);
  });

  test('refuses numbers that a double cannot hold', () => {
    expect(detailOf('{"n":1e999}')).toContain('number');
    expect(detailOf(`[${'9'.repeat(400)}]`)).toContain('number');
    expect(detailOf('[9007199254740993]')).toContain('integer');
    expect(detailOf('{"9007199254740993":[-9223372036854775807]}')).toContain('integer');
    expect(detailOf('[9007199254740992, 1e300, 0.12345678901234567890, "9007199254740993"]')).toBeUndefined();
  });

  test('refuses lone surrogates, raw and escaped, in values and keys', () => {
    expect(detailOf('{"a":"\\ud800"}')).toContain('surrogate');
    expect(detailOf('{"\\uDC00":1}')).toContain('surrogate');
    expect(detailOf(`{"a":"\ud800"}`)).toContain('surrogate');
    expect(detailOf('{"a":"\\ud83d\\ude00"}')).toBeUndefined();
  });

  test('refuses emptiness and trailing garbage, and takes NUL as data', () => {
    expect(detailOf('')).toContain('empty');
    expect(detailOf(' \n ')).toContain('empty');
    expect(detailOf('{} {}')).toContain('syntax');
    expect(detailOf('{"a":"secret" oops}')).toBe('its syntax is wrong');
    expect(detailOf('{"a":"\\u0000"}')).toBeUndefined();
  });

  test('stays linear on strings made of backslashes and quotes', () => {
    const text = `"${'\\\\\\"'.repeat(300_000)}"`;
    const startedMs = performance.now();
    expect(parseJson(text).ok).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});
