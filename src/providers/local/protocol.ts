/** What the service and the process that holds the model say to each other, one JSON message at a time. */
import type { JsonObject } from '../../base/json.ts';
import type { FinishReason } from '../generation.ts';

export interface LoadOrder {
  readonly type: 'load';
  /** Entry file of node-llama-cpp. */
  readonly module: string;
  readonly path: string;
  readonly contextTokens: number;
  readonly parallel: number;
  readonly threads: number;
  readonly embeddings: boolean;
}

export type Turn =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly TurnCall[] };

/** A call the model made earlier, with what the tool answered. */
export interface TurnCall {
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
}

export interface LocalTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonObject;
  /** Refuse a schema that cannot be held to whole, rather than hold to what can be. */
  readonly strict: boolean;
}

/** What a generation is asked for, in the words of the model process. */
export interface LocalOrder {
  readonly turns: readonly Turn[];
  /** Tools the model may call. */
  readonly tools: readonly LocalTool[];
  /** The call the model must make: it writes only the arguments; with several, it chooses. */
  readonly forcedTools: readonly LocalTool[];
  /** The shape the text must have; null leaves it free. */
  readonly json: 'any' | { readonly schema: JsonObject; readonly strict: boolean } | null;
  readonly maxOutputTokens: number | null;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
}

export type ToChild =
  | LoadOrder
  | { readonly type: 'generate'; readonly id: number; readonly order: LocalOrder }
  | { readonly type: 'count'; readonly id: number; readonly order: LocalOrder }
  | { readonly type: 'embed'; readonly id: number; readonly inputs: readonly string[] }
  | { readonly type: 'cancel'; readonly id: number };

export interface LocalUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export type FromJob =
  | { readonly type: 'text'; readonly id: number; readonly text: string; readonly thought: boolean }
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly arguments: string }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly finish: FinishReason;
      readonly stopSequence: string | null;
      readonly usage: LocalUsage;
    }
  | { readonly type: 'counted'; readonly id: number; readonly tokens: number }
  | {
      readonly type: 'embedded';
      readonly id: number;
      readonly vectors: readonly (readonly number[])[];
      readonly inputTokens: number;
    }
  /** The request cannot be done as it is; `message` may be shown to its caller. */
  | { readonly type: 'refused'; readonly id: number; readonly message: string; readonly param: string }
  /** Something broke; `fault` is the error's name, never its text, which may hold the prompt. */
  | { readonly type: 'broke'; readonly id: number; readonly fault: string };

export type FromChild = { readonly type: 'loaded' } | { readonly type: 'failed'; readonly message: string } | FromJob;

/** Types of messages after which nothing more comes for their id. */
export function isLast(message: FromJob): boolean {
  return message.type !== 'text' && message.type !== 'call';
}
