import type { CheckView, RuleDocument } from '../contract.ts';
import { newEnv } from '../engine/rule-set.ts';
import { FIELDS } from '../events/facts.ts';
import { Fault, type Value } from '../language/value.ts';
import { type CompiledRule, shown } from './compiled-rule.ts';

type FixtureResult = CheckView['fixtures'][number];

/** What the tests a rule carries come to, one after the other. */
export function runFixtures(rule: CompiledRule): FixtureResult[] {
  return rule.document.tests.map((fixture) => runFixture(rule, fixture));
}

function runFixture(rule: CompiledRule, { name, event, expect }: RuleDocument['tests'][number]): FixtureResult {
  const slots = new Map<string, number>();
  for (const [slot, field] of FIELDS[rule.kind].entries()) slots.set(field.name, slot);
  const firstSlot = FIELDS[rule.kind].length;
  const counters = Object.keys(rule.document.counters);
  for (const [at, counter] of counters.entries()) slots.set(`count.${counter}`, firstSlot + at);
  const env = newEnv(rule.kind);
  for (const [field, given] of Object.entries(event)) {
    const slot = slots.get(field);
    if (slot === undefined) return { name, expected: expect, found: `no field ${field}`, clauses: [] };
    env[slot] = field === 'at' ? Date.parse(String(given)) : (given as Value);
  }
  const atMs = typeof env[0] === 'number' && !Number.isNaN(env[0]) ? env[0] : 0;
  for (const [at, list] of rule.lists.entries()) env[firstSlot + counters.length + at] = list.asOf(atMs);
  const { outcome, clauses } = rule.condition.explain(env);
  return { name, expected: expect, found: foundOf(outcome), clauses: clauses.map((clause) => textOf(clause)) };
}

function foundOf(outcome: boolean | 'unknown' | Fault): string {
  if (outcome instanceof Fault) return `a fault: ${outcome.message}`;
  if (outcome === 'unknown') return 'unknown';
  return outcome ? 'hit' : 'miss';
}

function textOf({ text, values }: { text: string; values: readonly { name: string; value: Value }[] }): string {
  const shownValues = values.map(({ name, value }) => `${name} = ${shown(value)}`).join(', ');
  return shownValues === '' ? text : `${text} (${shownValues})`;
}
