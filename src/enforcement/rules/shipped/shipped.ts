import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../../../base/assert.ts';
import type { RuleDocument } from '../contract.ts';
import { parseRuleFile } from '../rule-file.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The rules that come with the service, each in `shadow` until somebody has looked at what it hits. */
export function shippedRules(): RuleDocument[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => {
    const parsed = parseRuleFile(readFileSync(`${FOLDER}${name}`), name);
    assert(parsed.ok, `${name}, which ships, is good: ${parsed.ok ? '' : parsed.refusal}`);
    return parsed.value;
  });
}
