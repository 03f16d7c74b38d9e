import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { GrammarSchema } from './llama.ts';

/** Why a schema cannot be held to; shown to the caller. */
class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const DEPTH_MAX = 64;
/** Keywords that narrow a value in a way the grammar cannot express; ignoring one would promise what is not kept. */
const UNSUPPORTED = [
  'not',
  'if',
  'then',
  'else',
  'pattern',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'contains',
  'uniqueItems',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'allOf',
];
const COPIED = ['description', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const FORMATS = new Set(['date-time', 'time', 'date']);

/** What a schema without a type may hold when it need not be held to strictly. */
const ANY_SCALAR = ['string', 'number', 'boolean', 'null'];

interface Place {
  readonly at: string;
  readonly depth: number;
  readonly strict: boolean;
}

/**
 * A JSON Schema in the dialect of the library's grammars: `anyOf` becomes `oneOf`, `definitions` becomes `$defs`,
 * and every property is written, required or not. What a grammar cannot express is left out, or, when `strict`, is
 * refused. Throws `SchemaError`.
 */
export function grammarSchemaOf(schema: JsonObject, strict: boolean): GrammarSchema {
  const definitions = schema['$defs'] ?? schema['definitions'];
  const converted = convert(schema, { at: '', depth: 0, strict });
  if (!isJsonObject(definitions)) return converted;
  const entries = Object.entries(definitions).map(([name, each]) => {
    return [name, convert(each, { at: `$defs.${name}`, depth: 1, strict })] as const;
  });
  return { ...converted, $defs: Object.fromEntries(entries) };
}

function inside(place: Place, step: string): Place {
  return { ...place, at: place.at + step, depth: place.depth + 1 };
}

function convert(schema: Json | undefined, place: Place): GrammarSchema {
  if (!isJsonObject(schema)) {
    if (place.strict) throw new SchemaError(`the schema at '${place.at}' must be an object`);
    return { type: ANY_SCALAR };
  }
  if (place.depth > DEPTH_MAX) throw new SchemaError('the schema is nested too deeply');
  const unsupported = place.strict ? UNSUPPORTED.find((keyword) => schema[keyword] !== undefined) : undefined;
  if (unsupported !== undefined) throw new SchemaError(`'${unsupported}' is not supported by the local model`);
  if (typeof schema['$ref'] === 'string') return { $ref: reference(schema['$ref']) };
  if (schema['const'] !== undefined) return { const: scalar(schema['const'], place) };
  const options = schema['enum'];
  if (Array.isArray(options)) return { enum: (options as readonly Json[]).map((option) => scalar(option, place)) };
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches)) {
    return {
      oneOf: (branches as readonly Json[]).map((branch, index) => convert(branch, inside(place, `[${index}]`))),
    };
  }
  return convertTyped(schema, place);
}

function reference(pointer: string): string {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(pointer)?.[1];
  if (name === undefined) throw new SchemaError("'$ref' must point into '#/$defs'");
  return `#/$defs/${name}`;
}

function scalar(value: Json | undefined, { at }: Place): Json {
  if (value === undefined || (typeof value === 'object' && value !== null)) {
    throw new SchemaError(`'enum' and 'const' at '${at}' must hold plain values`);
  }
  return value;
}

function convertTyped(schema: JsonObject, place: Place): GrammarSchema {
  const type = schema['type'] ?? (schema['properties'] !== undefined ? 'object' : undefined);
  if (Array.isArray(type)) {
    return {
      oneOf: (type as readonly Json[]).map((each) => convertTyped({ ...schema, type: each }, inside(place, ''))),
    };
  }
  const kept = COPIED.filter((name) => schema[name] !== undefined).map((name) => [name, schema[name]] as const);
  const copied = Object.fromEntries(kept);
  switch (type) {
    case 'object':
      return { ...copied, type, ...convertObject(schema, place) };
    case 'array':
      return isJsonObject(schema['items'])
        ? { ...copied, type, items: convert(schema['items'], inside(place, '[]')) }
        : { ...copied, type };
    case 'string': {
      const format = schema['format'];
      return { ...copied, type, ...(typeof format === 'string' && FORMATS.has(format) && { format }) };
    }
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return { ...copied, type };
    default:
      if (place.strict) throw new SchemaError(`the schema at '${place.at}' needs a type`);
      return { ...copied, type: ANY_SCALAR };
  }
}

function convertObject(schema: JsonObject, place: Place): GrammarSchema {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const others = schema['additionalProperties'];
  const open = Object.keys(properties).length === 0 && others !== false;
  const members = Object.entries(properties).map(([name, member]) => {
    return [name, convert(member, inside(place, `.${name}`))] as const;
  });
  return {
    properties: Object.fromEntries(members),
    additionalProperties: isJsonObject(others) ? convert(others, inside(place, '.*')) : open,
  };
}
