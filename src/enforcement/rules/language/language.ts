/**
 * The language of rules: a subset of CEL, checked against a schema before it is admitted and compiled to closures. It has
 * no clock, no randomness and no effects; work is bounded by the limits. Nothing here throws for what a person wrote or
 * what an event holds.
 */
import { ok, refuse, type Result } from '../../../base/result.ts';
import { childrenOf, type Node } from './ast.ts';
import { check, type Checked, isClosed } from './check.ts';
import { type Code, compile } from './compile.ts';
import { explain, type Explanation } from './explain.ts';
import { type Limits, RULE_LIMITS } from './limits.ts';
import { parse } from './parser.ts';
import { print } from './print.ts';
import { type Problem, problemAt, Refusal } from './problem.ts';
import type { Env, Schema } from './schema.ts';
import { showType, type Type } from './types.ts';
import { Fault, type Value } from './value.ts';

/** `unknown`: a field it rests on is unknown, or was too long to look at. A fault is never false and never true. */
export type Outcome = boolean | 'unknown' | Fault;

/** A part that could be shared: the same `key` in any expression over the same schema means the same value. */
export interface Part {
  /** Its text, in the one form `printed`. */
  readonly key: string;
  readonly nodes: number;
}

/** An expression that was admitted. */
export interface Expression {
  readonly ast: Node;
  /** In the one form that every expression of this meaning and structure is printed in. */
  readonly printed: string;
  readonly type: Type;
  /** The fields it reads, each once, in the order of the schema. */
  readonly fields: readonly string[];
  readonly nodes: number;
  /** Outside macros and larger than a name or a literal, each once. */
  readonly parts: readonly Part[];
  value(env: Env): Value;
}

/** An expression of type `bool`. */
export interface Condition extends Expression {
  evaluate(env: Env): Outcome;
  /** Why it came out as it did: the fewest parts that suffice. */
  explain(env: Env): Explanation;
}

export interface CompileOptions {
  /** Those of rules where left out. */
  readonly limits?: Limits;
  /** Parts that several expressions have: a slot of `Env`, behind the fields, by the `key` of the part. */
  readonly shared?: ReadonlyMap<string, number>;
}

type Compiled<Admitted> = Result<Admitted, readonly Problem[]>;

/** A condition, or all that is wrong with it. */
export function compileCondition(source: string, schema: Schema, options: CompileOptions = {}): Compiled<Condition> {
  return admitted(source, schema, options, true, ({ ast, checked, nodes }, code) => {
    const expression = expressionOf(ast, nodes, checked, schema, code);
    return {
      ...expression,
      evaluate: (env) => outcomeOf(expression.value(env)),
      explain: (env) => explain(ast, { code, checked, schema, env }),
    };
  });
}

/** An expression of any type: what a queue is ordered by, what a test compares. */
export function compileExpression(source: string, schema: Schema, options: CompileOptions = {}): Compiled<Expression> {
  return admitted(source, schema, options, false, ({ ast, checked, nodes }, code) =>
    expressionOf(ast, nodes, checked, schema, code),
  );
}

interface Read {
  readonly ast: Node;
  readonly nodes: number;
  readonly checked: Checked;
}

function admitted<Admitted>(
  source: string,
  schema: Schema,
  { limits = RULE_LIMITS, shared = new Map() }: CompileOptions,
  mustBeBool: boolean,
  make: (read: Read, code: Code) => Admitted,
): Compiled<Admitted> {
  try {
    const { ast, nodes } = parse(source, limits);
    const checked = check(ast, schema, limits);
    if (checked.problems.length > 0) return refuse(checked.problems.map((problem) => problemAt(source, problem)));
    if (mustBeBool && checked.type !== 'bool') throw notACondition(ast, checked.type);
    return ok(make({ ast, nodes, checked }, compile(ast, checked, limits, shared)));
  } catch (error) {
    if (error instanceof Refusal) return refuse([problemAt(source, error)]);
    throw error;
  }
}

function notACondition(ast: Node, type: Type): Refusal {
  const message = `A condition is true or false, and this is ${showType(type)}: compare it with something.`;
  return new Refusal('not_a_condition', message, ast.start, ast.end);
}

function expressionOf(ast: Node, nodes: number, checked: Checked, schema: Schema, code: Code): Expression {
  const used = new Set(checked.slots.values());
  return {
    ast,
    printed: print(ast),
    type: checked.type,
    fields: schema.fields.filter((_, slot) => used.has(slot)).map((field) => field.name),
    nodes,
    parts: partsOf(ast, checked),
    value: (env) => valueOf(code, env),
  };
}

const bug = new Fault('bug', 'an expression could not be worked out: this is a fault of the language itself');

/** A bug in here must not take the request with it; the engine sees it as a fault, and reports it. */
function valueOf(code: Code, env: Env): Value {
  try {
    return code.run(env);
  } catch {
    return bug;
  }
}

function outcomeOf(value: Value): Outcome {
  if (typeof value === 'boolean') return value;
  return value instanceof Fault ? value : 'unknown';
}

function partsOf(ast: Node, checked: Checked): readonly Part[] {
  const parts = new Map<string, Part>();
  const visit = (node: Node): number => {
    let nodes = 1;
    for (const child of childrenOf(node)) nodes += visit(child);
    if (nodes > 1 && !checked.slots.has(node) && isClosed(node, checked)) {
      const key = print(node);
      parts.set(key, { key, nodes });
    }
    return nodes;
  };
  visit(ast);
  return [...parts.values()];
}
