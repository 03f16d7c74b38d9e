import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../base/json.ts';
import { valueFor } from './schema-value.ts';
import { diceOf } from './seed.ts';

/** What `value` breaks of `schema`, as a path, or undefined; the keywords that `valueFor` says it reads. */
function broken(schema: Json | undefined, value: Json | undefined, root: JsonObject, at = '$'): string | undefined {
  if (schema === undefined || schema === true) return undefined;
  const rules = schema as Record<string, Json>;
  if (typeof rules['$ref'] === 'string') return broken(lookUp(root, rules['$ref']), value, root, at);
  if ('const' in rules) return same(rules['const'], value) ? undefined : `${at} const`;
  if ('enum' in rules)
    return (rules['enum'] as Json[]).some((option) => same(option, value)) ? undefined : `${at} enum`;
  for (const part of (rules['allOf'] as Json[] | undefined) ?? []) {
    const why = broken(part, value, root, at);
    if (why !== undefined) return why;
  }
  const branches = (rules['anyOf'] ?? rules['oneOf']) as Json[] | undefined;
  if (branches !== undefined && branches.every((branch) => broken(branch, value, root, at) !== undefined))
    return `${at} anyOf`;
  const types = ([] as Json[]).concat(rules['type'] ?? []);
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return `${at} type`;
  if (typeof value === 'string') return brokenString(rules, value, at);
  if (typeof value === 'number') return brokenNumber(rules, value, at);
  if (Array.isArray(value)) return brokenArray(rules, value as Json[], root, at);
  if (typeof value === 'object' && value !== null) return brokenObject(rules, value as JsonObject, root, at);
  return undefined;
}

function lookUp(root: JsonObject, reference: string): Json {
  return reference
    .split('/')
    .slice(1)
    .reduce<Json>((found, key) => (found as Record<string, Json>)[key] as Json, root);
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isOf(type: Json, value: Json | undefined): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function brokenString(rules: Record<string, Json>, value: string, at: string): string | undefined {
  if (value.length < ((rules['minLength'] as number) ?? 0)) return `${at} minLength`;
  return value.length > ((rules['maxLength'] as number) ?? Number.POSITIVE_INFINITY) ? `${at} maxLength` : undefined;
}

function brokenNumber(rules: Record<string, Json>, value: number, at: string): string | undefined {
  if (value < ((rules['minimum'] as number) ?? value)) return `${at} minimum`;
  if (value > ((rules['maximum'] as number) ?? value)) return `${at} maximum`;
  const step = rules['multipleOf'] as number | undefined;
  return step !== undefined && !Number.isInteger(value / step) ? `${at} multipleOf` : undefined;
}

function brokenArray(rules: Record<string, Json>, value: Json[], root: JsonObject, at: string): string | undefined {
  if (value.length < ((rules['minItems'] as number) ?? 0)) return `${at} minItems`;
  if (value.length > ((rules['maxItems'] as number) ?? Number.POSITIVE_INFINITY)) return `${at} maxItems`;
  for (const [index, item] of value.entries()) {
    const why = broken(rules['items'], item, root, `${at}[${index}]`);
    if (why !== undefined) return why;
  }
  return undefined;
}

function brokenObject(
  rules: Record<string, Json>,
  value: JsonObject,
  root: JsonObject,
  at: string,
): string | undefined {
  const properties = (rules['properties'] ?? {}) as Record<string, Json>;
  for (const name of (rules['required'] as string[] | undefined) ?? []) {
    if (!Object.hasOwn(value, name)) return `${at}.${name} required`;
  }
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name);
    if (!known && rules['additionalProperties'] === false) return `${at}.${name} additional`;
    const why = known ? broken(properties[name], member, root, `${at}.${name}`) : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}

const { schema: anySchema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonObject>(
      { type: 'boolean' },
      { type: 'null' },
      { type: ['string', 'null'] },
      { type: 'string', format: 'date' },
    ),
    fc.tuple(fc.nat(20), fc.nat(20)).map(([low, more]) => ({ type: 'string', minLength: low, maxLength: low + more })),
    fc
      .tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(500))
      .map(([low, more]) => ({ type: 'integer', minimum: low, maximum: low + more })),
    fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .map(([low, step]) => ({ type: 'number', minimum: low, multipleOf: step })),
    fc
      .array(fc.jsonValue({ maxDepth: 1 }), { minLength: 1, maxLength: 4 })
      .map((options) => ({ enum: options as Json[] })),
    fc.jsonValue({ maxDepth: 1 }).map((value) => ({ const: value as Json })),
    fc
      .tuple(tie('schema'), fc.nat(3), fc.nat(3))
      .map(([items, low, more]) => ({ type: 'array', items, minItems: low, maxItems: low + more })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'é/~'), tie('schema'), { maxKeys: 4 })
      .chain((properties) =>
        fc
          .subarray(Object.keys(properties))
          .map((required) => ({ type: 'object', properties, required, additionalProperties: false })),
      ),
  ),
}));

describe('valueFor', () => {
  test('makes a value that its schema accepts', () => {
    fc.assert(
      fc.property(anySchema, fc.nat(), (schema, seed) => {
        expect(broken(schema, valueFor(schema, diceOf(seed)), schema)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('follows local references, recursive ones to their end', () => {
    const tree: JsonObject = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
            next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
          },
          required: ['name', 'children', 'next'],
          additionalProperties: false,
        },
      },
    };
    for (let seed = 0; seed < 50; seed++) {
      expect(broken(tree, valueFor(tree, diceOf(seed)), tree)).toBeUndefined();
    }
  });

  test('folds allOf together', () => {
    const schema: JsonObject = {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'boolean' } }, required: ['b'] },
      ],
    };
    expect(broken(schema, valueFor(schema, diceOf(1)), schema)).toBeUndefined();
  });

  test('ends on schemas that never do, and on ones too large', () => {
    const loop: JsonObject = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    expect(valueFor(loop, diceOf(1))).toBeNull();
    const wide: JsonObject = {
      type: 'array',
      minItems: 1e9,
      items: { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9 } },
    };
    const started = performance.now();
    expect(JSON.stringify(valueFor(wide, diceOf(1))).length).toBeLessThan(100_000);
    expect(performance.now() - started).toBeLessThan(100);
  });
});
