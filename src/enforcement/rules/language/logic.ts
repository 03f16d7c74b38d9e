/**
 * Three-valued logic: what is unknown is neither true nor false, and a fault or an unknown part does not matter where the
 * rest decides (Kleene's tables, and the absorbing `&&` and `||` of CEL, in any order). Unknown goes before a fault.
 */
import type { Node, Of } from './ast.ts';
import type { Env } from './schema.ts';
import { failureOfOne, Fault, type Value } from './value.ts';

type Run = (env: Env) => Value;

export function compileLogic(node: Of<'not' | 'and' | 'or' | 'conditional'>, runOf: (part: Node) => Run): Run {
  switch (node.kind) {
    case 'not':
      return negation(runOf(node.of));
    case 'and':
    case 'or':
      return junction(
        node.of.map((part) => runOf(part)),
        node.kind === 'or',
      );
    case 'conditional':
      return choice(runOf(node.test), runOf(node.yes), runOf(node.no));
  }
}

function negation(of: Run): Run {
  return (env) => {
    const value = of(env);
    if (value === true) return false;
    return value === false ? true : failureOfOne(value);
  };
}

/** `decisive`: the value that settles it alone, true for `||` and false for `&&`. */
function junction(parts: readonly Run[], decisive: boolean): Run {
  const [first, second] = parts;
  if (parts.length === 2 && first !== undefined && second !== undefined) {
    return (env) => {
      const one = first(env);
      if (one === decisive) return decisive;
      const two = second(env);
      if (two === decisive) return decisive;
      return one === two && typeof one === 'boolean' ? one : merged(merged(!decisive, one), two);
    };
  }
  return (env) => {
    let outcome: Value = !decisive;
    for (const part of parts) {
      const value = part(env);
      if (value === decisive) return decisive;
      if (value !== outcome) outcome = merged(outcome, value);
    }
    return outcome;
  };
}

/** Of what does not decide: unknown before the first fault before a plain value. */
export function merged(outcome: Value, value: Value): Value {
  if (typeof value === 'boolean') return outcome;
  if (outcome === undefined) return undefined;
  const failure = failureOfOne(value);
  return failure === undefined || !(outcome instanceof Fault) ? failure : outcome;
}

function choice(test: Run, yes: Run, no: Run): Run {
  return (env) => {
    const value = test(env);
    if (value === true) return yes(env);
    return value === false ? no(env) : failureOfOne(value);
  };
}
