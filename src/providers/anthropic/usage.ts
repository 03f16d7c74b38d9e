import type { Json, JsonObject } from '../../base/json.ts';
import type { FinishReason, Usage } from '../generation.ts';
import { objectOf, tokensOf } from '../transport/fields.ts';

/**
 * Usage gathered over a stream: its start knows the input, its end the output, and either may repeat the other's
 * counts. The upstream leaves what it read from or wrote to its cache out of `input_tokens`; ours includes both.
 */
export class UsageTally {
  #input: number | undefined;
  #cacheRead = 0;
  #cacheWrite = 0;
  #output: number | undefined;
  #thinking = 0;

  add(value: Json | undefined): void {
    const usage: JsonObject = objectOf(value);
    this.#input = tokensOf(usage.input_tokens) ?? this.#input;
    this.#cacheRead = tokensOf(usage.cache_read_input_tokens) ?? this.#cacheRead;
    this.#cacheWrite = tokensOf(usage.cache_creation_input_tokens) ?? this.#cacheWrite;
    this.#output = tokensOf(usage.output_tokens) ?? this.#output;
    this.#thinking = tokensOf(objectOf(usage.output_tokens_details).thinking_tokens) ?? this.#thinking;
  }

  /** What the start of a stream says: its output count is a placeholder, written before there was any. */
  begin(value: Json | undefined): void {
    this.add(value);
    if (this.#output !== undefined) this.#output = 0;
  }

  /** Null until both counts are known. */
  usage(): Usage | null {
    if (this.#input === undefined || this.#output === undefined) return null;
    return {
      inputTokens: this.#input + this.#cacheRead + this.#cacheWrite,
      cachedInputTokens: this.#cacheRead,
      cacheWriteTokens: this.#cacheWrite,
      outputTokens: this.#output,
      reasoningTokens: Math.min(this.#thinking, this.#output),
    };
  }
}

/** Why the upstream stopped. `pause_turn` is its own business with tools it runs itself; to us the answer is over. */
export function finishOf(stopReason: Json | undefined): FinishReason {
  switch (stopReason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    case 'refusal':
      return 'content_filter';
    default:
      return 'stop';
  }
}
