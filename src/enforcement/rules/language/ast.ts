/**
 * The one form of an expression: plain data without functions or classes, so that a builder of rules in a page can make it
 * and a database can keep it. `start` and `end` are offsets in the source, in UTF-16 units; 0 where there was no source.
 */
interface Placed {
  readonly start: number;
  readonly end: number;
}

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';
export type Macro = 'all' | 'exists' | 'exists_one' | 'filter' | 'map';

export type Node = Placed &
  (
    | { readonly kind: 'null' }
    | { readonly kind: 'bool'; readonly value: boolean }
    /** Decimal digits, behind a minus where negative: JSON has no 64-bit integers. */
    | { readonly kind: 'int'; readonly value: string }
    /** Finite, and not negative zero: JSON has neither. */
    | { readonly kind: 'double'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | { readonly kind: 'map'; readonly entries: readonly { readonly key: Node; readonly value: Node }[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'select'; readonly of: Node; readonly field: string }
    | { readonly kind: 'index'; readonly of: Node; readonly key: Node }
    /** `target` is what stands before the dot, null for `f(x)`. */
    | { readonly kind: 'call'; readonly name: string; readonly target: Node | null; readonly args: readonly Node[] }
    | { readonly kind: 'has'; readonly of: Node }
    | { readonly kind: 'not'; readonly of: Node }
    | { readonly kind: 'minus'; readonly of: Node }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
    /** At least two: a chain is one node, so that its length is no depth. */
    | { readonly kind: 'and'; readonly of: readonly Node[] }
    | { readonly kind: 'or'; readonly of: readonly Node[] }
    | { readonly kind: 'conditional'; readonly test: Node; readonly yes: Node; readonly no: Node }
    | {
        readonly kind: 'macro';
        readonly macro: Macro;
        readonly of: Node;
        readonly variable: string;
        /** Of `map` with three arguments: which elements are taken. */
        readonly where: Node | null;
        readonly body: Node;
      }
  );

/** One kind of node. */
export type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

/** A node without its place. */
export type Bare = WithoutPlace<Node>;
type WithoutPlace<One> = One extends Node ? Omit<One, 'start' | 'end'> : never;

/** What stands directly under a node, in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'null':
    case 'bool':
    case 'int':
    case 'double':
    case 'string':
    case 'name':
      return [];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'select':
    case 'has':
    case 'not':
    case 'minus':
      return [node.of];
    case 'index':
      return [node.of, node.key];
    case 'call':
      return node.target === null ? node.args : [node.target, ...node.args];
    case 'binary':
      return [node.left, node.right];
    case 'and':
    case 'or':
      return node.of;
    case 'conditional':
      return [node.test, node.yes, node.no];
    case 'macro':
      return node.where === null ? [node.of, node.body] : [node.of, node.where, node.body];
  }
}
