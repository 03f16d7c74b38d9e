import { describe, expect, test } from 'bun:test';
import { refusedRequest, testRequest } from '../proving/summaries.ts';
import { createLogger, type LogLevel } from './logger.ts';

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 60);

function openLog(format: 'json' | 'text', level: LogLevel = 'debug', accessLevel: LogLevel = 'debug') {
  const lines: string[] = [];
  const clock = { wallMs: () => AT_MS + 0.25, monoMs: () => 0 };
  return { lines, log: createLogger({ write: (line) => lines.push(line), clock, level, accessLevel, format }) };
}

describe('the log as JSON', () => {
  test('is one object per line', () => {
    const { lines, log } = openLog('json');
    log.log('warn', 'two\nlines', {
      n: 1.5,
      yes: true,
      none: undefined,
      nan: Number.NaN,
      deep: { list: ['a\u001b[0m', null] },
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: '2026-01-02T03:04:05.060Z',
      msg: 'two\nlines',
      n: 1.5,
      yes: true,
      nan: null,
      deep: { list: ['a\u001b[0m', null] },
    });
  });

  test('redacts messages and fields, nested ones too', () => {
    const { lines, log } = openLog('json');
    log.log('info', 'for jane@example.com', { a: 'cd_live_abCD1234_secret_9fK2', b: { c: ['Bearer hunter2hunter2'] } });
    expect(lines.join('')).not.toMatch(/jane|secret|hunter2/);
  });

  test('says what a request was', () => {
    const { lines, log } = openLog('json');
    log.access(testRequest({ queueMs: 1.26 }));
    log.access(refusedRequest());
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'debug',
      msg: 'request',
      id: 'req_01KAMF0000000000000000000A',
      endpoint: 'chat.completions',
      status: 200,
      outcome: 'completed',
      reason: null,
      key: 'abcd1234',
      model: 'small',
      input_tokens: 100,
      queue_ms: 1.3,
      total_ms: 1_500,
    });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ outcome: 'refused', reason: 'invalid_key', input_tokens: null });
  });

  test('shows hostile model and app names cut, escaped and redacted', () => {
    const { lines, log } = openLog('json');
    log.access(testRequest({ modelRequested: `"}\n\u001b[31m${'m'.repeat(10_000)}`, app: 'jane@example.com' }));
    log.access(testRequest({ modelRequested: 'x/cd_live_abCD1234_secret_9fK2' }));
    expect(lines.join('')).not.toMatch(/jane|secret/);
    expect(lines[0]?.length).toBeLessThan(1_000);
    const { model } = JSON.parse(lines[0] ?? '') as { model: string };
    expect(model).toStartWith('"}\n\u001b[31mmmm');
  });

  test('writes nothing below its level', () => {
    const { lines, log } = openLog('json', 'info');
    log.access(testRequest());
    log.log('debug', 'x');
    expect(lines).toEqual([]);
    expect(log.isOn('info')).toBe(true);
    const noisy = openLog('json', 'info', 'info');
    noisy.log.access(testRequest());
    expect(noisy.lines).toHaveLength(1);
  });

  test('goes on when it cannot be written', () => {
    const clock = { wallMs: () => AT_MS, monoMs: () => 0 };
    const write = () => {
      throw new Error('EPIPE');
    };
    const log = createLogger({ write, clock, level: 'info', accessLevel: 'info', format: 'json' });
    expect(() => log.log('error', 'x')).not.toThrow();
  });
});

describe('the log for a person', () => {
  test('is one short line without anything that moves the cursor', () => {
    const { lines, log } = openLog('text');
    log.log('warn', 'odd\nname \u001b[31m', { model: 'a\nb', n: 2 });
    expect(lines[0]?.slice(8)).toBe(' WARN  odd\\nname \\u001b[31m model=a\\nb n=2\n');
    log.access(testRequest());
    expect(lines[1]).toContain(
      '200 chat.completions small completed 100+20 tokens 1500 ms (first token 250 ms) req_01KAMF',
    );
  });
});
