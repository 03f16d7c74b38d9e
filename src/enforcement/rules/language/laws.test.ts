/** What must hold for any text, any tree and any event. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { addInt, divideInt, multiplyInt, remainderInt, subtractInt } from './arithmetic.ts';
import type { Bare, BinaryOperator, Macro, Node } from './ast.ts';
import { compileCondition, compileExpression, type Outcome } from './language.ts';
import type { Meter } from './lexer.ts';
import { type Limits, RULE_LIMITS } from './limits.ts';
import { parse } from './parser.ts';
import { print } from './print.ts';
import { Refusal } from './problem.ts';
import type { Env, Schema } from './schema.ts';
import { Fault, NOT_YET, type Value } from './value.ts';

const WIDE: Limits = { ...RULE_LIMITS, sourceCharacters: 1_000_000, depth: 500, nodes: 100_000, macroDepth: 100 };

const field = (name: string, type: Schema['fields'][number]['type']): Schema['fields'][number] => ({
  name,
  type,
  nullable: true,
  told: false,
});
const SCHEMA: Schema = {
  fields: [
    field('a', 'bool'),
    field('b', 'bool'),
    field('c', 'bool'),
    field('request.tokens', 'int'),
    field('request.model', 'string'),
    field('score', 'double'),
    field('labels', { list: 'string' }),
    field('at', 'timestamp'),
    field('age', 'duration'),
    field('blocked', { map: ['string', 'int'] }),
  ],
  patterns: { coin: '(?:btc|eth)[0-9]+' },
};

const RULES = [
  'request.tokens > 1000 && score >= 0.9 || request.model in ["large", "huge"]',
  'labels.exists(x, x.startsWith("spam")) && !(request.model.contains("mini"))',
  'has(blocked.here) ? blocked.here + 1 > 2 : blocked["there"] / request.tokens == 0',
  'at.getHours("Asia/Shanghai") < 6 && age < duration("36h") && at - age > timestamp("2026-01-01T00:00:00Z")',
  're2("coin", request.model) || request.model.matches("^a+b*$") || size(labels) % 3 == 1',
  'labels.filter(x, x != "ok").map(y, y + "!").all(z, z in {"a!": 1, "b!": 2})',
  'string(request.tokens) == "12" && double(request.tokens) * -1.5e3 <= score && int(score) != -7',
];

test('a printed tree reads as itself', () => {
  fc.assert(
    fc.property(trees(), (tree) => {
      const printed = print(tree);
      expect(bare(parse(printed, WIDE).ast)).toEqual(bare(tree));
    }),
    { numRuns: 600 },
  );
});

test('any text is read or refused, in steps that grow with its length and nothing else', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map((pieces) => pieces.join('')),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map((pieces) => pieces.join(' ')),
    mutatedRules(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const meter: Meter = { steps: 0 };
      let refusal: unknown = null;
      try {
        parse(text, RULE_LIMITS, meter);
      } catch (error) {
        refusal = error;
      }
      expect(refusal === null || refusal instanceof Refusal).toBe(true);
      expect(meter.steps).toBeLessThanOrEqual(4 * text.length + 4);
      const compiled = compileExpression(text, SCHEMA);
      if (compiled.ok) expect(compiled.value.nodes).toBeLessThanOrEqual(RULE_LIMITS.nodes);
      else for (const problem of compiled.refusal) expect(problem.start).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3_000 },
  );
});

test('what lies too deep is refused, however it is built', () => {
  const bombs = [
    '(',
    '[',
    '{1:',
    '!',
    '-',
    'f(',
    'a[',
    'a?',
    'a?b:',
    'x.map(y,',
    'a.',
    'a+',
    '{',
    'has(',
    '-(',
    '(a||',
  ];
  for (const piece of bombs) {
    for (const times of [40, 1_000, 200_000]) {
      for (const end of ['', 'a', '1']) {
        const compiled = compileExpression(piece.repeat(times) + end, SCHEMA);
        expect(compiled.ok).toBe(false);
      }
    }
  }
  for (const piece of ['(', '!', 'a+', '-', 'a?b:']) {
    const open = piece.repeat(100_000);
    const refused = compileExpression(`${open}a`, SCHEMA, { limits: { ...WIDE, sourceCharacters: 10_000_000 } });
    expect(refused.ok ? '' : refused.refusal[0]?.code).toMatch(/^too_/);
  }
});

test('no event makes a rule throw, whatever it holds', () => {
  const odd = fc.oneof(
    fc.constantFrom<Value>(undefined, null, new Fault('overflow', 'x'), Number.NaN, 0, -1, 1.5, '', true, 2n ** 62n),
    fc.string(),
    fc.array(fc.constantFrom<Value>('a', 1, null, undefined), { maxLength: 4 }),
    fc.constant(new Map<string, Value>([['here', 5]])),
  );
  const rules = RULES.map((rule) => compileCondition(rule, SCHEMA));
  fc.assert(
    fc.property(fc.array(odd, { minLength: 10, maxLength: 10 }), (env: Env) => {
      for (const rule of rules) {
        if (!rule.ok) throw new Error(rule.refusal[0]?.message);
        const outcome = rule.value.evaluate(env);
        expect(outcome instanceof Fault ? outcome.code !== 'bug' : ['unknown', true, false].includes(outcome)).toBe(
          true,
        );
        expect(rule.value.explain(env).outcome).toEqual(outcome);
      }
    }),
    { numRuns: 500 },
  );
});

test('unknown and faults decide nothing that the rest decides, in any order', () => {
  const { tree: formulas } = fc.letrec<{ tree: Node }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('a', 'b', 'c').map((name) => at({ kind: 'name', name })),
      fc.boolean().map((value) => at({ kind: 'bool', value })),
      fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((of) => at({ kind: 'and', of })),
      fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((of) => at({ kind: 'or', of })),
      tie('tree').map((of) => at({ kind: 'not', of })),
    ),
  }));
  const fault = new Fault('division_by_zero', 'x');
  const values = fc.array(fc.constantFrom<Value>(true, false, undefined, null, fault), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(formulas, values, (tree, env) => {
      const compiled = compileCondition(print(tree), SCHEMA, { limits: WIDE });
      if (!compiled.ok) throw new Error(compiled.refusal[0]?.message);
      const byName = new Map<string, Value>(['a', 'b', 'c'].map((name, slot) => [name, env[slot]]));
      expect(compiled.value.evaluate(env)).toEqual(kleene(tree, byName));
    }),
    { numRuns: 1_000 },
  );
});

test('the clauses of an explanation suffice: what else the event holds does not matter', () => {
  const compiled = compileCondition('a && b || !c && (request.tokens > 5 || score < 0.5) || b && c', SCHEMA);
  if (!compiled.ok) throw new Error(compiled.refusal[0]?.message);
  const maybe = fc.constantFrom<Value>(true, false, undefined);
  const events = fc.tuple(
    maybe,
    maybe,
    maybe,
    fc.constantFrom<Value>(3, 7, undefined),
    fc.constant('m'),
    fc.constantFrom<Value>(0.1, 0.9, undefined),
  );
  fc.assert(
    fc.property(events, events, (event, other) => {
      const explained = compiled.value.explain(event);
      if (explained.outcome !== true) return;
      const mixed: Env = [...other];
      for (const { name, value } of explained.clauses.flatMap((clause) => clause.values)) {
        mixed[SCHEMA.fields.findIndex((one) => one.name === name)] = value;
      }
      expect(compiled.value.evaluate(mixed)).toBe(true);
      expect(explained.clauses.length).toBeLessThanOrEqual(2);
    }),
  );
});

test('whole numbers are those of 64 bits', () => {
  const edges = [0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 3_037_000_500n];
  const numbers = fc.oneof(
    fc.constantFrom(...edges),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: -99n, max: 99n }),
  );
  const short = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
  const fits = (value: bigint): boolean => BigInt.asIntN(64, value) === value;
  const operations = [
    [addInt, (l: bigint, r: bigint) => l + r],
    [subtractInt, (l: bigint, r: bigint) => l - r],
    [multiplyInt, (l: bigint, r: bigint) => l * r],
    [divideInt, (l: bigint, r: bigint) => l / r],
    [remainderInt, (l: bigint, r: bigint) => l % r],
  ] as const;
  fc.assert(
    fc.property(numbers, numbers, fc.constantFrom(...operations), (left, right, [operation, exact]) => {
      const result = operation(short(left), short(right));
      if (right === 0n && (operation === divideInt || operation === remainderInt)) expect(result).toBeInstanceOf(Fault);
      else if (!fits(exact(left, right))) expect(result).toEqual(new Fault('overflow', (result as Fault).message));
      else expect(result).toBe(short(exact(left, right)));
    }),
    { numRuns: 3_000 },
  );
});

test('what is shared comes to the same as what is not', () => {
  const plain = RULES.map((rule) => compileCondition(rule, SCHEMA));
  const keys = plain.flatMap((rule) => (rule.ok ? rule.value.parts.map((part) => part.key) : []));
  const shared = new Map([...new Set(keys)].map((key, at) => [key, SCHEMA.fields.length + at]));
  const events = fc.tuple(
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
    fc.option(fc.integer(), { nil: undefined }),
    fc.constantFrom('large', 'btc7', 'aab', 'mini'),
    fc.double(),
    fc.array(fc.constantFrom('spam1', 'ok', 'a', 'b')),
    fc.integer({ min: 0, max: 2 ** 41 }),
    fc.integer({ min: 0, max: 2 ** 31 }),
    fc.constantFrom(new Map([['here', 1]]), new Map([['there', 9]])),
  );
  fc.assert(
    fc.property(events, (event) => {
      const env: Env = [...event, ...Array.from(shared, () => NOT_YET as Value)];
      RULES.forEach((rule, at) => {
        const alone = plain[at];
        const together = compileCondition(rule, SCHEMA, { shared });
        if (alone?.ok !== true || !together.ok) throw new Error(rule);
        expect(together.value.evaluate(env)).toEqual(alone.value.evaluate([...event]));
      });
    }),
    { numRuns: 100 },
  );
});

test('what fits by its types is admitted, and then comes to a value of its type on any event of the schema', () => {
  const maybe = (values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
    fc.oneof({ weight: 4, arbitrary: values }, fc.constantFrom(undefined, null));
  const truth = fc.boolean();
  const events = fc.tuple(
    ...[
      truth,
      truth,
      truth,
      fc.maxSafeInteger(),
      fc.string(),
      fc.double(),
      fc.array(fc.string(), { maxLength: 3 }),
    ].map(maybe),
    maybe(fc.integer()),
    maybe(fc.integer()),
    maybe(fc.constant(new Map([['here', 1]]))),
  );
  fc.assert(
    fc.property(typedTexts(), events, ({ type, text }, event) => {
      const compiled = compileExpression(text, SCHEMA, { limits: WIDE });
      if (!compiled.ok) throw new Error(`${text}: ${compiled.refusal[0]?.message}`);
      expect(compiled.value.type).toEqual(type);
      const value = compiled.value.value(event);
      if (value instanceof Fault) expect(['wrong_value', 'bug']).not.toContain(value.code);
      else if (value !== undefined && value !== null) expect(KINDS[type]).toContain(typeof value);
    }),
    { numRuns: 2_000 },
  );
});

type Kind = 'bool' | 'int' | 'double' | 'string' | 'timestamp' | 'duration';

/** What each is in JavaScript. */
const KINDS: Readonly<Record<Kind, readonly string[]>> = {
  bool: ['boolean'],
  int: ['number', 'bigint'],
  double: ['number'],
  string: ['string'],
  timestamp: ['number'],
  duration: ['number'],
};

/** Expressions whose types fit, made from the table of what the language has. */
function typedTexts(): fc.Arbitrary<{ readonly type: Kind; readonly text: string }> {
  const made = fc.letrec<Record<Kind, string>>((tie) => {
    const of = (...parts: readonly (Kind | readonly string[])[]): fc.Arbitrary<string> =>
      fc
        .tuple(...parts.map((part) => (typeof part === 'string' ? tie(part) : fc.constantFrom(...part))))
        .map((texts) => `(${texts.join(' ')})`);
    const among = (...choices: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.oneof({ depthSize: 'small' }, ...choices);
    const orders = ['<', '<=', '>', '>=', '==', '!='];
    return {
      bool: among(
        fc.constantFrom('a', 'b', 'c', 'true', 'false', 'has(score)', '("x" in labels)', 'labels.exists(l, l > "a")'),
        of('int', orders, 'double'),
        of('string', orders, 'string'),
        of('timestamp', orders, 'timestamp'),
        of('duration', orders, 'duration'),
        of('bool', ['&&', '||', '==', '<'], 'bool'),
        of(['!'], 'bool'),
        of('bool', ['?'], 'bool', [':'], 'bool'),
        of('int', ['in [1, 2,'], 'int', [']']),
        of('string', ['.startsWith(', '.contains('], 'string', [')']),
      ),
      int: among(
        fc.constantFrom('request.tokens', '7', '-1', '9223372036854775807', 'size(labels)', 'blocked["here"]'),
        of('int', ['+', '-', '*', '/', '%'], 'int'),
        of('bool', ['?'], 'int', [':'], 'int'),
        of(['size(', 'int('], 'string', [')']),
        of(['int('], 'double', [')']),
        of('timestamp', ['.getHours("Asia/Shanghai")', '.getDayOfYear()', '.getFullYear("-03:30")']),
        of('duration', ['.getMinutes()', '.getMilliseconds()']),
      ),
      double: among(
        fc.constantFrom('score', '0.5', '-1e300'),
        of('double', ['+', '-', '*', '/'], 'double'),
        of(['double('], 'int', [')']),
        of(['-'], 'double'),
      ),
      string: among(
        fc.constantFrom('request.model', '"x"', 'labels[0]', 'string(at)'),
        of('string', ['+'], 'string'),
        of(['string('], 'int', [')']),
        of(['string('], 'duration', [')']),
      ),
      timestamp: among(
        fc.constantFrom('at', 'timestamp("2026-11-22T00:00:00Z")'),
        of('timestamp', ['+', '-'], 'duration'),
        of(['timestamp('], 'int', [')']),
      ),
      duration: among(
        fc.constantFrom('age', 'duration("1d")'),
        of('duration', ['+', '-'], 'duration'),
        of('timestamp', ['-'], 'timestamp'),
      ),
    };
  });
  const kinds = Object.keys(KINDS) as Kind[];
  return fc.oneof(...kinds.map((type) => made[type].map((text) => ({ type, text }))));
}

const PIECES = [
  ...'&& || == != <= >= < > + - * / % ! ? : . , ( ) [ ] { } " \' """ ` \\ // \n u r" b" 0x 1 2.5 .5 1e9 9223372036854775808'.split(
    ' ',
  ),
  ...'a b request tokens request.tokens labels has all exists map filter in true null matches re2 size duration é 😀 \u0000'.split(
    ' ',
  ),
];

function mutatedRules(): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(200), fc.nat(8), fc.constantFrom('', ...PIECES));
  return fc
    .tuple(fc.constantFrom(...RULES), fc.array(change, { maxLength: 5 }))
    .map(([rule, changes]) =>
      changes.reduce((text, [from, count, piece]) => text.slice(0, from) + piece + text.slice(from + count), rule),
    );
}

function at(node: Bare): Node {
  return { ...node, start: 0, end: 0 };
}

/** A tree without its places. */
function bare(node: Node): unknown {
  return JSON.parse(
    JSON.stringify(node, (name, value: unknown) => (name === 'start' || name === 'end' ? undefined : value)),
  );
}

function kleene(node: Node, env: ReadonlyMap<string, Value>): Outcome {
  if (node.kind === 'bool') return node.value;
  if (node.kind === 'name') {
    const value = env.get(node.name);
    return typeof value === 'boolean' || value instanceof Fault ? value : 'unknown';
  }
  if (node.kind === 'not') {
    const of = kleene(node.of, env);
    return typeof of === 'boolean' ? !of : of;
  }
  if (node.kind !== 'and' && node.kind !== 'or') throw new Error(node.kind);
  const parts = node.of.map((part) => kleene(part, env));
  const decisive = node.kind === 'or';
  if (parts.includes(decisive)) return decisive;
  if (parts.includes('unknown')) return 'unknown';
  return parts.find((part) => part instanceof Fault) ?? !decisive;
}

function trees(): fc.Arbitrary<Node> {
  const names = fc.constantFrom('a', 'b', 'request', 'x_1', '_', 'matches', 'map', 'inn');
  const fields = fc.constantFrom('a', 'in', 'true', 'map', 'with-dash', 'a.b', '/x', 'two words');
  const operators = fc.constantFrom<BinaryOperator>('==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%');
  const macros = fc.constantFrom<Macro>('all', 'exists', 'exists_one', 'filter', 'map');
  const leaves = fc.oneof(
    fc.constant(at({ kind: 'null' })),
    fc.boolean().map((value) => at({ kind: 'bool', value })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => at({ kind: 'int', value: String(value) })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => at({ kind: 'double', value: value + 0 })),
    fc.string({ unit: 'grapheme' }).map((value) => at({ kind: 'string', value })),
    fc
      .string({ unit: fc.constantFrom('"', '\\', '\n', '\r', '\u2028', '\u200b', '\u0000', '😀', 'x') })
      .map((value) => at({ kind: 'string', value })),
    names.map((name) => at({ kind: 'name', name })),
  );
  return fc.letrec<{ tree: Node }>((tie) => {
    const tree = tie('tree');
    const some = fc.array(tree, { maxLength: 3 });
    const chain = fc.array(tree, { minLength: 2, maxLength: 4 });
    const selected = fc.tuple(tree, fields).map(([of, name]) => at({ kind: 'select', of, field: name }));
    const call = fc.tuple(names, fc.option(tree), some);
    const macro = fc.tuple(macros, tree, names, fc.option(tree), tree);
    return {
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaves,
        some.map((items) => at({ kind: 'list', items })),
        fc
          .array(fc.record({ key: tree, value: tree }), { maxLength: 3 })
          .map((entries) => at({ kind: 'map', entries })),
        selected,
        fc.tuple(tree, tree).map(([of, key]) => at({ kind: 'index', of, key })),
        call.map(([name, target, args]) =>
          at({ kind: 'call', name: target !== null && name === 'map' ? 'f' : name, target, args }),
        ),
        selected.map((of) => at({ kind: 'has', of })),
        tree.map((of) => at({ kind: 'not', of })),
        tree.map((of) => at({ kind: 'minus', of })),
        fc.tuple(operators, tree, tree).map(([operator, left, right]) => at({ kind: 'binary', operator, left, right })),
        chain.map((of) => at({ kind: 'and', of })),
        chain.map((of) => at({ kind: 'or', of })),
        fc.tuple(tree, tree, tree).map(([when, yes, no]) => at({ kind: 'conditional', test: when, yes, no })),
        macro.map(([name, of, variable, where, body]) =>
          at({ kind: 'macro', macro: name, of, variable, where: name === 'map' ? where : null, body }),
        ),
      ),
    };
  }).tree;
}
