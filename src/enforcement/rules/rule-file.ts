import { ok, refuse, type Result } from '../../base/result.ts';
import { parseYamlFile } from '../../config/document.ts';
import { type RuleDocument, ruleDocument } from './contract.ts';

/** A rule out of a file of YAML or JSON, which is YAML too; or the first thing that is wrong with it, with its line. */
export function parseRuleFile(bytes: Uint8Array, name: string): Result<RuleDocument, string> {
  const file = parseYamlFile(bytes, name);
  if (!file.ok) {
    const [first] = file.refusal;
    return refuse(`line ${first?.place?.line ?? 1}: ${first?.message ?? 'cannot be read'}`);
  }
  const parsed = ruleDocument.safeParse(file.value.data);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return refuse(`${issue?.path.join('.') || 'the rule'}: ${issue?.message ?? 'is not valid'}`);
}
