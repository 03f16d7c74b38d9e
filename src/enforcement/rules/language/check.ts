import { negateDouble, negateInt } from './arithmetic.ts';
import { childrenOf, type Node, type Of } from './ast.ts';
import { type Callee, type Known, refuseUnknown, resolveCall } from './calls.ts';
import { functionsWithin } from './functions.ts';
import type { Allowance, Limits } from './limits.ts';
import { arithmeticOf, canOrder, isArithmetic } from './operators.ts';
import { didYouMean, type ProblemCode, Refusal } from './problem.ts';
import type { Schema } from './schema.ts';
import { canEqual, showType, type Type, unify } from './types.ts';

/** What is known of the nodes of an expression whose types fit. */
export interface Checked {
  readonly type: Type;
  /** Of nodes that are a field: its place in the schema. */
  readonly slots: ReadonlyMap<Node, number>;
  /** Of names that stand for an element: the macro they belong to. */
  readonly variables: ReadonlyMap<Node, Node>;
  readonly callees: ReadonlyMap<Node, Callee>;
  /** To be filled again for every answer. */
  readonly allowance: Allowance;
  readonly problems: readonly Refusal[];
}

/** All that is wrong with the types at once; what follows from one problem is not told again. */
export function check(ast: Node, schema: Schema, limits: Limits): Checked {
  const allowance = { characters: limits.searchedCharacters };
  const checker = new Checker(schema, limits, allowance);
  const type = checker.typeOf(ast);
  return {
    type,
    slots: checker.slots,
    variables: checker.variables,
    callees: checker.callees,
    allowance,
    problems: checker.problems,
  };
}

class Checker {
  readonly slots = new Map<Node, number>();
  readonly variables = new Map<Node, Node>();
  readonly callees = new Map<Node, Callee>();
  readonly problems: Refusal[] = [];
  readonly #schema: Schema;
  readonly #limits: Limits;
  readonly #slotOf: ReadonlyMap<string, number>;
  readonly #known: Known;
  readonly #scope: { readonly name: string; readonly type: Type; readonly macro: Node }[] = [];

  constructor(schema: Schema, limits: Limits, allowance: Allowance) {
    this.#schema = schema;
    this.#limits = limits;
    this.#slotOf = new Map(schema.fields.map((field, slot) => [field.name, slot]));
    const { patterns } = schema;
    this.#known = { functions: functionsWithin(limits, allowance), patterns, limits, allowance };
  }

  typeOf(node: Node): Type {
    switch (node.kind) {
      case 'null':
      case 'bool':
      case 'int':
      case 'double':
      case 'string':
        return node.kind;
      case 'name':
        return this.#name(node);
      case 'select':
        return this.#select(node);
      case 'has':
        return this.#has(node);
      case 'list':
        return { list: this.#oneTypeOf(node.items, 'A list') };
      case 'map':
        return this.#map(node);
      case 'index':
        return this.#index(node);
      case 'call':
        return this.#call(node);
      case 'not':
        this.#bool(node.of, '!');
        return 'bool';
      case 'minus':
        return this.#minus(node);
      case 'and':
      case 'or':
        for (const part of node.of) this.#bool(part, node.kind === 'and' ? '&&' : '||');
        return 'bool';
      case 'binary':
        return this.#binary(node);
      case 'conditional':
        this.#bool(node.test, '?');
        return this.#oneTypeOf([node.yes, node.no], 'A choice');
      case 'macro':
        return this.#macro(node);
    }
  }

  #problem(code: ProblemCode, message: string, node: Node): 'empty' {
    return this.#refused(new Refusal(code, message, node.start, node.end));
  }

  /** Goes with everything, so that one mistake is told once. */
  #refused(refusal: Refusal): 'empty' {
    this.problems.push(refusal);
    return 'empty';
  }

  #bool(node: Node, sign: string): void {
    const type = this.typeOf(node);
    if (type === 'bool' || type === 'empty') return;
    this.#problem(
      'wrong_type',
      `${sign} takes what is true or false, and this is ${showType(type)}: compare it.`,
      node,
    );
  }

  #name(node: Of<'name'>): Type {
    for (let at = this.#scope.length - 1; at >= 0; at -= 1) {
      const bound = this.#scope[at];
      if (bound?.name !== node.name) continue;
      this.variables.set(node, bound.macro);
      return bound.type;
    }
    return this.#field(node, node.name) ?? this.#unknownName(node, node.name);
  }

  #field(node: Node, name: string): Type | null {
    const slot = this.#slotOf.get(name);
    const field = slot === undefined ? undefined : this.#schema.fields[slot];
    if (slot === undefined || field === undefined) return null;
    this.slots.set(node, slot);
    return field.type;
  }

  #unknownName(node: Node, name: string): 'empty' {
    const below = this.#schema.fields.filter((field) => field.name.startsWith(`${name}.`)).map((field) => field.name);
    const known = [...this.#slotOf.keys(), ...this.#scope.map((bound) => bound.name)];
    const advice = below.length > 0 ? ` It has ${below.slice(0, 6).join(', ')}.` : didYouMean(name, known);
    return this.#problem('unknown_name', `There is no field ${name}.${advice}`, node);
  }

  /** The longest name that is a field counts, as in CEL; what follows it is a key of a map. */
  #select(node: Of<'select'>): Type {
    const path = pathOf(node);
    const free = path !== null && !this.#scope.some((bound) => bound.name === path.split('.')[0]);
    const field = free ? this.#field(node, path) : null;
    if (field !== null) return field;
    if (free && !this.#hasFieldIn(path)) return this.#unknownName(node, path);
    const of = this.typeOf(node.of);
    if (of === 'empty') return 'empty';
    if (typeof of === 'object' && 'map' in of && canEqual(of.map[0], 'string')) return of.map[1];
    return this.#problem('wrong_type', `${showType(of)} has no fields: only a map with text as keys has.`, node);
  }

  #hasFieldIn(path: string): boolean {
    const parts = path.split('.');
    return parts.some((_, at) => this.#slotOf.has(parts.slice(0, at).join('.')));
  }

  #has(node: Of<'has'>): Type {
    this.typeOf(node.of);
    if (this.variables.has(node.of))
      this.#problem('wrong_type', 'has(...) asks for a field, not for an element.', node);
    return 'bool';
  }

  #oneTypeOf(nodes: readonly Node[], what: string): Type {
    let common: Type = 'empty';
    for (const node of nodes) {
      const type = this.typeOf(node);
      const both = unify(common, type);
      if (both === null) {
        const message = `${what} is of one type: this is ${showType(type)}, and before it stands ${showType(common)}.`;
        return this.#problem('wrong_type', message, node);
      }
      common = both;
    }
    return common;
  }

  #map(node: Of<'map'>): Type {
    const key = this.#oneTypeOf(
      node.entries.map((entry) => entry.key),
      'The key of a map',
    );
    if (key !== 'bool' && key !== 'int' && key !== 'string' && key !== 'empty') {
      this.#problem('wrong_type', `The keys of a map are bool, int or string, not ${showType(key)}.`, node);
    }
    const value = this.#oneTypeOf(
      node.entries.map((entry) => entry.value),
      'The value of a map',
    );
    return { map: [key, value] };
  }

  #index(node: Of<'index'>): Type {
    const of = this.typeOf(node.of);
    const key = this.typeOf(node.key);
    if (of === 'empty') return 'empty';
    if (typeof of === 'string') {
      return this.#problem('wrong_type', `${of} has no elements: only lists and maps have.`, node.of);
    }
    if ('list' in of) {
      if (key === 'int' || key === 'empty') return of.list;
      return this.#problem('wrong_type', `The place in a list is int, not ${showType(key)}.`, node.key);
    }
    if (canEqual(of.map[0], key)) return of.map[1];
    return this.#problem(
      'wrong_type',
      `The keys of this map are ${showType(of.map[0])}, not ${showType(key)}.`,
      node.key,
    );
  }

  #minus(node: Of<'minus'>): Type {
    const type = this.typeOf(node.of);
    if (type !== 'int' && type !== 'double' && type !== 'empty') {
      return this.#problem('wrong_type', `- takes int or double, not ${showType(type)}.`, node);
    }
    const run = type === 'double' ? negateDouble : negateInt;
    this.callees.set(node, { operands: [node.of], run });
    return type;
  }

  #binary(node: Of<'binary'>): Type {
    const left = this.typeOf(node.left);
    const right = this.typeOf(node.right);
    const { operator } = node;
    if (isArithmetic(operator)) {
      const rule = arithmeticOf(operator, left, right, this.#limits);
      if (rule === null) return this.#noMeaning(node, left, right);
      this.callees.set(node, { operands: [node.left, node.right], run: rule.run });
      return rule.gives;
    }
    if (operator === 'in') this.#in(node, left, right);
    else if (operator === '==' || operator === '!=') this.#equality(node, left, right);
    else if (!canOrder(left, right)) this.#noMeaning(node, left, right);
    return 'bool';
  }

  #noMeaning(node: Of<'binary'>, left: Type, right: Type): 'empty' {
    const mixed = (left === 'int' && right === 'double') || (left === 'double' && right === 'int');
    const advice = mixed ? ' Write double(...) around the int, or 1.0 for 1.' : '';
    const message = `${node.operator} has no meaning between ${showType(left)} and ${showType(right)}.${advice}`;
    return this.#problem('wrong_type', message, node);
  }

  #equality(node: Of<'binary'>, left: Type, right: Type): void {
    if (!canEqual(left, right)) {
      const message = `${showType(left)} and ${showType(right)} are never equal: compare what is of one type.`;
      this.#problem('wrong_type', message, node);
    } else if (left === 'null' || right === 'null') this.#refuseNever(left === 'null' ? node.right : node.left);
  }

  #refuseNever(node: Node): void {
    const field = this.#schema.fields[this.slots.get(node) ?? -1];
    if (field === undefined || field.nullable) return;
    this.#problem('wrong_type', `${field.name} is never null: ask has(${field.name}) whether it is known.`, node);
  }

  #in(node: Of<'binary'>, left: Type, right: Type): void {
    if (right === 'empty') return;
    const among = typeof right === 'string' ? null : 'list' in right ? right.list : right.map[0];
    if (among === null) {
      this.#problem('wrong_type', `in asks a list or the keys of a map, and this is ${showType(right)}.`, node.right);
    } else if (!canEqual(left, among)) {
      this.#problem('wrong_type', `${showType(left)} is never among ${showType(among)}.`, node);
    }
  }

  #macro(node: Of<'macro'>): Type {
    const of = this.typeOf(node.of);
    if (typeof of === 'string' && of !== 'empty') {
      return this.#problem('wrong_type', `${node.macro} goes through a list or the keys of a map, not ${of}.`, node.of);
    }
    const element = typeof of === 'string' ? of : 'list' in of ? of.list : of.map[0];
    if (this.#slotOf.has(node.variable)) {
      this.#problem('wrong_type', `${node.variable} is a field already: give the element another name.`, node);
    }
    this.#scope.push({ name: node.variable, type: element, macro: node });
    if (node.where !== null) this.#bool(node.where, node.macro);
    const body = node.macro === 'map' ? this.typeOf(node.body) : (this.#bool(node.body, node.macro), 'bool');
    this.#scope.pop();
    if (node.macro === 'map') return { list: body };
    return node.macro === 'filter' ? { list: element } : 'bool';
  }

  #call(node: Of<'call'>): Type {
    const unknown = refuseUnknown(node, this.#known);
    if (unknown !== null) return this.#refused(unknown);
    const operands = node.target === null ? node.args : [node.target, ...node.args];
    const types = operands.map((operand) => this.typeOf(operand));
    const resolved = resolveCall(node, operands, types, this.#known);
    if (resolved instanceof Refusal) return this.#refused(resolved);
    this.callees.set(node, resolved.callee);
    return resolved.gives;
  }
}

/** `a.b.c` of names and selections alone; null for everything else. */
function pathOf(node: Node): string | null {
  if (node.kind === 'name') return node.name;
  if (node.kind !== 'select') return null;
  const of = pathOf(node.of);
  return of === null ? null : `${of}.${node.field}`;
}

/** Whether it means the same wherever it stands: no element of a macro around it is named in it. */
export function isClosed(node: Node, checked: Checked, within: readonly Node[] = []): boolean {
  const macro = checked.variables.get(node);
  if (macro !== undefined) return within.includes(macro);
  const inside = node.kind === 'macro' ? [...within, node] : within;
  return childrenOf(node).every((child) => isClosed(child, checked, inside));
}
