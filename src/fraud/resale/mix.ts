/** How often each thing occurred. */
export type Mix = ReadonlyMap<string, number>;

/** Shannon entropy in bits. */
export function entropy(mix: Mix): number {
  const all = totalOf(mix);
  let bits = 0;
  for (const count of mix.values()) if (count > 0) bits -= (count / all) * Math.log2(count / all);
  return bits;
}

/** The Jensen-Shannon distance of two mixes, 0 for the same shares to 1 for nothing in common (Endres and Schindelin, 2003). */
export function distance(a: Mix, b: Mix): number {
  const [allA, allB] = [totalOf(a), totalOf(b)];
  if (allA === 0 || allB === 0) return 0;
  let divergence = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [p, q] = [(a.get(name) ?? 0) / allA, (b.get(name) ?? 0) / allB];
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p / 2) * Math.log2(p / middle);
    if (q > 0) divergence += (q / 2) * Math.log2(q / middle);
  }
  return Math.sqrt(Math.max(0, divergence));
}

function totalOf(mix: Mix): number {
  let all = 0;
  for (const count of mix.values()) all += count;
  return all;
}
