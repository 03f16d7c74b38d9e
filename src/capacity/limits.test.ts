import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createLimits, type LimitSubject } from './limits.ts';

function world() {
  let now = 1_000;
  const limits = createLimits({ wallMs: () => now, monoMs: () => now });
  return { limits, advance: (ms: number) => (now += ms) };
}

const key = (limits: LimitSubject['limits']): LimitSubject => ({ kind: 'key', id: 'k', limits });
const model = (limits: LimitSubject['limits']): LimitSubject => ({ kind: 'model', id: 'm', limits });

test('concurrency counts until release, once', () => {
  const { limits } = world();
  const subjects = [key({ concurrency: 1 })];
  const first = limits.admit(subjects, 10);
  expect(first.ok).toBe(true);
  const second = limits.admit(subjects, 10);
  expect(second).toEqual({ ok: false, refusal: { limit: 'concurrency', subject: 'key', max: 1, retryAfterMs: 1_000 } });
  if (!first.ok) return;
  first.value.release();
  first.value.release();
  expect(limits.inFlight('key', 'k')).toBe(0);
  expect(limits.admit(subjects, 10).ok).toBe(true);
});

test('a refused caller is asked back when a place should come free', () => {
  const { limits, advance } = world();
  const subjects = [key({ concurrency: 2 })];
  const first = limits.admit(subjects, 1);
  advance(3_000);
  if (first.ok) first.value.release();
  limits.admit(subjects, 1);
  limits.admit(subjects, 1);
  const refused = limits.admit(subjects, 1);
  expect(refused.ok ? 0 : refused.refusal.retryAfterMs).toBe(1_500);
});

test('a refusal by one subject takes nothing from the others', () => {
  const { limits } = world();
  const generous = key({ requestsPerMinute: 100, tokensPerMinute: 1_000 });
  expect(limits.admit([generous, model({ tokensPerMinute: 5 })], 10).ok).toBe(false);
  const granted = limits.admit([generous], 0);
  expect(granted.ok && granted.value.state().requests?.remaining).toBe(99);
  expect(granted.ok && granted.value.state().tokens?.remaining).toBe(1_000);
});

test('waiting exactly as long as the refusal says is enough', () => {
  const { limits, advance } = world();
  const subjects = [key({ requestsPerMinute: 3 })];
  for (let n = 0; n < 3; n++) expect(limits.admit(subjects, 0).ok).toBe(true);
  const refused = limits.admit(subjects, 0);
  const wait = refused.ok ? 0 : refused.refusal.retryAfterMs;
  expect(wait).toBe(20_000);
  advance(19_999);
  expect(limits.admit(subjects, 0).ok).toBe(false);
  advance(1);
  expect(limits.admit(subjects, 0).ok).toBe(true);
});

test('settling replaces the reservation by real use, and overuse becomes debt', () => {
  const { limits } = world();
  const subjects = [key({ tokensPerMinute: 1_000 })];
  const light = limits.admit(subjects, 800);
  if (!light.ok) throw new Error('refused');
  light.value.settle(100);
  expect(light.value.state().tokens?.remaining).toBe(900);
  const heavy = limits.admit(subjects, 900);
  if (!heavy.ok) throw new Error('refused');
  heavy.value.extend(256);
  heavy.value.settle(1_200);
  const next = limits.admit(subjects, 1);
  expect(next.ok ? 0 : next.refusal.retryAfterMs).toBeCloseTo(18_060, 0);
});

test('a request larger than the limit is told that waiting cannot help', () => {
  const { limits } = world();
  const refused = limits.admit([key({ tokensPerMinute: 100 })], 101);
  expect(refused.ok ? null : refused.refusal.retryAfterMs).toBe(Number.POSITIVE_INFINITY);
});

test('in flight never exceeds the limit and returns to zero, whatever the order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.boolean(), { maxLength: 100 }), (concurrency, steps) => {
      const { limits } = world();
      const subjects = [key({ concurrency }), model({})];
      const permits: { release(): void }[] = [];
      for (const start of steps) {
        if (start) {
          const granted = limits.admit(subjects, 1);
          expect(granted.ok).toBe(permits.length < concurrency);
          if (granted.ok) permits.push(granted.value);
        } else permits.pop()?.release();
        expect(limits.inFlight('key', 'k')).toBe(permits.length);
      }
      for (const permit of permits) permit.release();
      expect(limits.inFlight('model', 'm')).toBe(0);
    }),
  );
});

test('looking at what is left takes nothing, of whoever was never seen either', () => {
  const { limits, advance } = world();
  const subject = key({ requestsPerMinute: 60, tokensPerMinute: 600 });
  const whole = {
    requests: { limit: 60, remaining: 60, resetMs: 0 },
    tokens: { limit: 600, remaining: 600, resetMs: 0 },
  };
  expect(limits.stateOf(subject)).toEqual(whole);
  limits.admit([subject], 300);
  for (let looks = 0; looks < 3; looks++) {
    expect(limits.stateOf(subject)).toMatchObject({ requests: { remaining: 59 }, tokens: { remaining: 300 } });
  }
  advance(30_000);
  expect(limits.stateOf(subject)).toEqual(whole);
  expect(limits.stateOf(key({}))).toEqual({ requests: null, tokens: null });
});
