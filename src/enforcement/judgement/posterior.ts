const STEPS_MAX = 300;
const SMALL = 1e-30;

/** P(share > threshold) for a Beta(alpha, beta) distribution, 0 to 1. */
export function betaAbove(threshold: number, alpha: number, beta: number): number {
  if (threshold <= 0) return 1;
  if (threshold >= 1) return 0;
  const front = Math.exp(
    lnGamma(alpha + beta) -
      lnGamma(alpha) -
      lnGamma(beta) +
      alpha * Math.log(threshold) +
      beta * Math.log(1 - threshold),
  );
  const below =
    threshold < (alpha + 1) / (alpha + beta + 2)
      ? (front * fraction(threshold, alpha, beta)) / alpha
      : 1 - (front * fraction(1 - threshold, beta, alpha)) / beta;
  return Math.min(1, Math.max(0, 1 - below));
}

/** The continued fraction of the incomplete beta function (Abramowitz and Stegun, 26.5.8), by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  let numerator = 1;
  let denominator = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = denominator;
  for (let step = 1; step <= STEPS_MAX; step++) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    denominator = 1 / away(1 + even * denominator);
    numerator = away(1 + even / numerator);
    value *= denominator * numerator;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    denominator = 1 / away(1 + odd * denominator);
    numerator = away(1 + odd / numerator);
    const change = denominator * numerator;
    value *= change;
    if (Math.abs(change - 1) < 1e-12) break;
  }
  return value;
}

function away(value: number): number {
  return Math.abs(value) < SMALL ? SMALL : value;
}

/** Stirling's series with the argument moved up to 8 and beyond: 12 digits. */
function lnGamma(value: number): number {
  let shift = 0;
  let x = value;
  for (; x < 8; x++) shift += Math.log(x);
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1_260 - square / 1_680)));
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
