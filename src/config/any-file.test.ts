import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadConfig } from './load.ts';

const EXAMPLE = readFileSync(join(import.meta.dir, '..', '..', 'candor.example.yaml'), 'utf8');
const EXAMPLE_ENV = { OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', GEMINI_API_KEY: 'c' };

describe('any file whatever', () => {
  function judged(yaml: string): void {
    const linesMax = yaml.split(/\r\n|\r|\n/).length + 1;
    const disk = { read: () => Buffer.from(yaml), isFile: (path: string) => path === '/srv/candor.yaml' };
    const loaded = loadConfig({ env: EXAMPLE_ENV, cwd: '/srv', disk });
    for (const problem of loaded.ok ? [] : loaded.refusal) {
      expect(problem.place?.line).toBeGreaterThan(0);
      expect(problem.place?.line).toBeLessThanOrEqual(linesMax);
      expect(problem.message).not.toBe('');
      expect(problem.fix).not.toBe('');
    }
  }

  test('is judged without a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom(...'ab:-[]{}#&*!|>\'"%@` \n\t,?'.split('')) }),
        ),
        judged,
      ),
      { numRuns: 500 },
    );
  });

  test('also when it is almost right', () => {
    const change = fc.tuple(
      fc.nat(EXAMPLE.length),
      fc.nat(8),
      fc.string({ unit: fc.constantFrom(...'a0-:[]{} \n\t#*&"'.split('')), maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let yaml = EXAMPLE;
        for (const [at, cut, put] of changes) yaml = yaml.slice(0, at) + put + yaml.slice(at + cut);
        judged(yaml);
      }),
      { numRuns: 200 },
    );
  });

  test('also when right keys hold wrong values', () => {
    const keys =
      'server port host providers models targets provider kind openai demo limits key fallbacks telemetry otlp headers'.split(
        ' ',
      );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(0, -1, 1.5, null, true, 'demo', 'openai', ''),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => judged(JSON.stringify(data, null, 1))),
      { numRuns: 500 },
    );
  });
});
