/** How well two readings of the same cases agree, beyond what chance would do. */

export interface Kappa {
  readonly n: number;
  readonly agreed: number | null;
  readonly kappa: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const Z = 1.96;

/**
 * Cohen's kappa (Educational and Psychological Measurement 20, 1960) of pairs of readings. Its 95 % interval is Wilson's of
 * the share that agreed, with the agreement by chance held fixed: three of three that agree are no certainty. Null where
 * everybody always says the same, for then chance explains all of it.
 */
export function kappaOf(pairs: readonly (readonly [first: string, second: string])[]): Kappa {
  const n = pairs.length;
  if (n === 0) return { n, agreed: null, kappa: null, low: null, high: null };
  const agreed = pairs.filter(([first, second]) => first === second).length / n;
  const firsts = countsOf(pairs.map(([first]) => first));
  const seconds = countsOf(pairs.map(([, second]) => second));
  let byChance = 0;
  for (const [outcome, count] of firsts) byChance += (count / n) * ((seconds.get(outcome) ?? 0) / n);
  if (byChance >= 1) return { n, agreed, kappa: null, low: null, high: null };
  const beyond = (share: number) => Math.max(-1, (share - byChance) / (1 - byChance));
  const [low, high] = wilson(agreed, n);
  return { n, agreed, kappa: beyond(agreed), low: beyond(low), high: beyond(high) };
}

function countsOf(outcomes: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}

/** Wilson's score interval of a share. */
function wilson(share: number, n: number): readonly [low: number, high: number] {
  const middle = share + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const whole = 1 + (Z * Z) / n;
  return [(middle - half) / whole, (middle + half) / whole];
}
