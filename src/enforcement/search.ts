/** Searching what enforcement keeps with the language of rules, so that there is one language to learn. */
import { ok, refuse, type Result } from '../base/result.ts';
import { compileCondition } from './rules/language/language.ts';
import type { Schema } from './rules/language/schema.ts';

/** What may be asked for, with its type in the language. */
export type SearchFields = Readonly<Record<string, 'string' | 'int' | 'double' | 'bool'>>;
/** Of one row; null and what is missing compare with nothing. */
export type SearchValues<Fields extends SearchFields> = Readonly<
  Record<keyof Fields, string | number | boolean | null>
>;
/** Whether a row is meant; `unknown` where it lacks what was asked for. */
export type Search<Fields extends SearchFields> = (values: SearchValues<Fields>) => boolean | 'unknown';

/** Makes the search an expression asks for, or says why it is none: where, and what to do. */
export function createSearch<Fields extends SearchFields>(
  fields: Fields,
): (source: string) => Result<Search<Fields>, string> {
  const names = Object.keys(fields) as (keyof Fields & string)[];
  const schema: Schema = {
    fields: names.map((name) => ({ name, type: fields[name] ?? 'string', nullable: true, told: false })),
    patterns: {},
  };
  return (source) => {
    const compiled = compileCondition(source, schema);
    if (!compiled.ok) {
      const problem = compiled.refusal[0];
      const where = problem === undefined ? '' : ` (line ${problem.line}, column ${problem.column})`;
      return refuse(`query: ${problem?.message ?? 'it is not an expression'}${where}`);
    }
    const condition = compiled.value;
    return ok((values) => {
      const outcome = condition.evaluate(names.map((name) => values[name]));
      return typeof outcome === 'boolean' ? outcome : 'unknown';
    });
  };
}
