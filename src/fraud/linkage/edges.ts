import type { Agreement } from '../evidence.ts';
import type { Link, LinkStrength } from '../linkage.ts';
import { createAgreed } from './agreed.ts';
import { roomFor } from './columns.ts';

/** A link between two numbered accounts, before it has a number itself. */
export interface NewEdge {
  readonly a: number;
  readonly b: number;
  readonly strength: LinkStrength;
  readonly bits: number;
  readonly agreements: readonly Agreement[];
  readonly atMs: number;
  readonly expiresAtMs: number;
}

/** Why a link no longer holds. */
export interface Fall {
  readonly atMs: number;
  readonly reason: string;
}

/**
 * Links by account, in columns. Those that fell stay for whoever asks why. Agreements are kept to a tenth of a bit.
 */
export interface Edges {
  put(edge: NewEdge): number;
  read(edge: number): NewEdge & { readonly fell: Fall | null };
  /** Edges of an account, latest first; those that fell too. */
  of(account: number): readonly number[];
  holds(edge: number): boolean;
  isHard(edge: number): boolean;
  bitsOf(edge: number): number;
  otherEnd(edge: number, account: number): number;
  /** The edge that holds between two accounts; -1 for none. */
  between(a: number, b: number): number;
  fell(edge: number, fall: Fall): void;
  expiresAtMs(edge: number): number;
  readonly size: number;
}

const START = 256;
const NONE = -1;

export function createEdges(): Edges {
  const agreed = createAgreed();
  let ends = new Uint32Array(START * 2);
  /** The next edge of each end, numbered from 1; 0 ends a chain. */
  let nexts = new Uint32Array(START * 2);
  let hard = new Uint8Array(START);
  let sums = new Float64Array(START);
  let times = new Float64Array(START * 2);
  let heads = new Uint32Array(START);
  const falls = new Map<number, Fall>();
  let size = 0;

  function makeRoom(edge: number, account: number): void {
    ends = roomFor(ends, 2 * edge + 2);
    nexts = roomFor(nexts, 2 * edge + 2);
    hard = roomFor(hard, edge + 1);
    sums = roomFor(sums, edge + 1);
    times = roomFor(times, 2 * edge + 2);
    heads = roomFor(heads, account + 1);
  }

  function of(account: number): number[] {
    const found: number[] = [];
    for (let at = heads[account] ?? 0; at !== 0; at = nexts[at - 1] ?? 0) found.push((at - 1) >> 1);
    return found;
  }

  const otherEnd = (edge: number, account: number) => ends[2 * edge + Number(ends[2 * edge] === account)] ?? 0;
  const holds = (edge: number) => !falls.has(edge);
  return {
    put({ a, b, strength, bits, agreements, atMs, expiresAtMs }) {
      const edge = size++;
      makeRoom(edge, Math.max(a, b));
      hard[edge] = Number(strength === 'hard');
      sums[edge] = bits;
      times[2 * edge] = atMs;
      times[2 * edge + 1] = expiresAtMs;
      agreed.put(edge, agreements);
      for (const [nth, account] of [a, b].entries()) {
        ends[2 * edge + nth] = account;
        nexts[2 * edge + nth] = heads[account] ?? 0;
        heads[account] = 2 * edge + nth + 1;
      }
      return edge;
    },
    read: (edge) => ({
      a: ends[2 * edge] ?? 0,
      b: ends[2 * edge + 1] ?? 0,
      strength: hard[edge] === 1 ? 'hard' : 'soft',
      bits: sums[edge] ?? 0,
      agreements: agreed.at(edge),
      atMs: times[2 * edge] ?? 0,
      expiresAtMs: times[2 * edge + 1] ?? 0,
      fell: falls.get(edge) ?? null,
    }),
    of,
    holds,
    isHard: (edge) => hard[edge] === 1,
    bitsOf: (edge) => sums[edge] ?? 0,
    otherEnd,
    between: (a, b) => of(a).find((edge) => holds(edge) && otherEnd(edge, a) === b) ?? NONE,
    fell: (edge, fall) => void falls.set(edge, fall),
    expiresAtMs: (edge) => times[2 * edge + 1] ?? 0,
    get size() {
      return size;
    },
  };
}

const PREFIX = 'lnk_';
const DIGITS = 36;
const LENGTH = 10;

/** Links are numbered as they are made; the number is their name. */
function linkId(edge: number): string {
  return `${PREFIX}${edge.toString(DIGITS).padStart(LENGTH, '0')}`;
}

export function edgeOfLinkId(id: string): number {
  const digits = id.startsWith(PREFIX) ? id.slice(PREFIX.length) : '';
  return /^[0-9a-z]{10}$/.test(digits) ? Number.parseInt(digits, DIGITS) : NONE;
}

export function toLink(edge: number, edges: Pick<Edges, 'read'>, idOf: (account: number) => string): Link {
  const { a, b, ...rest } = edges.read(edge);
  return { id: linkId(edge), accounts: [idOf(a), idOf(b)], ...rest };
}
