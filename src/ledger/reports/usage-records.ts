import type { Nano } from '../../base/money.ts';
import type { Span } from '../../base/calendar.ts';

/** What reports know of a request besides its transfers. */
export interface UsageRecord {
  readonly id: string;
  readonly atMs: number;
  readonly accountId: string | null;
  readonly keyId: string | null;
  readonly app: string | null;
  readonly product: string | null;
  readonly modelRequested: string | null;
  /** `none` when no upstream was asked; then there are no token counts and no cost. */
  readonly usageSource: string;
  /** How it ended: `completed`, `cut`, `failed`, ... */
  readonly outcome: string;
  /** Why it did not complete; null when it did. */
  readonly reason: string | null;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly priceId: string | null;
  readonly priceEstimated: boolean;
  readonly priceNano: Nano;
  readonly writtenOffNano: Nano;
  /** Null when unknown. */
  readonly costNano: Nano | null;
}

/** The usage records of whoever keeps them. */
export interface UsageRecords {
  byId(id: string): Promise<UsageRecord | null>;
  /** Of all requests of an account there ever were, in pages. */
  ofAccount(accountId: string): AsyncIterable<readonly UsageRecord[]>;
  /** Of requests that ended in the span, in pages that each are read at once. */
  endedIn(span: Span): AsyncIterable<readonly UsageRecord[]>;
}

/** Counts of tokens by class, of the requests whose counts are known. */
export interface TokenSums {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

export const NO_TOKENS: TokenSums = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

export function addTokens(sums: TokenSums, record: UsageRecord): TokenSums {
  return {
    input: sums.input + (record.inputTokens ?? 0),
    cachedInput: sums.cachedInput + (record.cachedInputTokens ?? 0),
    cacheWrite: sums.cacheWrite + (record.cacheWriteTokens ?? 0),
    output: sums.output + (record.outputTokens ?? 0),
    reasoning: sums.reasoning + (record.reasoningTokens ?? 0),
  };
}
