import { assert } from '../../../base/assert.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import type { EventKind } from '../contract.ts';
import type { HashSeeds } from '../counters/key-hash.ts';
import { createCounterBank } from '../engine/counter-bank.ts';
import { createRuleSet, newEnv } from '../engine/rule-set.ts';
import type { Field } from '../language/schema.ts';
import { Fault, type Value } from '../language/value.ts';
import { ESCAPED, HEAD_CELLS, type StoredField, storedFields } from './stored-columns.ts';

export interface ReplayOptions {
  readonly candidate: CompiledRule;
  /** What it is compared with. */
  readonly against: CompiledRule | null;
  readonly seeds: HashSeeds;
  readonly counterBytesMax: number;
  /** Events before it are counted, and no hits of them. */
  readonly fromMs: number;
}

/** What a rule made of one event, beside the one it is compared with. */
export interface ReplayHit {
  readonly kind: 'new' | 'lost' | 'same';
  readonly eventId: string;
  readonly accountId: string;
  readonly atMs: number;
  readonly product: string;
  readonly client: string;
  readonly priceNano: number;
}

export interface ReplayCounts {
  events: number;
  unknown: number;
  faults: number;
}

/** Rules over stored events, in the order they were shown to them; the same counters and expressions as live. */
export interface Replay {
  readonly stored: readonly StoredField[];
  readonly counts: Readonly<ReplayCounts>;
  /** `at` and `end` of a row, by which rows are ordered. */
  show(row: readonly string[]): void;
}

export function createReplay(options: ReplayOptions, onHit: (hit: ReplayHit) => void): Replay {
  const { candidate, against, seeds, fromMs } = options;
  const { kind } = candidate;
  assert(
    kind !== 'sign_up' && (against === null || against.kind === kind),
    'both are asked about the same stored events',
  );
  const rules = against === null ? [candidate] : [candidate, against];
  const set = createRuleSet(rules, createCounterBank(options.counterBytesMax), seeds);
  const { stored } = storedFields(kind, set.slotsRead(kind));
  const readers = stored.map(({ field }) => readerOf(field));
  const env = newEnv(kind);
  const counts: ReplayCounts = { events: 0, unknown: 0, faults: 0 };
  return {
    stored,
    counts,
    show(row) {
      const atMs = Math.floor(orderOf(kind, row));
      env[0] = atMs;
      for (let at = 0; at < stored.length; at++) {
        env[stored[at]?.slot ?? 0] = readers[at]?.(row[HEAD_CELLS + at] ?? '');
      }
      let now = false;
      let before = false;
      counts.events++;
      set.show(kind, env, atMs, (rule, outcome) => {
        const isHit = outcome === true || (outcome === 'unknown' && rule.document.on_unknown !== 'skip');
        if (rule === against) before = isHit;
        else {
          now = isHit;
          if (atMs >= fromMs && outcome === 'unknown') counts.unknown++;
          if (outcome instanceof Fault) counts.faults++;
        }
      });
      if ((now || before) && atMs >= fromMs) onHit(toHit(row, atMs, now && before ? 'same' : now ? 'new' : 'lost'));
    },
  };
}

/** By what rows are ordered: arrival, or the end, of an event. */
export function orderOf(kind: EventKind, row: readonly string[]): number {
  const atMs = Number(row[1]);
  return kind === 'request' ? atMs : atMs + Number(row[2]);
}

function toHit(row: readonly string[], atMs: number, kind: ReplayHit['kind']): ReplayHit {
  const [eventId = '', , , accountId = '', product = '', client = '', price = '0'] = row;
  return { kind, eventId, accountId, atMs, product, client, priceNano: Number(price) };
}

const NANO = 1e9;
const EMPTY: readonly string[] = [];

/** A cell as the value of its field; an empty one is nothing. */
function readerOf({ name, type }: Field): (cell: string) => Value {
  if (name === 'price_usd') return (cell) => Number(cell) / NANO;
  if (name === 'labels') return (cell) => (cell === '' ? EMPTY : cell.split(' '));
  if (type === 'int') return (cell) => (cell === '' ? null : Number(cell));
  if (type === 'duration') return (cell) => Math.floor(Number(cell));
  if (type === 'bool') return (cell) => cell === 'true';
  return ESCAPED.has(name) ? readEscaped : readText;
}

function readText(cell: string): Value {
  if (cell === '') return null;
  return cell === '""' ? '' : cell;
}

function readEscaped(cell: string): Value {
  return cell.includes('%') ? decodeURIComponent(cell) : readText(cell);
}
