import { describe, expect, test } from 'bun:test';
import { REFUSALS, type RefusalReason, refusal, refusalMessage } from './refusal.ts';

const reasons = Object.keys(REFUSALS) as RefusalReason[];

function namesIn(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();
}

describe('every refusal', () => {
  for (const reason of reasons) {
    const kind = REFUSALS[reason];
    test(`${reason} says the same in both languages`, () => {
      expect(namesIn(kind.zh)).toEqual(namesIn(kind.en));
      expect(kind.en).toMatch(/^[A-Z"].*[.}]$/);
      expect(kind.zh).toMatch(/\p{Script=Han}/u);
      expect(kind.en).not.toMatch(/\p{Script=Han}/u);
    });

    test(`${reason} has a status, a type and advice that agree`, () => {
      expect(kind.status).toBeGreaterThanOrEqual(400);
      expect(kind.status).toBeLessThan(600);
      expect(kind.code).toMatch(/^[a-z_]+$/);
      const types: Record<number, string> = {
        401: 'authentication_error',
        402: 'insufficient_quota',
        403: 'permission_error',
        429: 'rate_limit_error',
      };
      const expected = types[kind.status] ?? (kind.status >= 500 ? 'server_error' : 'invalid_request_error');
      expect<string>(kind.type).toBe(expected);
      if (kind.status < 500 && kind.status !== 429) expect(kind.retry as string).toBe('no');
    });
  }

  test('has a code of its own, but for those that share a code clients know', () => {
    const codes = reasons.map((reason) => REFUSALS[reason].code);
    const shared = codes.filter((code, position) => codes.indexOf(code) !== position);
    expect(shared).toEqual(['insufficient_quota', 'rate_limit_exceeded']);
  });
});

describe('refusalMessage', () => {
  test('fills in the details, in either language', () => {
    const refused = refusal('request_rate', { who: 'key', who_zh: '密钥', limit: 60, seconds: 3 });
    expect(refusalMessage(refused, 'en')).toBe('Too many requests: this key may send 60 a minute. Try again in 3 s.');
    expect(refusalMessage(refused, 'zh')).toBe('请求过多：此密钥每分钟最多 60 次。请在 3 秒后重试。');
  });

  test('names the field that was wrong', () => {
    const refused = refusal('missing_field', {}, { param: 'messages[0].role' });
    expect(refusalMessage(refused, 'en')).toBe('"messages[0].role" is required.');
  });

  test('does not read a detail as a pattern or fill in what a detail says', () => {
    const refused = refusal('model_not_found', { model: "$& {model} $'" });
    expect(refusalMessage(refused, 'en')).toStartWith('There is no model "$& {model} $\'" here.');
  });
});
