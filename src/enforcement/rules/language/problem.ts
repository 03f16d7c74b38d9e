export type ProblemCode =
  | 'too_long'
  | 'too_deep'
  | 'too_large'
  | 'syntax'
  | 'unterminated'
  | 'bad_escape'
  | 'bad_number'
  /** CEL has it, this language does not. */
  | 'unsupported'
  | 'unknown_name'
  | 'unknown_function'
  | 'wrong_type'
  | 'bad_pattern'
  | 'bad_literal'
  | 'not_a_condition';

/** Why an expression is not admitted, where, and what to do. Offsets in UTF-16 units, lines and columns from 1. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** Thrown inside the language only, and caught at its door. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}

export function problemAt(source: string, refusal: Refusal): Problem {
  const before = source.slice(0, refusal.start);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    code: refusal.code,
    message: refusal.message,
    start: refusal.start,
    end: refusal.end,
    line: before.split('\n').length,
    column: refusal.start - lineStart + 1,
  };
}

/** ` Did you mean x?` for the nearest of `known`, or '' where none is near. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const farthest = Math.ceil(written.length / 3);
  let best: string | null = null;
  let bestDistance = farthest + 1;
  for (const one of known) {
    if (Math.abs(one.length - written.length) > farthest) continue;
    const distance = editDistance(written, one);
    if (distance < bestDistance) {
      best = one;
      bestDistance = distance;
    }
  }
  return best === null ? '' : ` Did you mean ${best}?`;
}

/** Levenshtein's, in two rows. */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
