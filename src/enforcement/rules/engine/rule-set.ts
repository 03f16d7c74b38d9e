import { assert } from '../../../base/assert.ts';
import { EVENT_KINDS, type EventKind, COUNTERS_PER_RULE_MAX, LISTS_PER_RULE_MAX } from '../contract.ts';
import { type CompiledCounter, type CompiledRule, shown } from '../compile/compiled-rule.ts';
import type { Counter } from '../counters/counter.ts';
import { type HashSeeds, type KeyHash, mixText } from '../counters/key-hash.ts';
import { FIELDS } from '../events/facts.ts';
import type { Outcome } from '../language/language.ts';
import type { Env } from '../language/schema.ts';
import { Fault, type Value } from '../language/value.ts';
import type { CounterBank } from './counter-bank.ts';

/** Fields of which the values together are a key, as slots of one kind of event; worked out once for each event. */
interface Keying {
  readonly slots: readonly number[];
  readonly hash: KeyHash;
  known: boolean;
}

interface Adding {
  readonly counter: Counter;
  readonly keying: Keying;
  readonly where: CompiledCounter['where'];
  /** Of what is added up; -1: nothing is. */
  readonly sumSlot: number;
  /** What is told apart; null: nothing is. */
  readonly value: Keying | null;
}

interface Reading {
  readonly counter: Counter;
  readonly keying: Keying;
}

interface Asked {
  readonly rule: CompiledRule;
  /** Of each of its counters, the number of its reading. */
  readonly readings: readonly number[];
}

interface Plan {
  readonly keyings: readonly Keying[];
  readonly addings: readonly Adding[];
  readonly readings: readonly Reading[];
  readonly counts: Value[];
  readonly rules: readonly Asked[];
  readonly firstSlot: number;
}

/** Told of every rule of the kind that an event was shown to, in the order of their names. */
export type Visit = (rule: CompiledRule, outcome: Outcome, env: Env) => void;

/** Rules that are asked, by kind of event, with their counters. Never changes: a change makes another one. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  /** Counts the event where counters are about it, then asks the rules. `env` has the fields of the kind in its first slots. */
  show(kind: EventKind, env: Env, atMs: number, visit: Visit): void;
  /** Whether anything looks at this kind of event. */
  looksAt(kind: EventKind): boolean;
  /** Slots of the fields anything reads of this kind: the others need not be filled. */
  slotsRead(kind: EventKind): ReadonlySet<number>;
}

export function newEnv(kind: EventKind): Env {
  return Array.from<Value>({ length: FIELDS[kind].length + COUNTERS_PER_RULE_MAX + LISTS_PER_RULE_MAX });
}

export function createRuleSet(rules: readonly CompiledRule[], bank: CounterBank, seeds: HashSeeds): RuleSet {
  const plans = Object.fromEntries(EVENT_KINDS.map((kind) => [kind, planOf(kind, rules, bank)])) as Record<
    EventKind,
    Plan
  >;
  return {
    rules,
    looksAt: (kind) => plans[kind].rules.length > 0 || plans[kind].addings.length > 0,
    slotsRead: (kind) => slotsOf(kind, plans[kind]),
    show(kind, env, atMs, visit) {
      const plan = plans[kind];
      for (const keying of plan.keyings) fillKey(keying, env, seeds);
      for (const adding of plan.addings) add(adding, env, atMs);
      for (let at = 0; at < plan.readings.length; at++) {
        const reading = plan.readings[at];
        if (reading === undefined) continue;
        const { counter, keying } = reading;
        plan.counts[at] = keying.known ? counter.read(keying.hash.low, keying.hash.high, atMs) : undefined;
      }
      for (const asked of plan.rules) {
        placeInputs(asked, plan, env, atMs);
        visit(asked.rule, evaluate(asked.rule, env), env);
      }
    },
  };
}

/** The language promises not to throw; if it does all the same, that is a fault of the rule and of nothing else. */
function evaluate({ condition }: CompiledRule, env: Env): Outcome {
  try {
    return condition.evaluate(env);
  } catch {
    return new Fault('bug', 'the expression broke down');
  }
}

/** Puts the counters and lists of a rule where it looks for them. */
function placeInputs({ rule, readings }: Asked, plan: Plan, env: Env, atMs: number): void {
  let slot = plan.firstSlot;
  for (const reading of readings) env[slot++] = plan.counts[reading];
  for (const list of rule.lists) env[slot++] = list.asOf(atMs);
}

function fillKey(keying: Keying, env: Env, seeds: HashSeeds): void {
  const { hash, slots } = keying;
  hash.low = seeds[0] | 0;
  hash.high = seeds[1] | 0;
  keying.known = true;
  for (const slot of slots) {
    const value = env[slot];
    if (value === undefined || value === null) {
      keying.known = false;
      return;
    }
    mixText(hash, shown(value));
  }
}

function add({ counter, keying, where, sumSlot, value }: Adding, env: Env, atMs: number): void {
  if (!keying.known || value?.known === false) return;
  if (where !== null && where.evaluate(env) !== true) return;
  const { low, high } = keying.hash;
  if (value !== null) counter.add(low, high, atMs, (value.hash.low ^ Math.imul(value.hash.high, 0x9e3779b1)) >>> 0);
  else if (sumSlot === -1) counter.add(low, high, atMs, 0);
  else if (typeof env[sumSlot] === 'number') counter.add(low, high, atMs, env[sumSlot]);
}

function planOf(kind: EventKind, rules: readonly CompiledRule[], bank: CounterBank): Plan {
  const keyings = new Map<string, Keying>();
  const addings = new Map<string, Adding>();
  const readings = new Map<string, { readonly number: number; readonly reading: Reading }>();
  const keyingOf = (by: readonly string[]): Keying => {
    const slots = by.map((name) => slotOf(kind, name));
    const found = keyings.get(slots.join(' ')) ?? { slots, hash: { low: 0, high: 0 }, known: false };
    keyings.set(slots.join(' '), found);
    return found;
  };
  for (const { id, declaration, where } of rules.flatMap(({ counters }) => counters)) {
    if (declaration.of !== kind || addings.has(id)) continue;
    const sumSlot = declaration.kind === 'sum' ? slotOf(kind, declaration.field) : -1;
    const value = declaration.kind === 'distinct' ? keyingOf([declaration.field]) : null;
    addings.set(id, { counter: bank.of(id, declaration), keying: keyingOf(declaration.by), where, sumSlot, value });
  }
  const asked = rules
    .filter((rule) => rule.kind === kind)
    .map((rule): Asked => {
      const numbers = rule.counters.map(({ id, declaration }) => {
        const reading = { counter: bank.of(id, declaration), keying: keyingOf(declaration.by) };
        const found = readings.get(id) ?? { number: readings.size, reading };
        readings.set(id, found);
        return found.number;
      });
      return { rule, readings: numbers };
    });
  return {
    keyings: [...keyings.values()],
    addings: [...addings.values()],
    readings: [...readings.values()].map(({ reading }) => reading),
    counts: [],
    rules: asked,
    firstSlot: FIELDS[kind].length,
  };
}

function slotsOf(kind: EventKind, { keyings, addings, rules }: Plan): ReadonlySet<number> {
  const names = new Map(FIELDS[kind].map(({ name }, slot) => [name, slot]));
  const read = [...rules.map(({ rule }) => rule.condition), ...addings.map(({ where }) => where)]
    .flatMap((condition) => condition?.fields ?? [])
    .map((name) => names.get(name) ?? -1);
  const counted = [...keyings.flatMap(({ slots }) => slots), ...addings.map(({ sumSlot }) => sumSlot)];
  return new Set([...read, ...counted].filter((slot) => slot !== -1));
}

function slotOf(kind: EventKind, name: string): number {
  const slot = FIELDS[kind].findIndex((field) => field.name === name);
  assert(slot !== -1, `${kind} has no field ${name}`);
  return slot;
}
