import { RE2JS } from 're2js';
import type { Allowance, Limits } from './limits.ts';
import { failureOfOne, type Value } from './value.ts';

/** Steps of the machine a pattern becomes; the work for one character is at most this. */
const PROGRAM_STEPS_MAX = 600;

/**
 * A test for a pattern in the syntax of RE2, whose work grows with the length of the text and nothing else; or what is
 * wrong with the pattern. A text above the limit is `unknown`, for it was not looked at.
 */
export function patternTest(pattern: string, limits: Limits, allowance: Allowance): ((text: Value) => Value) | string {
  if (pattern.length > limits.patternCharacters) return `A pattern may hold ${limits.patternCharacters} characters.`;
  const compiled = compile(pattern);
  if (typeof compiled === 'string') return compiled;
  if (compiled.programSize() > PROGRAM_STEPS_MAX) return 'The pattern is too large: repeat fewer times or match less.';
  return (text) => {
    if (typeof text !== 'string') return failureOfOne(text);
    return maySearch(text, limits, allowance) ? compiled.test(text) : undefined;
  };
}

export function maySearch(text: string, limits: Limits, allowance: Allowance): boolean {
  if (text.length > limits.textCharacters || text.length > allowance.characters) return false;
  allowance.characters -= text.length;
  return true;
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read';
    return `The pattern is not in the syntax of RE2 (no look-around, no back-references): ${why}.`;
  }
}
