import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../base/json.ts';
import { grammarSchemaOf } from './grammar-schema.ts';

describe('grammarSchemaOf', () => {
  test('speaks the dialect of the grammars', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: {
        next: { anyOf: [{ $ref: '#/definitions/node' }, { type: 'null' }] },
        kind: { enum: ['a', 1, null] },
      },
      required: ['next'],
      definitions: { node: { type: 'array', items: { type: ['integer', 'null'] }, maxItems: 3 } },
    };
    expect(grammarSchemaOf(schema, true)).toEqual({
      type: 'object',
      properties: { next: { oneOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] }, kind: { enum: ['a', 1, null] } },
      additionalProperties: false,
      $defs: { node: { type: 'array', items: { oneOf: [{ type: 'integer' }, { type: 'null' }] }, maxItems: 3 } },
    });
  });

  test('strict refuses what it cannot hold to, otherwise it is left out', () => {
    const schema: JsonObject = { type: 'object', properties: { n: { type: 'integer', minimum: 3 } } };
    expect(() => grammarSchemaOf(schema, true)).toThrow("'minimum' is not supported");
    expect(grammarSchemaOf(schema, false)).toMatchObject({ properties: { n: { type: 'integer' } } });
    expect(() => grammarSchemaOf({ type: 'object', properties: { x: {} } }, true)).toThrow('needs a type');
  });

  test('ends on a schema nested without end', () => {
    let schema: JsonObject = { type: 'string' };
    for (let depth = 0; depth < 1000; depth++) schema = { type: 'array', items: schema };
    expect(() => grammarSchemaOf(schema, false)).toThrow('nested too deeply');
  });
});
