import type { Nano } from '../base/money.ts';

/** How a request ended. */
export type Outcome =
  /** The whole answer was sent. */
  | 'completed'
  /** Candor said no before anything was sent upstream. */
  | 'refused'
  /** Every upstream tried failed, or one failed after the first byte. */
  | 'failed'
  /** Somebody asked `POST /v1/generations/{id}/cancel`. */
  | 'cancelled'
  /** The caller's socket closed or stopped reading. */
  | 'disconnected'
  /** Candor ended it: key revoked, account cut off, draining, credit or a budget used up. */
  | 'cut'
  /** The process died under it; written by the next boot. */
  | 'recovered';

/** Where the token counts come from: the upstream said so, we counted with a tokenizer, we estimated from bytes; `none` when no upstream was asked. */
export type UsageSource = 'reported' | 'counted' | 'estimated' | 'none';

/** Declared by the key; discovered by system prompt and tools; or neither had anything to go by. */
export type AppSource = 'declared' | 'discovered' | 'none';

export type Endpoint =
  | 'chat.completions'
  | 'responses'
  | 'responses.retrieve'
  | 'responses.delete'
  | 'responses.input_items'
  | 'messages'
  | 'messages.count_tokens'
  | 'embeddings'
  | 'moderations'
  | 'models'
  | 'generations.cancel'
  | 'generations.resume'
  | 'generations.repeat'
  | 'receipts'
  | 'credit'
  | 'credit.redeem'
  | 'reports'
  | 'unknown';

/**
 * What moderation came to, prompt and reply together, the gravest first: the reply was cut, the prompt was refused, a
 * stage that should have looked did not come to an end, something was found, nothing was; `none` where nobody looks.
 */
export type EventVerdict = 'cut' | 'refused' | 'unreviewed' | 'flagged' | 'passed' | 'none';

/** The one durable record of a request. Never holds prompts, replies or credentials. */
export interface UsageEvent {
  /** `req_<ulid>`, minted at arrival; the same as the `x-request-id` header. */
  readonly id: string;
  /** The boot that served it. */
  readonly epoch: string;
  /** Arrival, wall milliseconds since 1970 UTC. */
  readonly atMs: number;
  readonly endpoint: Endpoint;
  readonly streamed: boolean;
  readonly product: string | null;
  readonly app: string | null;
  readonly appSource: AppSource;
  readonly keyId: string | null;
  readonly accountId: string | null;
  /** The member of the account the key belongs to. */
  readonly member: string | null;
  /** `safety_identifier`, `user` or `metadata.user_id`, as the caller wrote it, at most 128 characters. */
  readonly endUser: string | null;
  readonly modelRequested: string | null;
  /** The upstream's own name of the model that answered. */
  readonly modelServed: string | null;
  readonly provider: string | null;
  /** `<model>/<position in config>`, the configured target that answered. */
  readonly target: string | null;
  /** Upstream attempts made, 0 when none. */
  readonly attempts: number;
  readonly usageSource: UsageSource;
  /** All token counts but those of sound are null exactly when `usageSource` is `none`. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  /** Parts of input and of output; null also where the upstream says nothing of sound. */
  readonly audioInputTokens: number | null;
  readonly audioOutputTokens: number | null;
  /** Milliseconds from arrival to the first upstream attempt; null when none was made. */
  readonly queueMs: number | null;
  /** Milliseconds from arrival to the first event with output; null when there was none. */
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
  readonly outcome: Outcome;
  /** Machine-readable; null only for `completed`. */
  readonly reason: string | null;
  readonly status: number;
  /** /24 of an IPv4 address, /48 of an IPv6 address. */
  readonly networkPrefix: string | null;
  /** `openai-node`, `anthropic-python`, `browser`, `curl`, ... from the headers a client sends. */
  readonly clientClass: string;
  /** What the caller was charged by, as the price book names it; null when the caller was charged nothing. */
  readonly priceId: string | null;
  /** Nobody had set a price, so the configured fall-back was charged. */
  readonly priceEstimated: boolean;
  /** The plan's margin at that moment, basis points on top of the price. */
  readonly marginBp: number;
  /** Images of the prompt, which may be charged each. */
  readonly images: number;
  /** What the caller was charged, nano-dollars, what was written off included; 0 exactly when nothing was charged or it cost nothing. */
  readonly priceNano: Nano;
  /** The part of it that no credit was left for. */
  readonly writtenOffNano: Nano;
  /** What the upstreams charge us for it; null when unknown. */
  readonly costNano: Nano | null;
  readonly verdict: EventVerdict;
  /** Labels that were found, sorted, with commas between; null when none was. */
  readonly categories: string | null;
}

/** Written durably before the first upstream byte; what a crash leaves behind becomes a `recovered` event. */
export interface OpenRequest {
  readonly id: string;
  readonly epoch: string;
  readonly atMs: number;
  readonly endpoint: Endpoint;
  readonly streamed: boolean;
  readonly product: string;
  readonly app: string | null;
  readonly appSource: AppSource;
  readonly keyId: string;
  readonly accountId: string;
  readonly member: string | null;
  readonly endUser: string | null;
  readonly modelRequested: string;
  readonly networkPrefix: string | null;
  readonly clientClass: string;
  readonly estimatedInputTokens: number;
  /** By what it will be charged if the process dies; null when nobody is. */
  readonly priceId: string | null;
  readonly priceEstimated: boolean;
  readonly marginBp: number;
  readonly images: number;
  /** Until it ends, what is moderated has not been reviewed. */
  readonly verdict: Extract<EventVerdict, 'unreviewed' | 'none'>;
}
