import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** The keywords of JSON Schema the upstream takes; others make it refuse the whole request. */
const KEYWORDS = new Set([
  '$id',
  '$defs',
  '$ref',
  '$anchor',
  'type',
  'format',
  'title',
  'description',
  'enum',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'anyOf',
  'oneOf',
  'properties',
  'additionalProperties',
  'required',
]);

/** Members whose own keys are names, not keywords. */
const NAMED = new Set(['properties', '$defs']);

/**
 * A JSON Schema without what the upstream does not know. `const` becomes an `enum` of one and `definitions` the
 * present `$defs`; the rest only widens what is allowed.
 * Source: https://ai.google.dev/api/generate-content#FIELDS.response_json_schema
 */
export function geminiSchema(schema: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (key === 'const') out.enum = [value];
    else if (key === 'definitions') out.$defs = namedSchemas(value);
    else if (key === '$ref') out.$ref = typeof value === 'string' ? value.replace('#/definitions/', '#/$defs/') : value;
    else if (NAMED.has(key)) out[key] = namedSchemas(value);
    else if (KEYWORDS.has(key)) out[key] = key === 'enum' || key === 'required' ? value : nested(value);
  }
  return out;
}

function namedSchemas(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, nested(schema ?? true)]));
}

function nested(value: Json): Json {
  if (Array.isArray(value)) return value.map(nested);
  return isJsonObject(value) ? geminiSchema(value) : value;
}
