import type {
  EmbeddingRequest,
  Embeddings,
  Generation,
  GenerationEvent,
  GenerationRequest,
  ModerationRequest,
  ModerationScores,
} from './generation.ts';

/**
 * Why an upstream did not give a whole answer. The kind decides what routing may do next:
 * `connect`, `rate_limited` and `unavailable` may be tried again elsewhere as long as no byte was sent to the caller.
 */
export type ProviderFaultKind =
  /** No connection, name not found, TLS refused, or connect time-out: the request was never taken. */
  | 'connect'
  /** 429. */
  | 'rate_limited'
  /** 503 or 529, or a local model whose queue is full: the upstream says it did not take the request. */
  | 'unavailable'
  /** Any other 5xx. */
  | 'upstream_error'
  /** 400, 404, 413, 422: this request is wrong for this upstream; trying again cannot help. */
  | 'rejected'
  /** 401, 402, 403: our credential or our balance at the upstream; the caller can do nothing. */
  | 'credential'
  /** No first token in time. */
  | 'first_token_timeout'
  /** Silence between two chunks for too long. */
  | 'stalled'
  /** The whole answer took too long. */
  | 'total_timeout'
  /** The connection ended before the answer did. */
  | 'died'
  /** Bytes that are not the upstream's own format, too large a line or body, a redirect, a content encoding we did not ask for. */
  | 'garbage'
  /** An error inside a stream that had begun. */
  | 'in_band';

/** Thrown by providers; the only fault routing understands. `message` never holds prompts, replies or credentials. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly kind: ProviderFaultKind;
  /** The upstream's HTTP status, where there was one. */
  readonly status: number | undefined;
  /** What the upstream asks us to wait before trying again, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** For `rejected`: the upstream's own words about the request, safe to show the caller (credentials removed, at most 500 characters). */
  readonly upstreamMessage: string | undefined;
  /** For `rejected`: which field, as the upstream names it. */
  readonly param: string | undefined;
  /** The upstream refuses by its usage policy: its own code for that. Whoever asked may be at fault, our set-up is not. */
  readonly policyCode: string | undefined;

  constructor(
    kind: ProviderFaultKind,
    message: string,
    detail: {
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      upstreamMessage?: string | undefined;
      param?: string | undefined;
      policyCode?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: detail.cause });
    this.kind = kind;
    this.status = detail.status;
    this.retryAfterMs = detail.retryAfterMs;
    this.upstreamMessage = detail.upstreamMessage;
    this.param = detail.param;
    this.policyCode = detail.policyCode;
  }
}

/** Milliseconds allowed for each stage of one attempt. */
export interface StageTimeouts {
  readonly connectMs: number;
  /** From the request's start to the first event that carries output. */
  readonly firstTokenMs: number;
  /** Longest silence between two chunks after the first. */
  readonly stallMs: number;
  /** The whole attempt. */
  readonly totalMs: number;
}

/** What a provider needs of one attempt besides the request. */
export interface Attempt {
  /** The upstream's own name of the model. */
  readonly upstreamModel: string;
  /** Names of unknown top-level fields this target accepts; `'*'` accepts all. */
  readonly passFields: '*' | ReadonlySet<string>;
  readonly timeouts: StageTimeouts;
  /** Aborts when the caller is gone or the generation is cut. The upstream connection must close within 50 ms. */
  readonly signal: AbortSignal;
  /** Our id of the request, sent upstream where the format has a place for it. */
  readonly requestId: string;
  /** Who it is for, as upstreams may know them: a digest. Given where the provider passes it on. */
  readonly safetyIdentifier?: string;
}

/** What a provider can do with a request; routing refuses what no target can, before the first byte. */
export interface ProviderAbilities {
  readonly embeddings: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  readonly structuredOutput: boolean;
  readonly logprobs: boolean;
  /** `n` greater than 1. */
  readonly choices: boolean;
}

/**
 * One upstream. Implementations live in `providers/<kind>/` and pass `test/conformance/provider.conformance.ts`.
 *
 * Every method rejects (or its iterator throws) with a `ProviderFault` and nothing else; when `signal` aborts it
 * throws the signal's reason. No method writes logs.
 */
export interface Provider {
  /** `openai`, `anthropic`, `gemini`, `local`, `demo`. */
  readonly kind: string;
  readonly abilities: ProviderAbilities;
  /** Tells its upstream whom a request is for, by the attempt's `safetyIdentifier`. */
  readonly identifies?: boolean;
  /** The whole answer in one piece. */
  complete(request: GenerationRequest, attempt: Attempt): Promise<Generation>;
  /**
   * The answer as it is produced, a batch of events for each chunk that arrived. Pull-based: the upstream is read
   * only when the next batch is asked for. It returns only after a clean end of the upstream's own format; a
   * connection that closes earlier throws `died`. Returning early (`iterator.return()`) closes the upstream.
   */
  stream(request: GenerationRequest, attempt: Attempt): AsyncIterable<readonly GenerationEvent[]>;
  embed(request: EmbeddingRequest, attempt: Attempt): Promise<Embeddings>;
  /** Exact input tokens of a request, where the upstream offers it; else undefined. */
  countTokens?(request: GenerationRequest, attempt: Attempt): Promise<number>;
  /** What the upstream's moderation model says of a text, where it offers one. */
  moderate?(request: ModerationRequest, attempt: Attempt): Promise<ModerationScores>;
  /** Releases what the provider holds (a loaded model, sockets). */
  close?(): Promise<void>;
}
