import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { jsonText, printable, redact } from './redact.ts';

const SECRETS = [
  'cd_live_abCD1234_s3cr3tS3cr3tS3cr3t_9fK2',
  'sk-proj-AbC123_def-456ghi',
  'sk-ant-api03-zzzzYYYY',
  'AIzaSyA1234567890abcdefgh',
  'gsk_1234567890abcdef',
  'hf_abcdefghijklmnop',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'jane.doe+test@example.com',
  'jane%40example.com',
];

describe('redact', () => {
  for (const secret of SECRETS) {
    test(`takes out ${secret.slice(0, 8)}... wherever it stands`, () => {
      for (const text of [secret, `no (${secret})`, `x="${secret}", y`, `\n${secret}\n`, `a ${secret} ${secret}`]) {
        expect(redact(text)).not.toContain(secret.slice(0, 12));
        expect(redact(text)).toContain('[redacted');
      }
    });
  }

  test('takes out what stands after a name that says it is secret', () => {
    const cases = [
      'Authorization: Bearer hunter2hunter2',
      'authorization=Basic aHVudGVyMg==',
      '{"x-api-key":"hunter2hunter2"}',
      'api_key = hunter2hunter2',
      'GET https://host/v1/models?key=hunter2hunter2&alt=sse',
      'https://user:hunter2hunter2@host/path',
      'sent "Bearer hunter2hunter2"',
      'password: hunter2hunter2',
    ];
    for (const text of cases) {
      expect(redact(text)).not.toContain('hunter2');
      expect(redact(text)).not.toContain('aHVudGVyMg');
    }
  });

  test('leaves what is no secret', () => {
    const cases = [
      'connect ECONNREFUSED 127.0.0.1:8000',
      'the task-force disk-01 took 12 tokens',
      'at run (/srv/app/node_modules/@scope/name/index.js:10:5)',
      'unknown model "small"',
    ];
    for (const text of cases) expect(redact(text)).toBe(text);
  });

  test('takes out a key that the cut at the longest text goes through', () => {
    const text = `${'a '.repeat(4_090)}cd_live_abCD1234_s3cr3tS3cr3tS3cr3t_9fK2`;
    expect(redact(text)).not.toContain('cd_live_a');
  });

  test('stays fast on text made to be slow', () => {
    for (const piece of ['a', 'a@', '%40', 'cd_', 'authorization:', '://', 'eyJ-', '"\\']) {
      const startMs = performance.now();
      redact(piece.repeat(100_000));
      expect(performance.now() - startMs).toBeLessThan(250);
    }
  });

  test('never shows a key or a mail address, whatever is around it', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.constantFrom(...SECRETS.slice(0, 2)),
        fc.string({ maxLength: 40 }),
        (a, b, c) => {
          expect(redact(`${a} ${b}${c}`)).not.toContain(b);
        },
      ),
    );
  });
});

describe('text for terminals and readers of lines', () => {
  const hostile = 'a\nb\r\u001b[2Jc\u0000d\u009be\u2028f\u202eg\u007f';

  test('has nothing in it that acts', () => {
    const acting = /[\p{Cc}\u2028\u202e]/u;
    expect(printable(hostile)).not.toMatch(acting);
    expect(jsonText(hostile)).not.toMatch(acting);
    expect(printable(hostile)).toContain('a\\nb');
  });

  test('as JSON reads back as what it was', () => {
    expect(JSON.parse(jsonText(hostile))).toBe(hostile);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => JSON.parse(jsonText(text)) === text));
  });
});
