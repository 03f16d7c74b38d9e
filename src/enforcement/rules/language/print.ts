import type { Node } from './ast.ts';
import { quoteString } from './string-literal.ts';

/** How tightly each form holds, from CEL's grammar; a part that holds less tightly than its place asks is put in brackets. */
const BINDING: Readonly<Record<string, number>> = {
  conditional: 0,
  or: 1,
  and: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  in: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  unary: 6,
  member: 7,
};

/** One text for every form: reading it gives the same tree back, but for the places. */
export function print(node: Node): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'bool':
      return String(node.value);
    case 'int':
      return node.value;
    case 'double':
      return printDouble(node.value);
    case 'string':
      return quoteString(node.value);
    case 'name':
      return node.name;
    case 'list':
      return `[${node.items.map(print).join(', ')}]`;
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${print(key)}: ${print(value)}`).join(', ')}}`;
    case 'select':
      return `${within(node.of, 'member')}.${/^[A-Za-z_]\w*$/.test(node.field) ? node.field : `\`${node.field}\``}`;
    case 'index':
      return `${within(node.of, 'member')}[${print(node.key)}]`;
    case 'call': {
      const args = node.args.map(print).join(', ');
      return node.target === null ? `${node.name}(${args})` : `${within(node.target, 'member')}.${node.name}(${args})`;
    }
    case 'has':
      return `has(${print(node.of)})`;
    case 'not':
      return `!${within(node.of, 'unary')}`;
    case 'minus':
      return `-${within(node.of, 'unary', node.of.kind === 'int' || node.of.kind === 'double')}`;
    case 'binary':
      return `${within(node.left, node.operator)} ${node.operator} ${within(node.right, node.operator, bindingOf(node.right) === bindingOf(node))}`;
    case 'and':
    case 'or':
      return node.of
        .map((part) => within(part, node.kind, part.kind === node.kind))
        .join(node.kind === 'and' ? ' && ' : ' || ');
    case 'conditional':
      return `${within(node.test, 'or')} ? ${within(node.yes, 'or')} : ${print(node.no)}`;
    case 'macro': {
      const where = node.where === null ? '' : `${print(node.where)}, `;
      return `${within(node.of, 'member')}.${node.macro}(${node.variable}, ${where}${print(node.body)})`;
    }
  }
}

function within(node: Node, place: string, always = false): string {
  return always || bindingOf(node) < (BINDING[place] ?? 0) ? `(${print(node)})` : print(node);
}

function bindingOf(node: Node): number {
  const negative = (node.kind === 'int' && node.value.startsWith('-')) || (node.kind === 'double' && node.value < 0);
  const form =
    node.kind === 'binary' ? node.operator : node.kind === 'not' || node.kind === 'minus' ? 'unary' : node.kind;
  return negative ? (BINDING['unary'] ?? 0) : (BINDING[form] ?? BINDING['member'] ?? 0);
}

function printDouble(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
