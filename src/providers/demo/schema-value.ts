import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { type Dice, pick } from './seed.ts';

/** Nothing is generated below this depth but null; schemas that end have ended long before. */
const DEPTH_MAX = 24;
/** Below this depth only what a schema requires is generated, so that a recursive one comes to its end. */
const OPTIONAL_DEPTH_MAX = 3;
const NODES_MAX = 2000;
const ITEMS_MAX = 256;
const STRING_CHARS_MAX = 4096;
/** A schema may repeat a long name or constant at every node; this bounds all of them together. */
const CHARS_MAX = 65_536;

const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron', 'indigo', 'juniper'];

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2024-05-17T10:30:00Z',
  date: '2024-05-17',
  time: '10:30:00Z',
  duration: 'P3D',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
};

interface Making {
  readonly root: JsonObject;
  readonly dice: Dice;
  nodesLeft: number;
  charsLeft: number;
}

/**
 * A value that is valid against a JSON Schema, as far as types, `enum`, `const`, `properties`, `required`, lengths,
 * bounds, `items`, `prefixItems`, `anyOf`, `oneOf`, `allOf` and local `$ref` say; `pattern` and `not` are not read.
 * Depth and size are bounded, whatever the schema.
 */
export function valueFor(schema: JsonObject, dice: Dice): Json {
  return make({ root: schema, dice, nodesLeft: NODES_MAX, charsLeft: CHARS_MAX }, schema, 0);
}

function make(making: Making, schema: Json | undefined, depth: number): Json {
  if (making.nodesLeft-- <= 0 || making.charsLeft <= 0 || depth > DEPTH_MAX) return null;
  if (!isJsonObject(schema)) return schema === false ? null : makeString(making, {});
  if (typeof schema['$ref'] === 'string') {
    const { $ref: reference, ...beside } = schema;
    const target = resolve(making.root, reference);
    return make(making, isJsonObject(target) ? merge(target, beside) : target, depth + 1);
  }
  if (schema['const'] !== undefined) return copied(making, schema['const']);
  const options = schema['enum'];
  if (Array.isArray(options)) return copied(making, pick(options as readonly Json[], making.dice) ?? null);
  const combined = combine(making, schema, depth);
  if (combined !== undefined) return make(making, combined, depth + 1);
  return makeTyped(making, schema, depth);
}

/** A value the schema spells out, while there is room for it. */
function copied(making: Making, value: Json): Json {
  making.charsLeft -= JSON.stringify(value).length;
  return making.charsLeft < 0 ? null : value;
}

/** The schema with `allOf` folded in and one branch of `anyOf` or `oneOf` chosen; undefined if it has none of them. */
function combine(making: Making, schema: JsonObject, depth: number): JsonObject | undefined {
  const { allOf, anyOf, oneOf, ...rest } = schema;
  if (Array.isArray(allOf)) {
    const parts = (allOf as readonly Json[]).map((part) => follow(making, part)).filter(isJsonObject);
    const later = { ...(anyOf !== undefined && { anyOf }), ...(oneOf !== undefined && { oneOf }) };
    return { ...parts.reduce<JsonObject>(merge, rest), ...later };
  }
  const branches = anyOf ?? oneOf;
  if (!Array.isArray(branches)) return undefined;
  const able = (branches as readonly Json[]).map((branch) => follow(making, branch)).filter(isJsonObject);
  const chosen =
    depth > OPTIONAL_DEPTH_MAX ? able.toSorted((a, b) => weight(a) - weight(b))[0] : pick(able, making.dice);
  return merge(rest, chosen ?? {});
}

function weight(schema: JsonObject): number {
  const type = schema['type'];
  if (type === 'object' || schema['properties'] !== undefined) return 2;
  return type === 'array' || schema['$ref'] !== undefined ? 1 : 0;
}

function merge(into: JsonObject, from: JsonObject): JsonObject {
  const properties = [into['properties'], from['properties']].filter(isJsonObject);
  const required = [into['required'], from['required']].filter(Array.isArray);
  return {
    ...into,
    ...from,
    ...(properties.length > 0 && { properties: { ...properties[0], ...properties[1] } }),
    ...(required.length > 0 && { required: required.flat() as readonly Json[] }),
  };
}

/** Follows a chain of references to its end; null if it has none. */
function follow(making: Making, schema: Json): Json {
  let at = schema;
  for (let steps = 0; isJsonObject(at) && typeof at['$ref'] === 'string'; steps++) {
    if (steps > DEPTH_MAX) return null;
    at = resolve(making.root, at['$ref']);
  }
  return at;
}

/** A JSON pointer inside the schema itself. Source: RFC 6901 */
function resolve(root: JsonObject, reference: string): Json {
  if (!reference.startsWith('#')) return null;
  let at: Json | undefined = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(key)];
    else at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at ?? null;
}

function makeTyped(making: Making, schema: JsonObject, depth: number): Json {
  switch (typeOf(schema, depth)) {
    case 'object':
      return makeObject(making, schema, depth);
    case 'array':
      return makeArray(making, schema, depth);
    case 'integer':
      return makeNumber(making, schema);
    case 'number':
      return makeNumber(making, schema);
    case 'boolean':
      return making.dice() < 0.5;
    case 'null':
      return null;
    default:
      return makeString(making, schema);
  }
}

function typeOf(schema: JsonObject, depth: number): Json | undefined {
  const type = schema['type'];
  if (Array.isArray(type)) {
    const types = type as readonly Json[];
    const small = types.find((each) => each !== 'object' && each !== 'array');
    return depth > OPTIONAL_DEPTH_MAX ? (small ?? types[0]) : types[0];
  }
  if (type !== undefined) return type;
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object';
  if (schema['items'] !== undefined || schema['prefixItems'] !== undefined) return 'array';
  const numeric = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
  return numeric.some((name) => schema[name] !== undefined) ? 'number' : 'string';
}

function makeObject(making: Making, schema: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : []);
  const others = schema['additionalProperties'];
  const members: [string, Json][] = [];
  const membersMax = numberOr(schema['maxProperties'], Number.POSITIVE_INFINITY);
  for (const [name, member] of Object.entries(properties)) {
    const wanted = depth < OPTIONAL_DEPTH_MAX && members.length < membersMax && making.nodesLeft > 0;
    if (!required.has(name) && !wanted) continue;
    if (making.charsLeft <= 0) break;
    making.charsLeft -= name.length;
    members.push([name, make(making, member, depth + 1)]);
  }
  for (const name of required) {
    if (making.charsLeft <= 0 || making.nodesLeft <= 0) break;
    if (typeof name !== 'string' || Object.hasOwn(properties, name)) continue;
    making.charsLeft -= name.length;
    members.push([name, make(making, isJsonObject(others) ? others : undefined, depth + 1)]);
  }
  const membersMin = others === false ? 0 : Math.min(numberOr(schema['minProperties'], 0), ITEMS_MAX);
  for (let extra = 1; members.length < membersMin; extra++) {
    members.push([`key${extra}`, make(making, isJsonObject(others) ? others : undefined, depth + 1)]);
  }
  // `fromEntries` defines members, so a property called `__proto__` stays a property.
  return Object.fromEntries(members);
}

function makeArray(making: Making, schema: JsonObject, depth: number): readonly Json[] {
  const prefix = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as readonly Json[]) : [];
  const items = schema['items'];
  const countMin = numberOr(schema['minItems'], 0);
  const usual = depth < OPTIONAL_DEPTH_MAX ? Math.max(prefix.length, items === false ? 0 : 2) : prefix.length;
  const count = Math.min(Math.max(usual, countMin), numberOr(schema['maxItems'], ITEMS_MAX), ITEMS_MAX);
  const made: Json[] = [];
  const seen = new Set<string>();
  for (let tries = 0; made.length < count && tries < 4 * count; tries++) {
    const value = make(making, prefix[made.length] ?? items, depth + 1);
    const key = schema['uniqueItems'] === true ? JSON.stringify(value) : String(tries);
    if (!seen.has(key)) made.push(value);
    seen.add(key);
  }
  return made;
}

function makeString(making: Making, schema: JsonObject): string {
  const format = schema['format'];
  const sample = typeof format === 'string' ? FORMATS[format] : undefined;
  if (sample !== undefined) return sample;
  const charsMin = Math.min(numberOr(schema['minLength'], 0), STRING_CHARS_MAX);
  const charsMax = numberOr(schema['maxLength'], STRING_CHARS_MAX);
  let text = pick(WORDS, making.dice) ?? '';
  text += ` ${Math.floor(making.dice() * 1000)}`;
  while (text.length < charsMin) text += ` ${pick(WORDS, making.dice)}`;
  making.charsLeft -= text.length;
  return text.slice(0, Math.max(charsMin, Math.min(text.length, charsMax)));
}

/** A whole number where one fits, which is a valid `number` and `integer` alike; else the middle of the bounds. */
function makeNumber(making: Making, schema: JsonObject): number {
  const step = numberOr(schema['multipleOf'], 1);
  const unit = step > 0 ? step : 1;
  const low = lowest(schema, unit);
  const high = highest(schema, unit);
  if (low === undefined && high === undefined) return Math.floor(making.dice() * 100) * unit;
  const from = low ?? (high as number) - 100;
  const to = Math.min(high ?? from + 100, from + 100);
  if (from <= to) return (from + Math.floor(making.dice() * (to - from + 1))) * unit;
  const above = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], 0));
  const below = numberOr(schema['maximum'], numberOr(schema['exclusiveMaximum'], above));
  return (above + below) / 2;
}

/** The lowest allowed multiple of `unit`, counted in units. */
function lowest(schema: JsonObject, unit: number): number | undefined {
  const bounds: number[] = [];
  const { minimum, exclusiveMinimum } = schema;
  if (typeof minimum === 'number') {
    bounds.push(exclusiveMinimum === true ? Math.floor(minimum / unit) + 1 : Math.ceil(minimum / unit));
  }
  if (typeof exclusiveMinimum === 'number') bounds.push(Math.floor(exclusiveMinimum / unit) + 1);
  return bounds.length > 0 ? Math.max(...bounds) : undefined;
}

function highest(schema: JsonObject, unit: number): number | undefined {
  const bounds: number[] = [];
  const { maximum, exclusiveMaximum } = schema;
  if (typeof maximum === 'number') {
    bounds.push(exclusiveMaximum === true ? Math.ceil(maximum / unit) - 1 : Math.floor(maximum / unit));
  }
  if (typeof exclusiveMaximum === 'number') bounds.push(Math.ceil(exclusiveMaximum / unit) - 1);
  return bounds.length > 0 ? Math.min(...bounds) : undefined;
}

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : fallback;
}
