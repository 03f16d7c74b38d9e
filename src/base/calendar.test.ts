import { expect, test } from 'bun:test';
import { dayOf, parseMonth, parseTime } from './calendar.ts';

test('a month runs from its first moment in UTC to that of the next', () => {
  expect(parseMonth('2026-12')).toEqual({
    ok: true,
    value: { name: '2026-12', fromMs: Date.UTC(2026, 11, 1), toMs: Date.UTC(2027, 0, 1) },
  });
  for (const text of ['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', '', '2026/01']) {
    expect(parseMonth(text).ok, text).toBe(false);
  }
});

test('a time is a day or says its zone', () => {
  expect(parseTime('2026-11-22')).toEqual({ ok: true, value: Date.UTC(2026, 10, 22) });
  expect(parseTime('2026-11-22T01:30:00+01:00')).toEqual({ ok: true, value: Date.UTC(2026, 10, 22, 0, 30) });
  expect(parseTime('2026-11-22T01:30:05.25Z')).toEqual({ ok: true, value: Date.UTC(2026, 10, 22, 1, 30, 5, 250) });
  for (const text of [
    '2026-02-30',
    '2026-11-22T01:30:00',
    '22.11.2026',
    '1732233600',
    '2026-11-31',
    '2026-02-30T00:00Z',
    '',
  ]) {
    expect(parseTime(text).ok, text).toBe(false);
  }
  expect(dayOf(Date.UTC(2026, 10, 22, 23, 59))).toBe('2026-11-22');
});
