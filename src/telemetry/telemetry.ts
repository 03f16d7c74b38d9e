/**
 * One function per business event: each feeds the log, the metrics and the traces together, so that nothing is counted
 * in one and forgotten in another. Arguments hold no prompt, reply, key or mail address, and neither does what comes out.
 */
export interface Telemetry {
  /**
   * Once per request, with its usage event. `traceparent` is the W3C header as the caller sent it; the request's span
   * links to it and is never its child.
   */
  requestEnded(request: RequestSummary, traceparent?: string | null): void;
  /** Once per upstream attempt. `outcome` is `ok`, `abandoned`, or the kind of fault. */
  attemptEnded(attempt: AttemptSummary): void;
  /** An unforeseen error: the request id leads from the caller's words to this line. */
  fault(where: string, error: unknown, requestId?: string): void;
  /** Something an operator should know, said once where it happens. */
  notice(level: 'info' | 'warn', message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

export interface RequestSummary {
  readonly id: string;
  readonly atMs: number;
  readonly endpoint: string;
  readonly streamed: boolean;
  readonly product: string | null;
  readonly app: string | null;
  readonly keyId: string | null;
  readonly modelRequested: string | null;
  readonly modelServed: string | null;
  readonly provider: string | null;
  readonly target: string | null;
  readonly attempts: number;
  readonly usageSource: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Parts of input and output; absent where the caller of telemetry does not tell them apart. */
  readonly cachedInputTokens?: number | null;
  readonly cacheWriteTokens?: number | null;
  readonly reasoningTokens?: number | null;
  readonly queueMs: number | null;
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly status: number;
  /** Nano-dollars; absent where the caller of telemetry knows of no money, null where the cost is unknown. */
  readonly priceNano?: bigint;
  readonly writtenOffNano?: bigint;
  readonly costNano?: bigint | null;
  readonly priceEstimated?: boolean;
}

export interface AttemptSummary {
  readonly requestId: string;
  readonly provider: string;
  readonly target: string;
  readonly upstreamModel: string;
  readonly outcome: string;
  /** Wall milliseconds since 1970 UTC at which it began. */
  readonly atMs: number;
  readonly durationMs: number;
}
