import { describe, expect, test } from 'bun:test';
import { addLimitHeaders, refusalAnswer, streamAnswer, wholeAnswer } from './answer.ts';
import { refusal } from './refusal.ts';

function headersOf(retryAfterMs?: number): Headers {
  const refused = refusal('overloaded', {}, retryAfterMs === undefined ? {} : { retryAfterMs });
  return refusalAnswer({}, refused, {}).headers;
}

describe('refusalAnswer', () => {
  test('never tells a caller to come back too early', () => {
    for (const [ms, seconds] of [
      [1, '1'],
      [999.2, '1'],
      [1_000, '1'],
      [1_000.4, '2'],
      [59_001, '60'],
    ] as const) {
      const headers = headersOf(ms);
      expect(headers.get('retry-after')).toBe(seconds);
      expect(Number(headers.get('retry-after-ms'))).toBeGreaterThanOrEqual(ms);
    }
  });

  test('says no time where none is known or none will come', () => {
    for (const ms of [undefined, Number.POSITIVE_INFINITY]) {
      expect(headersOf(ms).get('retry-after')).toBe(null);
      expect(headersOf(ms).get('retry-after-ms')).toBe(null);
    }
  });

  test('forbids a retry only where it cannot help', () => {
    expect(headersOf(1).get('x-should-retry')).toBe(null);
    expect(refusalAnswer({}, refusal('invalid_key'), {}).headers.get('x-should-retry')).toBe('false');
  });

  test('has the status of its reason, its body as JSON, and the methods allowed', async () => {
    const refused = refusal('method_not_allowed', {}, { allow: 'POST' });
    const answer = refusalAnswer({ error: { code: 'x' } }, refused, { 'x-request-id': 'req_1' });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('x-request-id')]).toEqual([
      405,
      'POST',
      'req_1',
    ]);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ error: { code: 'x' } });
  });

  test('closes the connection of a body that is not waited for, and no other', () => {
    for (const reason of ['body_timeout', 'body_too_large'] as const) {
      expect(refusalAnswer({}, refusal(reason), {}).headers.get('connection')).toBe('close');
    }
    expect(headersOf(1).get('connection')).toBe(null);
  });

  test('can be sent even for a caller that has gone', () => {
    expect(refusalAnswer({}, refusal('client_gone'), {}).status).toBe(499);
  });
});

test('limit headers hold what is left, and durations as Go reads them', () => {
  const headers: Record<string, string> = {};
  addLimitHeaders(headers, { requests: { limit: 60, remaining: 59, resetMs: 1_000.2 }, tokens: null });
  expect(headers).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1001ms',
  });
  addLimitHeaders(headers, { requests: null, tokens: { limit: 9, remaining: 0, resetMs: 0 } });
  expect(headers['x-ratelimit-reset-tokens']).toMatch(/^\d+(\.\d+)?(ms|s|m|h)$/);
});

test('streams are never cached or held back on the way', async () => {
  const answer = streamAnswer(new Response('data: x\n\n').body ?? new ReadableStream(), {});
  expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
  expect(answer.headers.get('cache-control')).toContain('no-transform');
  expect(answer.headers.get('x-accel-buffering')).toBe('no');
  expect(wholeAnswer({}, {}).status).toBe(200);
});
