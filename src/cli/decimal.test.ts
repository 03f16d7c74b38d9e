import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { scaleUp } from './decimal.ts';

describe('a decimal', () => {
  test.each([
    ['3.75e-08', 15, 37_500_000n],
    ['1e-05', 15, 10_000_000_000n],
    ['2.5E-6', 15, 2_500_000_000n],
    ['0.000003', 15, 3_000_000_000n],
    ['0', 15, 0n],
    ['0.0', 9, 0n],
    ['1e+0', 9, 1_000_000_000n],
    ['12', 0, 12n],
    // What a floating-point number adds or takes away is rounded up, never down.
    ['2.9999999999999997e-06', 15, 3_000_000_000n],
    ['4.0000000000000003e-08', 15, 40_000_001n],
    ['1e-30', 15, 1n],
  ])('%s times ten to the %d is %d', (text, power, nano) => {
    expect(scaleUp(text, power)).toBe(nano);
  });

  test.each(['-1', 'NaN', '', '1.', '.5', '1e', '0x10', ' 1', '1e999', '1e-99999', '9'.repeat(49), 'Infinity'])(
    '%p is none',
    (text) => {
      expect(scaleUp(text, 15)).toBeNull();
    },
  );

  test('a factor is exact, and rounded once', () => {
    expect(scaleUp('1e-15', 15, { numerator: 10_001n, denominator: 10_000n })).toBe(2n);
    expect(scaleUp('1.25e-06', 15, { numerator: 10_750n, denominator: 10_000n })).toBe(1_343_750_000n);
  });

  test('agrees with whole numbers written in any way', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.integer({ min: 0, max: 15 }), (number, shift) => {
        expect(scaleUp(`${number}e-${shift}`, shift)).toBe(number);
        const digits = number.toString().padStart(shift + 1, '0');
        const text = shift === 0 ? digits : `${digits.slice(0, -shift)}.${digits.slice(-shift)}`;
        expect(scaleUp(text, shift)).toBe(number);
      }),
    );
  });
});
