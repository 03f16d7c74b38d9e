/** What a call means, by its name and the types of what it is given. */
import type { Node, Of } from './ast.ts';
import type { Overload } from './functions.ts';
import type { Allowance, Limits } from './limits.ts';
import type { Binary } from './operators.ts';
import { patternTest } from './patterns.ts';
import { didYouMean, type ProblemCode, Refusal } from './problem.ts';
import { TIMESTAMP_PARTS, timestampPart, zoneOffset } from './time.ts';
import { showType, type Type } from './types.ts';

/** What a call or a sign comes to: what is worked out first, and what is done with it. */
export interface Callee {
  readonly operands: readonly Node[];
  readonly run: Binary;
}

export interface Known {
  readonly functions: ReadonlyMap<string, readonly Overload[]>;
  readonly patterns: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly allowance: Allowance;
}

interface Resolved {
  readonly gives: Type;
  readonly callee: Callee;
}

/** Functions that take more than values, and how they are written. */
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['matches', 'text.matches("pattern")'],
  ['re2', 're2("name of a pattern", text)'],
  ['dyn', 'dyn(value)'],
]);
const MACROS = ['has', 'all', 'exists', 'exists_one', 'filter', 'map'];

/** Before anything is said about what it is given. */
export function refuseUnknown(node: Of<'call'>, { functions }: Known): Refusal | null {
  if (functions.has(node.name) || SPECIAL.has(node.name)) return null;
  const advice = didYouMean(node.name, [...functions.keys(), ...SPECIAL.keys(), ...MACROS]);
  return refusal('unknown_function', `There is no function ${node.name}.${advice}`, node);
}

/** `operands`: what stands before the dot, then the arguments; `types` are theirs. */
export function resolveCall(
  node: Of<'call'>,
  operands: readonly Node[],
  types: readonly Type[],
  known: Known,
): Resolved | Refusal {
  const [first, second] = operands;
  if (first !== undefined && second !== undefined && operands.length === 2) {
    if (node.name === 'matches') return matches(node, { text: first, type: types[0], pattern: second }, known);
    if (node.name === 're2' && node.target === null) {
      return matches(node, { text: second, type: types[1], pattern: first }, known);
    }
    if (types[0] === 'timestamp' && node.target !== null) {
      const part = Object.hasOwn(TIMESTAMP_PARTS, node.name) ? TIMESTAMP_PARTS[node.name] : undefined;
      if (part !== undefined) return inZone(part, first, second);
    }
  }
  if (node.name === 'dyn' && node.target === null && operands.length === 1) {
    return { gives: types[0] ?? 'empty', callee: { operands, run: (value) => value } };
  }
  const overloads = known.functions.get(node.name) ?? [];
  const fitting = overloads.find((one) => one.method === (node.target !== null) && takes(one, types));
  if (fitting !== undefined) return { gives: fitting.gives, callee: { operands, run: fitting.run } };
  const special = SPECIAL.get(node.name);
  const forms = special === undefined ? [...new Set(overloads.map((one) => formOf(node.name, one)))] : [special];
  const given = types.map(showType).join(', ') || 'nothing';
  return refusal('wrong_type', `${node.name} does not take ${given}: write ${forms.join(' or ')}.`, node);
}

/** `text.matches('pattern')` and `re2('name', text)`: the pattern is known now, and made ready now. */
function matches(
  node: Of<'call'>,
  { text, type, pattern }: { readonly text: Node; readonly type: Type | undefined; readonly pattern: Node },
  { patterns, limits, allowance }: Known,
): Resolved | Refusal {
  if (pattern.kind !== 'string') {
    return refusal('bad_pattern', `${node.name} takes a pattern that stands here in quotes.`, node);
  }
  if (type !== 'string' && type !== 'empty') {
    return refusal('wrong_type', `${node.name} looks at a text, not at ${showType(type ?? 'empty')}.`, text);
  }
  const { value } = pattern;
  const declared = Object.hasOwn(patterns, value) ? patterns[value] : undefined;
  const source = node.name === 're2' ? declared : value;
  if (source === undefined) {
    const advice = didYouMean(value, Object.keys(patterns));
    return refusal('bad_pattern', `There is no pattern named ${value}.${advice}`, pattern);
  }
  const run = patternTest(source, limits, allowance);
  if (typeof run === 'string') return refusal('bad_pattern', run, pattern);
  return { gives: 'bool', callee: { operands: [text], run } };
}

/** `time.getHours('Asia/Shanghai')`: the zone is looked up now. */
function inZone(part: (date: Date) => number, time: Node, zone: Node): Resolved | Refusal {
  if (zone.kind !== 'string') return refusal('bad_literal', 'A zone stands here in quotes.', zone);
  const offset = zoneOffset(zone.value);
  if (offset === null) {
    return refusal('bad_literal', 'There is no such zone: write "Asia/Shanghai" or "+08:00".', zone);
  }
  return { gives: 'int', callee: { operands: [time], run: timestampPart(part, offset) } };
}

function refusal(code: ProblemCode, message: string, node: Node): Refusal {
  return new Refusal(code, message, node.start, node.end);
}

function takes(overload: Overload, types: readonly Type[]): boolean {
  return types.length === overload.takes.length && overload.takes.every((wanted, at) => fits(types[at], wanted));
}

function fits(type: Type | undefined, wanted: Type | 'list' | 'map'): boolean {
  if (type === undefined || type === 'null') return false;
  if (type === 'empty' || type === wanted) return true;
  return typeof type === 'object' && (wanted === 'list' || wanted === 'map') && wanted in type;
}

function formOf(name: string, overload: Overload): string {
  const shown = overload.takes.map((type) => (typeof type === 'string' ? type : showType(type)));
  return overload.method ? `${shown[0]}.${name}(${shown.slice(1).join(', ')})` : `${name}(${shown.join(', ')})`;
}
