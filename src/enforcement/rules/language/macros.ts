import type { Macro } from './ast.ts';
import type { Limits } from './limits.ts';
import { merged } from './logic.ts';
import type { Env } from './schema.ts';
import { failureOfOne, Fault, isList, type Value } from './value.ts';

type Run = (env: Env) => Value;

/** Where the body of a macro finds the element it is at; one expression is never worked out inside itself. */
export interface Cell {
  value: Value;
}

interface MacroParts {
  readonly of: Run;
  readonly cell: Cell;
  readonly where: Run | null;
  readonly body: Run;
}

/** Over a list, or the keys of a map; one longer than the limit is unknown, for it was not looked at. */
export function compileMacro(macro: Macro, parts: MacroParts, limits: Limits): Run {
  const { of } = parts;
  const over = overItems(macro, parts);
  return (env) => {
    const value = of(env);
    if (value instanceof Map && value.size > limits.listItems) return undefined;
    const items = value instanceof Map ? [...value.keys()] : value;
    if (!isList(items)) return failureOfOne(value);
    return items.length > limits.listItems ? undefined : over(items, env);
  };
}

function overItems(macro: Macro, { cell, where, body }: MacroParts): (items: readonly Value[], env: Env) => Value {
  const at = (run: Run, item: Value, env: Env): Value => {
    cell.value = item;
    return run(env);
  };
  switch (macro) {
    case 'all':
    case 'exists':
      return (items, env) => anyDecides(items, macro === 'exists', (item) => at(body, item, env));
    case 'exists_one':
      return (items, env) => {
        const found = matching(items, (item) => at(body, item, env));
        return isList(found) ? found.length === 1 : found;
      };
    case 'filter':
      return (items, env) => matching(items, (item) => at(body, item, env));
    case 'map':
      return (items, env) => {
        const found = where === null ? items : matching(items, (item) => at(where, item, env));
        return isList(found) ? mapped(found, (item) => at(body, item, env)) : found;
      };
  }
}

function anyDecides(items: readonly Value[], decisive: boolean, test: (item: Value) => Value): Value {
  let outcome: Value = !decisive;
  for (const item of items) {
    const value = test(item);
    if (value === decisive) return decisive;
    outcome = merged(outcome, value);
  }
  return outcome;
}

/** Every element counts here, so that nothing makes up for one that is not known. */
function matching(items: readonly Value[], test: (item: Value) => Value): readonly Value[] | undefined | Fault {
  let failure: Value = true;
  const found: Value[] = [];
  for (const item of items) {
    const value = test(item);
    if (value === true) found.push(item);
    else failure = merged(failure, value);
  }
  return failure === true ? found : failureOfOne(failure);
}

function mapped(items: readonly Value[], change: (item: Value) => Value): Value {
  const changed: Value[] = [];
  for (const item of items) {
    const value = change(item);
    if (value instanceof Fault || value === undefined) return value;
    changed.push(value);
  }
  return changed;
}
