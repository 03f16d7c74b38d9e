/** The examples of docs/rules.md are admitted, so that what is shown there can be written. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileCondition, compileExpression } from './language.ts';
import type { Schema } from './schema.ts';
import type { Type } from './types.ts';

const TYPES: Readonly<Record<string, Type>> = {
  a: 'bool',
  b: 'bool',
  streamed: 'bool',
  model: 'string',
  text: 'string',
  network: 'string',
  app: 'string',
  labels: { list: 'string' },
  weights: { map: ['string', 'double'] },
  'lists.campus': { map: ['string', 'bool'] },
  'count.burst': 'int',
  'count.sign_ups': 'int',
  tokens: 'int',
  inputs: 'int',
  outputs: 'int',
  at: 'timestamp',
  age: 'duration',
};
const SCHEMA: Schema = {
  fields: Object.entries(TYPES).map(([name, type]) => ({ name, type, nullable: true, told: true })),
  patterns: { coin: 'bitcoin' },
};

const page = readFileSync(join(import.meta.dirname, '../../../../docs/rules.md'), 'utf8');
const section = page.slice(page.indexOf('### What can be written'), page.indexOf('### Types'));

/** Signs by themselves and the rest of a call that began before are no expressions. */
function isExpression(text: string): boolean {
  return /[a-z0-9]/i.test(text) && !text.startsWith('.') && !text.startsWith('//');
}

const examples = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
  .flatMap((line) => Array.from(line.matchAll(/`([^`]+)`/g), ([, code]) => (code ?? '').replaceAll('\\|', '|')))
  .filter((text) => isExpression(text) && !['int', 'double'].includes(text));

test('every example of the table is admitted', () => {
  expect(examples.length).toBeGreaterThan(40);
  const refused = examples.flatMap((text) => {
    const compiled = compileExpression(text === 'in' ? '1 in [1]' : text, SCHEMA);
    return compiled.ok ? [] : [`${text}: ${compiled.refusal[0]?.message}`];
  });
  expect(refused).toEqual([]);
});

test('the example that opens the page is a condition', () => {
  const opening = /```\n([^`]+)\n```/.exec(page.slice(page.indexOf('## Language')))?.[1] ?? '';
  expect(compileCondition(opening, SCHEMA).ok).toBe(true);
});
