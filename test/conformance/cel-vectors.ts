/** Runs the vectors of the CEL specification through the language of rules. */
import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';
import { shown } from '../../src/enforcement/rules/compile/compiled-rule.ts';
import { compileExpression } from '../../src/enforcement/rules/language/language.ts';
import type { Limits } from '../../src/enforcement/rules/language/limits.ts';
import type { Problem } from '../../src/enforcement/rules/language/problem.ts';
import type { Schema } from '../../src/enforcement/rules/language/schema.ts';
import { parseDuration, parseTimestamp } from '../../src/enforcement/rules/language/time.ts';
import { showType, type Type } from '../../src/enforcement/rules/language/types.ts';
import { equal, Fault, type Key, type Value } from '../../src/enforcement/rules/language/value.ts';

/** Wider than those of rules: some vectors prove that a parser takes long chains and macros in macros. */
const LIMITS: Limits = {
  sourceCharacters: 100_000,
  depth: 64,
  nodes: 5_000,
  listItems: 1_000,
  stringCharacters: 10_000,
  patternCharacters: 1_000,
  textCharacters: 100_000,
  searchedCharacters: 1_000_000,
  macroDepth: 4,
};

type Json = { readonly [name: string]: unknown };

export interface Vector {
  /** `file/section/name`, with `#2` behind it where the same name comes again. */
  readonly id: string;
  readonly expression: string;
  readonly test: Json;
}

/** How it went: worked out as expected, refused before it ran where a run was to fail, or not as the specification has it. */
export type Result =
  | { readonly outcome: 'evaluated' | 'refused' }
  | { readonly outcome: 'differs'; readonly because: string; readonly problems: readonly Problem[] };

export function allVectors(): readonly Vector[] {
  const seen = new Map<string, number>();
  return vectorsIn(tests as unknown as Json, '').map((vector) => {
    const times = (seen.get(vector.id) ?? 0) + 1;
    seen.set(vector.id, times);
    return times === 1 ? vector : { ...vector, id: `${vector.id}#${times}` };
  });
}

function vectorsIn(suite: Json, path: string): readonly Vector[] {
  const own = ((suite['tests'] ?? []) as readonly Json[]).map(({ original }): Vector => {
    const test = original as Json;
    return { id: `${path}/${String(test['name'])}`, expression: String(test['expr']), test };
  });
  const below = ((suite['suites'] ?? []) as readonly Json[]).flatMap((inner) =>
    vectorsIn(inner, path === '' ? String(inner['name']) : `${path}/${String(inner['name'])}`),
  );
  return [...own, ...below];
}

export function runVector({ expression, test }: Vector): Result {
  const surroundings = surroundingsOf(test);
  if (surroundings === null) return differs('its variables are of a type that is not there');
  const compiled = compileExpression(expression, surroundings.schema, { limits: LIMITS });
  if (!compiled.ok) {
    const refused = test['evalError'] !== undefined && isRefusedFor(test, compiled.refusal);
    return refused ? { outcome: 'refused' } : differs(compiled.refusal[0]?.code ?? '', compiled.refusal);
  }
  const { type } = compiled.value;
  const typed = test['typedResult'] as Json | undefined;
  if (typed !== undefined && showType(typeOf(typed['deducedType'] as Json) ?? 'null') !== showType(type)) {
    return differs(`is of type ${showType(type)}`);
  }
  if (test['checkOnly'] === true) return { outcome: 'evaluated' };
  const value = compiled.value.value(surroundings.env);
  if (test['evalError'] !== undefined) return faultAsExpected(test, value);
  const expected = valueOf((typed?.['result'] ?? test['value'] ?? { boolValue: true }) as Json);
  const isSame = expected !== null && isOfType(type, expected.type) && isSameValue(value, expected.value);
  return isSame ? { outcome: 'evaluated' } : differs(`comes to ${told(value)}`);
}

function differs(because: string, problems: readonly Problem[] = []): Result {
  return { outcome: 'differs', because, problems };
}

function told(value: Value): string {
  return value instanceof Fault ? value.message : shown(value);
}

/** What is out of range must fail for that, and not because a nanosecond cannot be written. */
function faultAsExpected(test: Json, value: Value): Result {
  const wanted = errorsOf(test);
  const isFault = value instanceof Fault && (!/range/.test(wanted) || value.code === 'overflow');
  return isFault ? { outcome: 'evaluated' } : differs(`comes to ${told(value)}`);
}

function errorsOf(test: Json): string {
  const errors = ((test['evalError'] as Json)['errors'] ?? []) as readonly Json[];
  return errors.map((error) => String(error['message'])).join(' ');
}

/** That what would fail is not admitted at all, for the reason it would fail. */
function isRefusedFor(test: Json, problems: readonly Problem[]): boolean {
  const said = errorsOf(test);
  return problems.some(({ code }) => {
    if (code === 'wrong_type') return test['disableCheck'] === true || /overload/.test(said);
    if (code === 'unknown_function') return /unbound function/.test(said);
    if (code === 'unknown_name') return /undeclared|unknown variable/.test(said);
    return false;
  });
}

function surroundingsOf(test: Json): { readonly schema: Schema; readonly env: Value[] } | null {
  const bindings = (test['bindings'] ?? {}) as Readonly<Record<string, { readonly value?: Json }>>;
  const types = new Map<string, Type | null>();
  for (const declared of (test['typeEnv'] ?? []) as readonly Json[]) {
    const ident = declared['ident'] as Json | undefined;
    if (ident !== undefined) types.set(String(declared['name']), typeOf(ident['type'] as Json));
  }
  const values = new Map<string, Value>();
  for (const [name, { value }] of Object.entries(bindings)) {
    const read = value === undefined ? null : valueOf(value);
    values.set(name, read?.value);
    if (!types.has(name)) types.set(name, read?.type ?? null);
  }
  const fields = [];
  for (const [name, type] of types) {
    if (type === null) return null;
    fields.push({ name, type, nullable: true, told: false });
  }
  return { schema: { fields, patterns: {} }, env: fields.map((field) => values.get(field.name)) };
}

const PRIMITIVES: Readonly<Record<string, Type>> = { BOOL: 'bool', INT64: 'int', DOUBLE: 'double', STRING: 'string' };
const MESSAGES: Readonly<Record<string, Type>> = {
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
};

function typeOf(type: Json): Type | null {
  if ('primitive' in type) return PRIMITIVES[String(type['primitive'])] ?? null;
  if ('messageType' in type) return MESSAGES[String(type['messageType'])] ?? null;
  if ('null' in type) return 'null';
  if ('dyn' in type) return 'empty';
  if ('listType' in type) {
    const items = typeOf((type['listType'] as Json)['elemType'] as Json);
    return items === null ? null : { list: items };
  }
  if (!('mapType' in type)) return null;
  const { keyType, valueType } = type['mapType'] as { keyType: Json; valueType: Json };
  const key = typeOf(keyType);
  const value = typeOf(valueType);
  return key === null || value === null ? null : { map: [key, value] };
}

interface Typed {
  readonly type: Type;
  readonly value: Value;
}

/** Null for bytes, unsigned numbers, messages, types, and lists of several types. */
function valueOf(json: Json): Typed | null {
  const [kind = '', content] = Object.entries(json)[0] ?? [];
  switch (kind) {
    case 'nullValue':
      return { type: 'null', value: null };
    case 'boolValue':
      return { type: 'bool', value: content === true };
    case 'int64Value':
      return { type: 'int', value: shortest(BigInt(String(content))) };
    case 'doubleValue':
      return { type: 'double', value: Number(content) };
    case 'stringValue':
      return { type: 'string', value: String(content) };
    case 'objectValue':
      return messageOf(content as Json);
    case 'listValue':
      return listOf(((content as Json)['values'] ?? []) as readonly Json[]);
    case 'mapValue':
      return mapOf(((content as Json)['entries'] ?? []) as readonly { key: Json; value: Json }[]);
    default:
      return null;
  }
}

function shortest(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function messageOf(message: Json): Typed | null {
  const name = String(message['@type']);
  const text = String(message['value']);
  if (name.endsWith('google.protobuf.Duration')) return { type: 'duration', value: parseDuration(text) };
  return name.endsWith('google.protobuf.Timestamp') ? { type: 'timestamp', value: parseTimestamp(text) } : null;
}

function listOf(values: readonly Json[]): Typed | null {
  const items = values.map(valueOf);
  const type = items[0]?.type ?? 'empty';
  const read: Value[] = [];
  for (const item of items) {
    if (item === null || !isOfType(item.type, type)) return null;
    read.push(item.value);
  }
  return { type: { list: type }, value: read };
}

function mapOf(entries: readonly { readonly key: Json; readonly value: Json }[]): Typed | null {
  const keys = listOf(entries.map((entry) => entry.key));
  const values = listOf(entries.map((entry) => entry.value));
  if (keys === null || values === null) return null;
  const inside = (typed: Typed): Type =>
    typeof typed.type === 'object' && 'list' in typed.type ? typed.type.list : 'empty';
  const map = new Map<Key, Value>();
  (keys.value as readonly Key[]).forEach((key, at) => map.set(key, (values.value as readonly Value[])[at]));
  return { type: { map: [inside(keys), inside(values)] }, value: map };
}

/** Numbers that compare equal are told apart by their type. */
function isOfType(type: Type, wanted: Type): boolean {
  if (type === 'empty' || wanted === 'empty') return true;
  if (typeof type === 'string' || typeof wanted === 'string') return type === wanted;
  if ('list' in type) return 'list' in wanted && isOfType(type.list, wanted.list);
  return 'map' in wanted && isOfType(type.map[0], wanted.map[0]) && isOfType(type.map[1], wanted.map[1]);
}

function isSameValue(value: Value, expected: Value): boolean {
  if (typeof value === 'number' && typeof expected === 'number')
    return value === expected || (Number.isNaN(value) && Number.isNaN(expected));
  return equal(value, expected) === true;
}
