import { ok, refuse, type Result } from '../../../base/result.ts';
import type { CheckView, CounterDeclaration, EventKind, RuleDocument, RuleProblemView } from '../contract.ts';
import { ruleDocument } from '../contract.ts';
import { FIELDS } from '../events/facts.ts';
import { compileCondition, type Condition } from '../language/language.ts';
import type { Problem } from '../language/problem.ts';
import type { Field } from '../language/schema.ts';
import { isNumeric, showType } from '../language/types.ts';
import { type CompiledCounter, type CompiledRule, createList } from './compiled-rule.ts';
import { runFixtures } from './fixtures.ts';

export type Compiled = Result<CompiledRule, readonly RuleProblemView[]>;

/** What an expression of this rule can name, in the order of the slots. */
function fieldsOf(document: Pick<RuleDocument, 'on' | 'counters' | 'lists'>): readonly Field[] {
  const counters = Object.entries(document.counters).map(([name, { kind }]): Field => {
    const type = kind === 'count' || kind === 'distinct' ? 'int' : 'double';
    return { name: `count.${name}`, type, nullable: false, told: false };
  });
  const lists = Object.keys(document.lists).map((name): Field => {
    return { name: `lists.${name}`, type: { map: ['string', 'bool'] }, nullable: false, told: false };
  });
  return [...FIELDS[document.on], ...counters, ...lists];
}

/** Admits a rule, or says everything that is wrong with it. */
export function compileRule(document: RuleDocument, version: number): Compiled {
  const problems: RuleProblemView[] = [];
  const { patterns } = document;
  const conditionOf = (path: string, source: string, fields: readonly Field[]): Condition | null => {
    const compiled = compileCondition(source, { fields, patterns });
    if (compiled.ok) return compiled.value;
    problems.push(...compiled.refusal.map((problem) => toProblem(path, problem)));
    return null;
  };
  const counters: CompiledCounter[] = [];
  for (const [name, declaration] of Object.entries(document.counters)) {
    const path = `counters.${name}`;
    problems.push(...counterProblems(path, declaration, document.on));
    const source = declaration.where;
    const where = source === undefined ? null : conditionOf(`${path}.where`, source, FIELDS[declaration.of]);
    counters.push({ id: idOf(declaration, where, patterns), declaration, where });
  }
  const condition = conditionOf('when', document.when, fieldsOf(document));
  if (problems.length > 0 || condition === null) return refuse(problems);
  return ok({
    name: document.name,
    version,
    kind: document.on,
    document,
    condition,
    counters,
    lists: Object.values(document.lists).map(({ entries }) => createList(entries)),
    expiresAtMs: document.expires_at === null ? null : Date.parse(document.expires_at),
  });
}

/** What is wrong with anything at all that is meant to be a rule, and what its tests come to. */
export function checkRule(given: unknown): CheckView {
  const parsed = ruleDocument.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => problemOf(path.join('.') || 'the rule', message));
    return { problems, fixtures: [], fields: [] };
  }
  const document = parsed.data;
  const fields = fieldsOf(document).map(({ name, type, nullable }) => ({ name, type: showType(type), nullable }));
  const compiled = compileRule(document, 0);
  if (!compiled.ok) return { problems: [...compiled.refusal], fixtures: [], fields };
  const fixtures = runFixtures(compiled.value);
  const failed = fixtures.flatMap(({ name, expected, found }, at) => {
    if (expected === found) return [];
    return [problemOf(`tests.${at}`, `"${name}" expects ${expected} and comes to ${found}`)];
  });
  return { problems: failed, fixtures, fields };
}

/** Two counters are one where they count the same: the expression in its one form, and the patterns it may name. */
function idOf(declaration: CounterDeclaration, where: Condition | null, patterns: RuleDocument['patterns']): string {
  const { where: _, ...rest } = declaration;
  return JSON.stringify([sorted(rest), where?.printed ?? null, where === null ? null : sorted(patterns)]);
}

function sorted(fields: object): [string, unknown][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}

function counterProblems(path: string, declaration: CounterDeclaration, on: EventKind): RuleProblemView[] {
  const of = FIELDS[declaration.of];
  const problems: RuleProblemView[] = [];
  for (const name of declaration.by) {
    const missing = [declaration.of, on].find((kind) => !FIELDS[kind].some((field) => field.name === name));
    if (missing !== undefined) problems.push(problemOf(`${path}.by`, `${missing} has no field ${name}`));
    else if (!isKey(of, name)) problems.push(problemOf(`${path}.by`, `${name} is a list, which is no key`));
  }
  // A name that callers choose means somebody only within an account: else one account could count for another's people.
  const chosen = declaration.by.find((name) => name === 'end_user' || name === 'member');
  if (chosen !== undefined && !declaration.by.includes('account')) {
    problems.push(problemOf(`${path}.by`, `${chosen} means somebody only together with account`));
  }
  if (!('field' in declaration)) return problems;
  const field = of.find(({ name }) => name === declaration.field);
  if (field === undefined) {
    problems.push(problemOf(`${path}.field`, `${declaration.of} has no field ${declaration.field}`));
  } else if (declaration.kind === 'sum' && !isNumeric(field.type)) {
    problems.push(problemOf(`${path}.field`, `${field.name} is no number, and only numbers can be added up`));
  } else if (!isKey(of, field.name)) {
    problems.push(problemOf(`${path}.field`, `${field.name} is a list, which cannot be counted`));
  }
  return problems;
}

function isKey(fields: readonly Field[], name: string): boolean {
  return fields.some((field) => field.name === name && typeof field.type === 'string');
}

function toProblem(path: string, { message, start, end, line, column }: Problem): RuleProblemView {
  return { path, message, start, end, line, column };
}

function problemOf(path: string, message: string): RuleProblemView {
  return { path, message, start: null, end: null, line: null, column: null };
}
