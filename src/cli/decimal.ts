/** Digits and exponents beyond this are no price, and only make work. */
const CHARS_MAX = 48;
const EXPONENT_MAX = 60;

/**
 * A number as JSON writes it (`3.75e-08`), times a power of ten and `numerator / denominator`, as the smallest integer at
 * or above it. Exact: nothing passes through a floating-point number. Null when the text is no such number from 0 up.
 */
export function scaleUp(
  text: string,
  powerOfTen: number,
  factor: { readonly numerator: bigint; readonly denominator: bigint } = { numerator: 1n, denominator: 1n },
): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null || text.length > CHARS_MAX) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const power = powerOfTen + Number(exponent) - fraction.length;
  if (Math.abs(power) > EXPONENT_MAX) return null;
  const digits = BigInt(whole + fraction) * factor.numerator;
  const numerator = power >= 0 ? digits * 10n ** BigInt(power) : digits;
  const denominator = factor.denominator * (power >= 0 ? 1n : 10n ** BigInt(-power));
  return (numerator + denominator - 1n) / denominator;
}
