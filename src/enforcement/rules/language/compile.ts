/**
 * From a checked tree to closures: one for each node, chosen by what the types allow, so that nothing is looked up or
 * decided again for an event. Each takes any value of the right type, unknown, null and faults, and never throws.
 */
import { addInt } from './arithmetic.ts';
import { childrenOf, type Node, type Of } from './ast.ts';
import type { Callee } from './calls.ts';
import { type Checked, isClosed } from './check.ts';
import { among, amongConstants, equality, fieldAgainst, numbersInOrder } from './comparisons.ts';
import type { Limits } from './limits.ts';
import { compileLogic } from './logic.ts';
import { type Cell, compileMacro } from './macros.ts';
import { type Ordering, ordered } from './operators.ts';
import { print } from './print.ts';
import type { Env } from './schema.ts';
import { failureOf, Fault, isList, isNumber, type Key, NOT_YET, type Value } from './value.ts';

export type Run = (env: Env) => Value;

export interface Code {
  readonly run: Run;
  /** Of any node, for explaining. */
  valueOf(node: Node, env: Env): Value;
  readonly cells: ReadonlyMap<Node, Cell>;
}

/** `shared`: slots of an `Env` for parts that are worked out once for an event, by their `key`. */
export function compile(ast: Node, checked: Checked, limits: Limits, shared: ReadonlyMap<string, number>): Code {
  const compiler = new Compiler(checked, limits, shared);
  const run = compiler.runOf(ast);
  const { allowance } = checked;
  const valueOf = (of: Run, env: Env): Value => {
    allowance.characters = limits.searchedCharacters;
    return of(env);
  };
  return {
    run: (env) => valueOf(run, env),
    valueOf: (node, env) => valueOf(compiler.runs.get(node) ?? run, env),
    cells: compiler.cells,
  };
}

class Compiler {
  readonly runs = new Map<Node, Run>();
  readonly cells = new Map<Node, Cell>();
  readonly #constants = new Map<Node, Value>();
  readonly #checked: Checked;
  readonly #limits: Limits;
  readonly #shared: ReadonlyMap<string, number>;

  constructor(checked: Checked, limits: Limits, shared: ReadonlyMap<string, number>) {
    this.#checked = checked;
    this.#limits = limits;
    this.#shared = shared;
  }

  runOf(node: Node): Run {
    const run = this.#rememberedIn(node, this.#constantOr(node, this.#plain(node)));
    this.runs.set(node, run);
    return run;
  }

  /** What rests on nothing but literals is worked out now. */
  #constantOr(node: Node, run: Run): Run {
    if (node.kind === 'name' || node.kind === 'has' || this.#checked.slots.has(node)) return run;
    if (node.kind === 'macro' || !childrenOf(node).every((child) => this.#constants.has(child))) return run;
    const value = run([]);
    this.#constants.set(node, value);
    return () => value;
  }

  /** An element of a list is another one each time, so nothing inside a macro is remembered. */
  #rememberedIn(node: Node, run: Run): Run {
    if (this.#shared.size === 0 || this.#constants.has(node)) return run;
    const slot = this.#shared.get(print(node));
    if (slot === undefined || !isClosed(node, this.#checked)) return run;
    return (env) => {
      const known = env[slot];
      if (known !== NOT_YET) return known;
      const value = run(env);
      env[slot] = value;
      return value;
    };
  }

  #plain(node: Node): Run {
    const slot = this.#checked.slots.get(node);
    if (slot !== undefined) return (env) => env[slot];
    switch (node.kind) {
      case 'null':
        return () => null;
      case 'bool':
      case 'double':
      case 'string':
        return () => node.value;
      case 'int': {
        const value = addInt(0, BigInt(node.value));
        return () => value;
      }
      case 'name':
        return this.#variable(node);
      case 'select':
        return this.#keyed(this.runOf(node.of), () => node.field);
      case 'index':
        return this.#keyed(this.runOf(node.of), this.runOf(node.key));
      case 'has':
        return this.#has(node.of);
      case 'list':
        return listOf(node.items.map((item) => this.runOf(item)));
      case 'map':
        return mapOf(node.entries.map((entry) => [this.runOf(entry.key), this.runOf(entry.value)]));
      case 'call':
      case 'minus':
        return this.#called(this.#checked.callees.get(node));
      case 'binary':
        return this.#binary(node);
      case 'not':
      case 'and':
      case 'or':
      case 'conditional':
        return compileLogic(node, (part) => this.runOf(part));
      case 'macro':
        return this.#macro(node);
    }
  }

  #variable(node: Node): Run {
    const macro = this.#checked.variables.get(node);
    const cell = macro === undefined ? undefined : this.cells.get(macro);
    return () => cell?.value;
  }

  #macro(node: Of<'macro'>): Run {
    const of = this.runOf(node.of);
    const cell: Cell = { value: undefined };
    this.cells.set(node, cell);
    const where = node.where === null ? null : this.runOf(node.where);
    return compileMacro(node.macro, { of, cell, where, body: this.runOf(node.body) }, this.#limits);
  }

  #called(callee: Callee | undefined): Run {
    const [first, second] = (callee?.operands ?? []).map((operand) => this.runOf(operand));
    const run = callee?.run;
    if (run === undefined || first === undefined) return () => undefined;
    if (second === undefined) return (env) => run(first(env), undefined);
    return (env) => run(first(env), second(env));
  }

  /** Whether it is known and not null; of a path into a map, whether the map has the key. */
  #has(of: Node): Run {
    const run = this.runOf(of);
    if (of.kind !== 'select' || this.#checked.slots.has(of)) {
      return (env) => {
        const value = run(env);
        return value instanceof Fault ? value : value !== undefined && value !== null;
      };
    }
    const map = this.runOf(of.of);
    return (env) => {
      const value = map(env);
      return value instanceof Map ? value.has(of.field) : failureOf(value);
    };
  }

  #keyed(of: Run, key: Run): Run {
    return (env) => elementOf(of(env), key(env));
  }

  #binary(node: Of<'binary'>): Run {
    const { operator } = node;
    const callee = this.#checked.callees.get(node);
    if (callee !== undefined) return this.#called(callee);
    const left = this.runOf(node.left);
    const right = this.runOf(node.right);
    const constant = this.#constants.get(node.right);
    if (operator === 'in')
      return isList(constant) ? amongConstants(left, constant) : among(left, right, this.#limits.listItems);
    if (operator === '==' || operator === '!=') return equality(left, right, constant, operator === '==');
    const slot = this.#checked.slots.get(node.left);
    const order = ordered(operator as Ordering);
    if (slot !== undefined && typeof constant === 'number')
      return fieldAgainst(slot, operator as Ordering, constant, order);
    return numbersInOrder(left, right, operator as Ordering, order);
  }
}

function listOf(items: readonly Run[]): Run {
  return (env) => {
    const values = items.map((item) => item(env));
    const failed = failureAmong(values);
    return failed === null ? values : failed.failure;
  };
}

function mapOf(entries: readonly (readonly [Run, Run])[]): Run {
  return (env) => {
    const map = new Map<Key, Value>();
    for (const [keyOf, valueOf] of entries) {
      const key = keyOf(env);
      if (key === undefined || key === null || key instanceof Fault) return failureOf(key);
      if (map.has(key as Key)) return new Fault('repeated_key', 'a map has the same key twice');
      map.set(key as Key, valueOf(env));
    }
    const failed = failureAmong([...map.values()]);
    return failed === null ? map : failed.failure;
  };
}

/** What a list or a map comes to where not all in it is known: the whole is not. Null is known. */
function failureAmong(values: readonly Value[]): { readonly failure: undefined | Fault } | null {
  let fault: Fault | null = null;
  for (const value of values) {
    if (value === undefined) return { failure: undefined };
    if (value instanceof Fault) fault ??= value;
  }
  return fault === null ? null : { failure: fault };
}

function elementOf(of: Value, key: Value): Value {
  if (isList(of)) {
    if (!isNumber(key)) return failureOf(key);
    const at = Number(key);
    return at >= 0 && at < of.length ? of[at] : new Fault('bad_index', 'a list has no element at that place');
  }
  if (!(of instanceof Map)) return failureOf(of, key);
  if (key === undefined || key === null || key instanceof Fault) return failureOf(key);
  return of.has(key) ? of.get(key) : new Fault('no_such_key', 'a map has no such key');
}
