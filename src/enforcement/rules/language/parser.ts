import type { Bare, BinaryOperator, Macro, Node } from './ast.ts';
import { childrenOf } from './ast.ts';
import { type Meter, type Token, tokensOf } from './lexer.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './problem.ts';

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const RELATIONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
/** Names that CEL keeps for itself; after a dot they are fields like others. */
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
);
const INT_MAX = 2n ** 63n - 1n;

export interface Parsed {
  readonly ast: Node;
  readonly nodes: number;
}

/** Recursive descent with the precedence of CEL. Throws `Refusal`; `meter` counts tokens read and nodes made. */
export function parse(source: string, limits: Limits, meter: Meter = { steps: 0 }): Parsed {
  if (source.length > limits.sourceCharacters) {
    const message = `An expression may hold ${limits.sourceCharacters} characters: split it into several rules.`;
    throw new Refusal('too_long', message, limits.sourceCharacters, source.length);
  }
  const parser = new Parser(tokensOf(source, limits, meter), limits, meter);
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #limits: Limits;
  readonly #meter: Meter;
  readonly #heights = new Map<Node, number>();
  #at = 0;
  #nesting = 0;
  #macroDepth = 0;

  constructor(tokens: readonly Token[], limits: Limits, meter: Meter) {
    this.#tokens = tokens;
    this.#limits = limits;
    this.#meter = meter;
  }

  whole(): Parsed {
    const ast = this.#expression();
    if (this.#here.kind !== 'end') throw this.#unexpected('the end, or a sign such as && between two parts');
    return { ast, nodes: this.#heights.size };
  }

  get #here(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Refusal('syntax', 'There is nothing here.', 0, 0);
    return token;
  }

  #next(): Token {
    const token = this.#here;
    this.#meter.steps += 1;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #isSign(text: string): boolean {
    const here = this.#here;
    return here.kind === 'sign' && here.text === text;
  }

  #take(text: string): boolean {
    if (!this.#isSign(text)) return false;
    this.#next();
    return true;
  }

  #expect(text: string, opened: Token): Token {
    if (this.#isSign(text)) return this.#next();
    if (this.#here.kind === 'end') {
      throw new Refusal(
        'unterminated',
        `${opened.text} is opened and never closed: ${text} is missing.`,
        opened.start,
        opened.end,
      );
    }
    throw this.#unexpected(text);
  }

  #unexpected(wanted: string): Refusal {
    const { kind, text, start, end } = this.#here;
    const found = kind === 'end' ? 'the text ends' : kind === 'string' ? 'a text stands' : `${text} stands`;
    return new Refusal('syntax', `Here ${found} where ${wanted} is expected.`, start, end);
  }

  /** Every node is made here, and counted. */
  #place(bare: Bare, start: number): Node {
    const end = this.#tokens[this.#at - 1]?.end ?? start;
    const node = { ...bare, start, end } as Node;
    this.#meter.steps += 1;
    let below = 0;
    for (const child of childrenOf(node)) below = Math.max(below, this.#heights.get(child) ?? 0);
    this.#heights.set(node, below + 1);
    if (below + 1 > this.#limits.depth) throw this.#tooDeep(start);
    if (this.#heights.size > this.#limits.nodes) {
      const message = `An expression may have ${this.#limits.nodes} parts: split it into several rules.`;
      throw new Refusal('too_large', message, start, end);
    }
    return node;
  }

  #tooDeep(start: number): Refusal {
    const message = `Parts may lie in one another ${this.#limits.depth} deep: split it into several rules.`;
    return new Refusal('too_deep', message, start, this.#here.end);
  }

  #deeper<Result>(read: () => Result): Result {
    this.#nesting += 1;
    if (this.#nesting > this.#limits.depth + 1) throw this.#tooDeep(this.#here.start);
    const result = read();
    this.#nesting -= 1;
    return result;
  }

  #expression(): Node {
    return this.#deeper(() => {
      const start = this.#here.start;
      const test = this.#chain('or');
      const question = this.#here;
      if (!this.#take('?')) return test;
      const yes = this.#chain('or');
      this.#expect(':', question);
      const no = this.#expression();
      return this.#place({ kind: 'conditional', test, yes, no }, start);
    });
  }

  #chain(kind: 'and' | 'or'): Node {
    const start = this.#here.start;
    const part = (): Node => (kind === 'or' ? this.#chain('and') : this.#relation());
    const of = [part()];
    while (this.#take(kind === 'or' ? '||' : '&&')) of.push(part());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : this.#place({ kind, of }, start);
  }

  #relation(): Node {
    return this.#leftward(
      (token) => RELATIONS.has(token.text) && token.kind !== 'string',
      () => this.#sum(),
    );
  }

  #sum(): Node {
    return this.#leftward(
      (token) => token.kind === 'sign' && (token.text === '+' || token.text === '-'),
      () => this.#product(),
    );
  }

  #product(): Node {
    return this.#leftward(
      (token) => token.kind === 'sign' && '*/%'.includes(token.text),
      () => this.#unary(),
    );
  }

  #leftward(isOperator: (token: Token) => boolean, operand: () => Node): Node {
    const start = this.#here.start;
    let left = operand();
    while (isOperator(this.#here)) {
      const operator = this.#next().text as BinaryOperator;
      left = this.#place({ kind: 'binary', operator, left, right: operand() }, start);
    }
    return left;
  }

  #unary(): Node {
    const start = this.#here.start;
    if (this.#take('!')) return this.#place({ kind: 'not', of: this.#deeper(() => this.#unary()) }, start);
    if (!this.#isSign('-')) return this.#member();
    this.#next();
    return this.#negativeLiteral(start) ?? this.#place({ kind: 'minus', of: this.#deeper(() => this.#unary()) }, start);
  }

  /** A minus and a number right behind it are one number, or the smallest of all could not be written. */
  #negativeLiteral(start: number): Node | null {
    const { kind, text } = this.#here;
    const after = this.#tokens[this.#at + 1];
    if (after?.kind === 'sign' && (after.text === '.' || after.text === '[')) return null;
    if (kind === 'int' && text !== '0') {
      this.#next();
      return this.#place({ kind: 'int', value: `-${text}` }, start);
    }
    if (kind !== 'double' || Number(text) === 0) return null;
    this.#next();
    return this.#place({ kind: 'double', value: -Number(text) }, start);
  }

  #member(): Node {
    const start = this.#here.start;
    let node = this.#primary();
    for (;;) {
      const opened = this.#here;
      if (this.#take('.')) node = this.#selection(node, start);
      else if (this.#take('[')) {
        this.#refuseOptional();
        const key = this.#expression();
        this.#expect(']', opened);
        node = this.#place({ kind: 'index', of: node, key }, start);
      } else if (opened.kind === 'sign' && opened.text === '{' && (node.kind === 'name' || node.kind === 'select')) {
        throw new Refusal(
          'unsupported',
          'There are no messages: a map is written {"key": value}.',
          opened.start,
          opened.end,
        );
      } else return node;
    }
  }

  #refuseOptional(): void {
    const { start, end } = this.#here;
    if (this.#isSign('?'))
      throw new Refusal('unsupported', 'There are no optional values: ask has(...) first.', start, end);
  }

  #selection(of: Node, start: number): Node {
    this.#refuseOptional();
    const token = this.#here;
    if (token.kind !== 'name' && token.kind !== 'quoted') throw this.#unexpected('a name after the dot');
    this.#next();
    const opened = this.#here;
    if (token.kind === 'quoted' || !this.#take('('))
      return this.#place({ kind: 'select', of, field: token.text }, start);
    return MACROS.has(token.text)
      ? this.#macro(of, token, opened, start)
      : this.#place({ kind: 'call', name: token.text, target: of, args: this.#items(')', opened) }, start);
  }

  #macro(of: Node, name: Token, opened: Token, start: number): Node {
    this.#macroDepth += 1;
    if (this.#macroDepth > this.#limits.macroDepth) {
      const message = `${name.text} stands inside another of its kind: write two rules, or give the event the count.`;
      throw new Refusal('too_deep', message, name.start, name.end);
    }
    const args = this.#items(')', opened);
    this.#macroDepth -= 1;
    const [variable, second, third] = args;
    const most = name.text === 'map' ? 3 : 2;
    if (variable?.kind !== 'name' || second === undefined || args.length > most) {
      throw new Refusal(
        'syntax',
        `Write ${name.text} as list.${name.text}(x, ...) with a name for one element.`,
        name.start,
        name.end,
      );
    }
    const body = third ?? second;
    const where = third === undefined ? null : second;
    const macro = name.text as Macro;
    return this.#place({ kind: 'macro', macro, of, variable: variable.name, where, body }, start);
  }

  #items(close: ')' | ']', opened: Token): readonly Node[] {
    const items: Node[] = [];
    while (!this.#isSign(close)) {
      this.#refuseOptional();
      items.push(this.#expression());
      this.#refuseLong(items.length);
      if (!this.#take(',')) break;
      if (close === ')' && this.#isSign(')')) throw this.#unexpected('another argument');
    }
    this.#expect(close, opened);
    return items;
  }

  #refuseLong(items: number): void {
    if (items <= this.#limits.listItems) return;
    const message = `A list or map may have ${this.#limits.listItems} elements: a longer one comes as a field.`;
    throw new Refusal('too_large', message, this.#here.start, this.#here.end);
  }

  #primary(): Node {
    const token = this.#here;
    const { start, end, text } = token;
    switch (token.kind) {
      case 'int':
        this.#next();
        if (BigInt(text) > INT_MAX) throw new Refusal('bad_number', `Whole numbers go to ${INT_MAX}.`, start, end);
        return this.#place({ kind: 'int', value: text }, start);
      case 'double':
        this.#next();
        return this.#place({ kind: 'double', value: Number(text) }, start);
      case 'string':
        this.#next();
        return this.#place({ kind: 'string', value: text }, start);
      case 'name':
        return this.#named(token);
      case 'sign':
        if (text === '(') return this.#group(token);
        if (text === '[') return this.#list(token);
        if (text === '{') return this.#map(token);
        if (text === '.')
          throw new Refusal('unsupported', 'A name does not begin with a dot: leave it out.', start, end);
        throw this.#unexpected('a name, a value or (');
      case 'quoted':
      case 'end':
        throw this.#unexpected('a name, a value or (');
    }
  }

  #group(opened: Token): Node {
    this.#next();
    const inner = this.#expression();
    this.#expect(')', opened);
    return inner;
  }

  #list(opened: Token): Node {
    this.#next();
    return this.#place({ kind: 'list', items: this.#items(']', opened) }, opened.start);
  }

  #map(opened: Token): Node {
    this.#next();
    const entries: { key: Node; value: Node }[] = [];
    while (!this.#isSign('}')) {
      this.#refuseOptional();
      const key = this.#expression();
      if (!this.#take(':')) throw this.#unexpected(': between key and value');
      entries.push({ key, value: this.#expression() });
      this.#refuseLong(entries.length);
      if (!this.#take(',')) break;
    }
    this.#expect('}', opened);
    return this.#place({ kind: 'map', entries }, opened.start);
  }

  #named(token: Token): Node {
    this.#next();
    const { text, start, end } = token;
    if (text === 'true' || text === 'false') return this.#place({ kind: 'bool', value: text === 'true' }, start);
    if (text === 'null') return this.#place({ kind: 'null' }, start);
    if (RESERVED.has(text)) {
      throw new Refusal('syntax', `${text} is a word of the language and names nothing: use another name.`, start, end);
    }
    const opened = this.#here;
    if (!this.#take('(')) return this.#place({ kind: 'name', name: text }, start);
    const args = this.#items(')', opened);
    return text === 'has'
      ? this.#has(args, token)
      : this.#place({ kind: 'call', name: text, target: null, args }, start);
  }

  #has(args: readonly Node[], token: Token): Node {
    const [of] = args;
    if (args.length !== 1 || (of?.kind !== 'select' && of?.kind !== 'name')) {
      throw new Refusal('syntax', 'has(...) asks for one field, such as has(request.country).', token.start, token.end);
    }
    return this.#place({ kind: 'has', of }, token.start);
  }
}
