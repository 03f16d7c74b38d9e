import type { Nano } from '../../base/money.ts';
import type { Rates } from '../price.ts';
import { chargeOf } from './charge.ts';

/** What a usage event says of a request that was charged. */
export interface ChargedUse {
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly audioInputTokens: number | null;
  readonly audioOutputTokens: number | null;
  readonly images: number;
  readonly marginBp: number;
}

/** What a request must have been charged by the rates its price id names; what was not counted counts as none. */
export function expectedPrice(used: ChargedUse, rates: Rates): Nano {
  const usage = {
    inputTokens: used.inputTokens ?? 0,
    cachedInputTokens: used.cachedInputTokens ?? 0,
    cacheWriteTokens: used.cacheWriteTokens ?? 0,
    outputTokens: used.outputTokens ?? 0,
    reasoningTokens: used.reasoningTokens ?? 0,
    audioInputTokens: used.audioInputTokens ?? 0,
    audioOutputTokens: used.audioOutputTokens ?? 0,
  };
  return chargeOf({ usage, images: used.images, rates, marginBp: used.marginBp, cost: null }).price;
}
