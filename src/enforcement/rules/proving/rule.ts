import { type RuleDocument, ruleDocument } from '../contract.ts';
import { assert } from '../../../base/assert.ts';
import { compileRule } from '../compile/compile-rule.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';

/** A rule that fires on refused requests, but for what is said otherwise. */
export function ruleOf(parts: Partial<Record<keyof RuleDocument, unknown>>): RuleDocument {
  return ruleDocument.parse({
    name: 'tried',
    title: { en: 'Tried', zh: '试用' },
    owner: 'the tests',
    on: 'ended',
    when: "verdict == 'refused'",
    action: { do: 'signal', conduct: 'resale', confidence: 0.6 },
    reason: { en: 'A reason.', zh: '一个原因。' },
    mode: 'live',
    ...parts,
  });
}

export function compiledOf(parts: Partial<Record<keyof RuleDocument, unknown>>, version = 1): CompiledRule {
  const compiled = compileRule(ruleOf(parts), version);
  assert(compiled.ok, `the rule is admitted: ${compiled.ok ? '' : compiled.refusal[0]?.message}`);
  return compiled.value;
}
