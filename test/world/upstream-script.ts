import type { FinishReason, Message, TokenLogprob, Usage } from '../../src/providers/index.ts';
import type { Exchange, RecordedRequest } from './upstream.ts';

/** What a fake upstream says, in no wire format yet. Lists are the pieces a stream sends one by one. */
export interface Script {
  readonly id: string;
  readonly model: string;
  readonly choices: readonly ScriptChoice[];
  /** Null reports none. */
  readonly usage: Usage | null;
}

export interface ScriptChoice {
  readonly reasoning?: { readonly texts: readonly string[]; readonly signature?: string };
  readonly texts: readonly string[];
  readonly toolCalls?: readonly ScriptToolCall[];
  /** One for each piece of text. */
  readonly logprobs?: readonly TokenLogprob[];
  readonly finish: FinishReason;
  readonly stopSequence?: string;
}

export interface ScriptToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: readonly string[];
}

/** One wire format, as its upstream speaks it. */
export interface Dialect {
  readonly kind: 'openai' | 'anthropic' | 'gemini';
  /** Base address to configure, from the fake's own. */
  baseUrl(url: string): string;
  asksForStream(request: RecordedRequest): boolean;
  whole(script: Script): object;
  /** The answer as frames, ready to send; the last `endFrames` of them mark the end. */
  frames(script: Script): string[];
  readonly endFrames: number;
  /** Whether a stream whose choices all finished is whole without those frames. */
  readonly endOptional: boolean;
  errorBody(status: number, message: string): object;
  /** A frame that reports an error inside a stream. */
  errorFrame(): string;
  /** The embeddings answer, where the format has one. */
  embeddings?(vectors: readonly (readonly number[])[], inputTokens: number | null): object;
}

export const USAGE: Usage = {
  inputTokens: 21,
  cachedInputTokens: 5,
  cacheWriteTokens: 0,
  outputTokens: 13,
  reasoningTokens: 0,
};

/** A short answer in text. `change` replaces members of the script, `choice` of its one choice. */
export function textScript(
  texts: readonly string[],
  change: Partial<Script> = {},
  choice: Partial<ScriptChoice> = {},
): Script {
  return { id: 'up_1', model: 'fake-model', choices: [{ texts, finish: 'stop', ...choice }], usage: USAGE, ...change };
}

export interface PlayOptions {
  /** Wait between frames. */
  readonly gapMs?: number;
  /** Cuts the stream into pieces of this many bytes, characters or not. */
  readonly pieceBytes?: number;
}

/** The behaviour of an upstream in good health: plays the script, streamed if the request asks for it. */
export function play(
  dialect: Dialect,
  script: Script,
  options: PlayOptions = {},
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    if (!dialect.asksForStream(exchange.request)) return exchange.send(200, {}, dialect.whole(script));
    await exchange.startStream();
    await playFrames(exchange, dialect.frames(script), options);
    await exchange.endStream();
  };
}

export async function playFrames(
  exchange: Exchange,
  frames: readonly string[],
  options: PlayOptions = {},
): Promise<void> {
  const pieces = options.pieceBytes === undefined ? frames : cut(frames.join(''), options.pieceBytes);
  for (const piece of pieces) {
    if (!(await exchange.chunk(piece))) return;
    // A turn of the event loop keeps the pieces apart on the wire.
    await exchange.pause(options.gapMs ?? 0);
  }
}

function cut(text: string, pieceBytes: number): Uint8Array[] {
  const bytes = Buffer.from(text);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return pieces;
}

export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}
