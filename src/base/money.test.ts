import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { divideDown, divideUp, formatUsd, fromSqlText, NANO_MAX, parseUsd, toSqlInteger } from './money.ts';

const amount = fc.bigInt({ min: -NANO_MAX, max: NANO_MAX });

describe('dollars as text', () => {
  test.each([
    ['20', 20_000_000_000n],
    ['0.01', 10_000_000n],
    ['-3.5', -3_500_000_000n],
    ['0.000000001', 1n],
    ['9000000000', NANO_MAX],
  ])('%s is read exactly', (text, nano) => {
    expect(parseUsd(text)).toEqual({ ok: true, value: nano });
  });

  test.each(['', '1e3', '1,000', '.5', '5.', '0.0000000001', '+1', 'NaN', '$5', '9000000000.000000001', '１'])(
    '"%s" is refused',
    (text) => {
      expect(parseUsd(text).ok).toBe(false);
    },
  );

  test('what is written is read back', () => {
    fc.assert(
      fc.property(amount, (nano) => {
        expect(parseUsd(formatUsd(nano))).toEqual({ ok: true, value: nano });
      }),
    );
  });

  test('cents are always shown', () => {
    expect([formatUsd(0n), formatUsd(-3_500_000_000n), formatUsd(1n)]).toEqual(['0.00', '-3.50', '0.000000001']);
  });
});

test('amounts reach SQL and come back unchanged', () => {
  fc.assert(
    fc.property(amount, (nano) => {
      expect(fromSqlText(toSqlInteger(nano).toString())).toBe(nano);
    }),
  );
  expect(() => fromSqlText(12)).toThrow();
});

test('division rounds the way it says, on both sides of zero', () => {
  fc.assert(
    fc.property(amount, fc.bigInt({ min: 1n, max: 1_000_000_000n }), (numerator, denominator) => {
      const up = divideUp(numerator, denominator);
      const down = divideDown(numerator, denominator);
      expect(down * denominator <= numerator && numerator <= up * denominator).toBe(true);
      expect(up - down).toBe(numerator % denominator === 0n ? 0n : 1n);
    }),
  );
});
