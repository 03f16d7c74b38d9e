import type { Node } from './ast.ts';
import type { Checked } from './check.ts';
import type { Code } from './compile.ts';
import { childrenOf } from './ast.ts';
import { print } from './print.ts';
import type { Env, Schema } from './schema.ts';
import { Fault, isList, type Value } from './value.ts';

/** Why a condition came out as it did: the fewest clauses that suffice for it, in the order they are written. */
export interface Explanation {
  readonly outcome: boolean | 'unknown' | Fault;
  readonly clauses: readonly Clause[];
}

/** One comparison or test, and what it came to. With values and limits: for staff alone. */
export interface Clause {
  readonly text: string;
  readonly outcome: boolean | 'unknown' | Fault;
  readonly values: readonly FieldValue[];
}

/** A field that was read, or the element at which a macro was settled. */
export interface FieldValue {
  readonly name: string;
  readonly value: Value;
  readonly told: boolean;
}

interface Explained {
  readonly code: Code;
  readonly checked: Checked;
  readonly schema: Schema;
  readonly env: Env;
}

export function explain(ast: Node, about: Explained): Explanation {
  return { outcome: outcomeOf(ast, about), clauses: clausesOf(ast, about) };
}

/** What the person concerned may know of it: names of fields, without values, limits or what is about others. */
export function toldOf(explanation: Explanation): readonly string[] {
  const values = explanation.clauses.flatMap((clause) => clause.values);
  return [...new Set(values.filter((value) => value.told).map((value) => value.name))];
}

function outcomeOf(node: Node, { code, env }: Explained): boolean | 'unknown' | Fault {
  const value = code.valueOf(node, env);
  if (typeof value === 'boolean') return value;
  return value instanceof Fault ? value : 'unknown';
}

function clausesOf(node: Node, about: Explained): readonly Clause[] {
  switch (node.kind) {
    case 'not':
      return clausesOf(node.of, about);
    case 'and':
      return junction(node.of, false, about);
    case 'or':
      return junction(node.of, true, about);
    case 'conditional': {
      const test = outcomeOf(node.test, about);
      const taken = test === true ? node.yes : node.no;
      const because = clausesOf(node.test, about);
      return typeof test === 'boolean' ? [...because, ...clausesOf(taken, about)] : because;
    }
    default:
      return [clauseOf(node, about)];
  }
}

/** One part that decides is enough; where none does, all that kept it from the other outcome count. */
function junction(parts: readonly Node[], decisive: boolean, about: Explained): readonly Clause[] {
  const deciding = parts.filter((part) => outcomeOf(part, about) === decisive);
  if (deciding.length === 0) {
    const open = parts.filter((part) => typeof outcomeOf(part, about) !== 'boolean');
    return (open.length === 0 ? parts : open).flatMap((part) => clausesOf(part, about));
  }
  const explained = deciding.map((part) => clausesOf(part, about));
  return explained.reduce((least, clauses) => (clauses.length < least.length ? clauses : least));
}

function clauseOf(node: Node, about: Explained): Clause {
  const values = new Map<string, FieldValue>();
  collect(node, about, values);
  const witness = witnessOf(node, about);
  return { text: print(node), outcome: outcomeOf(node, about), values: [...values.values(), ...witness] };
}

function collect(node: Node, about: Explained, values: Map<string, FieldValue>): void {
  const slot = about.checked.slots.get(node);
  const field = slot === undefined ? undefined : about.schema.fields[slot];
  if (slot === undefined || field === undefined) {
    for (const child of childrenOf(node)) collect(child, about, values);
  } else values.set(field.name, { name: field.name, value: about.env[slot], told: field.told });
}

/** The first element that settled `exists` or `all`. */
function witnessOf(node: Node, { code, env }: Explained): readonly FieldValue[] {
  if (node.kind !== 'macro' || (node.macro !== 'exists' && node.macro !== 'all')) return [];
  const cell = code.cells.get(node);
  const among = code.valueOf(node.of, env);
  const items = among instanceof Map ? [...among.keys()] : among;
  if (cell === undefined || !isList(items)) return [];
  for (const item of items) {
    cell.value = item;
    if (code.valueOf(node.body, env) === (node.macro === 'exists'))
      return [{ name: node.variable, value: item, told: false }];
  }
  return [];
}
