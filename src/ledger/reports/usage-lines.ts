import { dayOf } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import type { StatementLineView } from './contract.ts';
import { creditChange, type Entry } from './entry.ts';
import { addTokens, NO_TOKENS, type TokenSums, type UsageRecord } from './usage-records.ts';

/** What lines that are no usage say of it. */
export const NO_USAGE = {
  model: null,
  requests: null,
  input_tokens: null,
  cached_input_tokens: null,
  cache_write_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
} as const;

interface Sum {
  readonly day: string;
  readonly model: string | null;
  amount: Nano;
  requests: number;
  tokens: TokenSums;
}

/** Sums usage by day and model. Transfers of one request come one after the other, and it counts once. */
export function createUsageLines() {
  const sums = new Map<string, Sum>();
  let counted: string | null = null;

  function sumOf(day: string, model: string | null): Sum {
    const key = `${day} ${model ?? ''}`;
    const sum = sums.get(key) ?? { day, model, amount: 0n, requests: 0, tokens: NO_TOKENS };
    sums.set(key, sum);
    return sum;
  }

  return {
    add(entry: Entry, record: UsageRecord | null): void {
      const sum = sumOf(dayOf(entry.atMs), record?.modelRequested ?? null);
      sum.amount += creditChange(entry);
      if (counted === entry.subject) return;
      counted = entry.subject;
      sum.requests++;
      if (record !== null) sum.tokens = addTokens(sum.tokens, record);
    },
    lines: (): StatementLineView[] => [...sums.values()].map(toLine),
  };
}

function toLine({ day, model, amount, requests, tokens }: Sum): StatementLineView {
  return {
    at: day,
    kind: 'usage',
    text: model ?? 'model unknown',
    amount_nano: String(amount),
    grant_id: null,
    payment_id: null,
    model,
    requests,
    input_tokens: tokens.input,
    cached_input_tokens: tokens.cachedInput,
    cache_write_tokens: tokens.cacheWrite,
    output_tokens: tokens.output,
    reasoning_tokens: tokens.reasoning,
  };
}
