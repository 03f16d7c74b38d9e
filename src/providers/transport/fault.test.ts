import { describe, expect, test } from 'bun:test';
import type { Clock } from '../../base/clock.ts';
import { ProviderFault } from '../provider.ts';
import { errorDetail } from './error-body.ts';
import { fitForCaller, forCaller, statusFault } from './fault.ts';
import { jsonHeaders, secretsOf } from './headers.ts';
import { allowedUnknown } from './pass-fields.ts';
import { durationMs, retryAfterOf } from './retry-after.ts';
import { versionedUrl } from './urls.ts';

const CLOCK: Clock = { wallMs: () => Date.UTC(2026, 0, 1), monoMs: () => 0 };

describe('retry-after', () => {
  function of(headers: Record<string, string>): number | undefined {
    return retryAfterOf(new Headers(headers), CLOCK);
  }

  test('reads milliseconds, seconds and dates', () => {
    expect(of({ 'retry-after-ms': '1500', 'retry-after': '9' })).toBe(1500);
    expect(of({ 'retry-after': '9' })).toBe(9000);
    expect(of({ 'retry-after': '0.5' })).toBe(500);
    expect(of({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' })).toBe(60_000);
    expect(durationMs('34.5s')).toBe(34_500);
  });

  test('bounds what it believes and says nothing about nonsense', () => {
    expect(of({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' })).toBe(0);
    expect(of({ 'retry-after': '999999999' })).toBe(24 * 60 * 60 * 1000);
    for (const value of ['soon', '-5', '1e9', 'NaN', '']) expect(of({ 'retry-after': value })).toBeUndefined();
    expect(of({})).toBeUndefined();
    expect(durationMs('34')).toBeUndefined();
  });
});

describe('error bodies', () => {
  test('are read in the shapes servers send', () => {
    expect(errorDetail({ error: { message: 'm', param: 'p', code: 'c' } })).toMatchObject({
      message: 'm',
      param: 'p',
      code: 'c',
    });
    expect(errorDetail({ error: 'plain' }).message).toBe('plain');
    expect(errorDetail([{ error: { message: 'listed', code: 400 } }])).toMatchObject({
      message: 'listed',
      status: 400,
    });
    expect(errorDetail({ detail: [{ msg: 'a' }, { msg: 'b' }] }).message).toBe('a; b');
    expect(errorDetail({ detail: 'd' }).message).toBe('d');
    expect(errorDetail({ message: 'top', code: 422 })).toMatchObject({ message: 'top', status: 422 });
    expect(errorDetail('text').message).toBeUndefined();
    expect(errorDetail(undefined).credential).toBe(false);
  });

  test('tell a wrong key and an empty balance whatever the status', () => {
    const google = { error: { code: 400, details: [{ reason: 'API_KEY_INVALID' }] } };
    const anthropic = {
      error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API' },
    };
    const openAi = { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } };
    for (const [status, body] of [
      [400, google],
      [400, anthropic],
      [429, openAi],
    ] as const) {
      const fault = statusFault(status, undefined, errorDetail(body));
      expect(fault.kind).toBe('credential');
      expect(fault.upstreamMessage).toBeUndefined();
    }
  });

  test('carry how long to wait', () => {
    const body = { error: { code: 429, details: [{ '@type': 'RetryInfo', retryDelay: '3s' }] } };
    expect(statusFault(429, undefined, errorDetail(body)).retryAfterMs).toBe(3000);
    expect(statusFault(429, 100, errorDetail(body)).retryAfterMs).toBe(100);
  });
});

describe('what a caller is shown of an upstream', () => {
  test('holds no credential, no control characters, and is short', () => {
    const text = forCaller('bad\u0000 key hunter2-secret, sk-abc*****wxyz, Bearer abc.def, AIzaSyA1234567890', [
      'hunter2-secret',
    ]);
    expect(text).toBe('bad  key [removed], [removed], [removed] [removed]');
    expect(forCaller('x'.repeat(10_000), [])).toHaveLength(500);
  });

  test('holds no part of a secret that stands where the words are cut', () => {
    const secret = 'hunter2-secret-of-some-length';
    for (const text of [`${secret} `.repeat(200), `${'x'.repeat(490)} ${secret}`, `${'x'.repeat(1_990)} ${secret}`]) {
      expect(forCaller(text, [secret])).not.toContain('hunter2');
    }
  });

  test('is the same for the field an upstream names, and keeps the rest of the fault', () => {
    const cause = new Error('below');
    const detail = {
      status: 422,
      retryAfterMs: 5,
      upstreamMessage: 'no hunter2-secret',
      param: '\nhunter2-secret',
      cause,
    };
    expect(fitForCaller(new ProviderFault('rejected', 'why', detail), ['hunter2-secret'])).toMatchObject({
      ...detail,
      kind: 'rejected',
      message: 'why',
      upstreamMessage: 'no [removed]',
      param: ' [removed]',
    });
  });

  test('a secret is removed wherever it was configured', () => {
    const config = { apiKey: 'key-12345678', headers: { 'X-Team': 'blue', Authorization: 'Basic dXNlcjpwYXNz' } };
    expect(secretsOf(config)).toEqual(['key-12345678', 'Basic dXNlcjpwYXNz']);
    expect(jsonHeaders(config, { authorization: 'Bearer x' })).toEqual({
      'content-type': 'application/json',
      authorization: 'Basic dXNlcjpwYXNz',
      'x-team': 'blue',
      'accept-encoding': 'identity',
    });
  });
});

test('unknown fields pass by name, or all of them', () => {
  const fields = { a: 1, b: 2 };
  expect(allowedUnknown(fields, new Set(['b', 'toString']))).toEqual({ b: 2 });
  expect(allowedUnknown(fields, new Set())).toEqual({});
  expect(allowedUnknown(fields, '*')).toEqual(fields);
});

test('an address gets the version it does not name', () => {
  expect(versionedUrl('https://x', 'v1', 'messages')).toBe('https://x/v1/messages');
  expect(versionedUrl('https://x/v1/', 'v1', 'messages')).toBe('https://x/v1/messages');
  expect(versionedUrl('https://x/api/v1alpha', 'v1beta', 'm:g')).toBe('https://x/api/v1alpha/m:g');
});
