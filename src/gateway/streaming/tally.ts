import type { Generation, GenerationEvent, Usage } from '../../providers/index.ts';

/**
 * Counts what a generation produced while it passes by, so that its usage is known even when the upstream never says:
 * callers that leave, upstreams that die, formats without usage.
 */
export interface Tally {
  readonly reported: () => Usage | null;
  /** Estimated output tokens so far; never less than one once there was output. */
  readonly outputEstimate: () => number;
  readonly sawOutput: () => boolean;
  /** Everything produced, in one text, for counting; null once it is longer than is kept. */
  readonly text: () => string | null;
  add(events: readonly GenerationEvent[]): void;
}

export type EstimateTokens = (text: string) => number;

/** Characters of output kept for exact counting; a longer answer is estimated. */
export const TEXT_CHARS_MAX = 262_144;

/**
 * @param estimate tokens of a piece of text; pieces are estimated one by one and summed, which overcounts split words a
 * little and never undercounts them
 */
export function createTally(estimate: EstimateTokens): Tally {
  let reported: Usage | null = null;
  let output = 0;
  let seen = false;
  let chars = 0;
  let pieces: string[] | null = [];
  function count(text: string): void {
    if (text === '') return;
    seen = true;
    output += estimate(text);
    chars += text.length;
    if (chars > TEXT_CHARS_MAX) pieces = null;
    pieces?.push(text);
  }
  return {
    reported: () => reported,
    outputEstimate: () => (seen ? Math.max(1, Math.ceil(output)) : 0),
    sawOutput: () => seen,
    text: () => pieces?.join('') ?? null,
    add(events) {
      for (const event of events) {
        switch (event.type) {
          case 'text':
          case 'refusal':
          case 'tool_arguments':
            count(event.text);
            break;
          case 'reasoning':
            // Thinking that only comes encrypted is output nobody here can count.
            seen ||= event.redacted !== undefined;
            count(event.text);
            break;
          case 'tool_call':
            count(event.name);
            break;
          case 'usage':
            reported = event.usage;
            break;
          case 'start':
          case 'finish':
            break;
        }
      }
    },
  };
}

/** Everything a whole answer holds, in one text, for counting. */
export function outputTextOf(generation: Generation): string {
  let text = '';
  for (const choice of generation.choices) {
    text += (choice.text ?? '') + (choice.refusal ?? '');
    for (const part of choice.reasoning ?? []) text += part.text;
    for (const call of choice.toolCalls ?? []) text += call.name + call.arguments;
  }
  return text;
}
