/** Random numbers that a seed repeats, and the distributions that population files name. */

/** One stream of numbers; a stream forked under another label is independent of how often this one is asked. */
export interface Draw {
  /** In [0, 1). */
  unit(): number;
  /** A whole number from 0 below `count`. */
  below(count: number): number;
  chance(probability: number): boolean;
  /** One of them, each as likely. */
  pick<Item>(items: readonly Item[]): Item;
  /** One of the names, as likely as its weight. */
  weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name;
  hex(characters: number): string;
  fork(label: string): Draw;
}

/** How a number of a population file is drawn; see docs/simulation.md. */
export type Distribution =
  | number
  | { readonly lognormal: { readonly median: number; readonly sigma: number; readonly max?: number | undefined } }
  | { readonly uniform: readonly [number, number] }
  | { readonly log_uniform: readonly [number, number] }
  | { readonly exponential: { readonly mean: number; readonly max?: number | undefined } }
  | { readonly choice: readonly (readonly [value: number, weight: number])[] };

/** The generator sfc32 (Doty-Humphrey, PractRand), seeded with four FNV-1a hashes of the label. */
export function createDraw(seed: string): Draw {
  let [a, b, c, counter] = [1, 2, 3, 4].map((salt) => hashOf(seed, salt)) as [number, number, number, number];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const unit = (): number => next() / 4_294_967_296;
  const below = (count: number): number => Math.floor(unit() * count);
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    weighted: (weights) => weightedOf(weights, unit()),
    hex: (characters) => {
      let text = '';
      while (text.length < characters) text += next().toString(16).padStart(8, '0');
      return text.slice(0, characters);
    },
    fork: (label) => createDraw(`${seed}/${label}`),
  };
}

function weightedOf<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>, at: number): Name {
  const entries = Object.entries(weights) as [Name, number][];
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('there is no weight to draw by');
  return last[0];
}

export function drawFrom(distribution: Distribution, draw: Draw): number {
  if (typeof distribution === 'number') return distribution;
  if ('lognormal' in distribution) {
    const { median, sigma, max = Number.POSITIVE_INFINITY } = distribution.lognormal;
    return Math.min(max, median * Math.exp(sigma * normal(draw)));
  }
  if ('uniform' in distribution) {
    const [from, to] = distribution.uniform;
    return from + (to - from) * draw.unit();
  }
  if ('log_uniform' in distribution) {
    const [from, to] = distribution.log_uniform;
    return from * (to / from) ** draw.unit();
  }
  if ('exponential' in distribution) {
    const { mean, max = Number.POSITIVE_INFINITY } = distribution.exponential;
    return Math.min(max, -mean * Math.log(1 - draw.unit()));
  }
  return choiceOf(distribution.choice, draw.unit());
}

export function drawWhole(distribution: Distribution, draw: Draw): number {
  return Math.round(drawFrom(distribution, draw));
}

function choiceOf(choices: readonly (readonly [number, number])[], at: number): number {
  let left = at * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return choices.at(-1)?.[0] ?? 0;
}

/** Box and Muller's transform, one of the two. */
function normal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw.unit())) * Math.cos(2 * Math.PI * draw.unit());
}

function hashOf(text: string, salt: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b9)) >>> 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) | 0;
}
