/** Usage events to try rules on: a few hundred people, most of them ordinary, made from a seed. */
import type { UsageEvent } from '../../../metering/index.ts';

export const START_MS = Date.UTC(2026, 10, 20);

export const PLAIN_EVENT: UsageEvent = {
  id: 'req_0',
  epoch: 'boot_1',
  atMs: START_MS,
  endpoint: 'chat.completions',
  streamed: true,
  product: 'api',
  app: 'shop',
  appSource: 'declared',
  keyId: 'key_1',
  accountId: 'acc_1',
  member: null,
  endUser: null,
  modelRequested: 'small',
  modelServed: 'small-1',
  provider: 'demo',
  target: 'small/0',
  attempts: 1,
  usageSource: 'reported',
  inputTokens: 100,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 50,
  reasoningTokens: 0,
  audioInputTokens: null,
  audioOutputTokens: null,
  queueMs: 1,
  firstTokenMs: 120.5,
  totalMs: 900.25,
  outcome: 'completed',
  reason: null,
  status: 200,
  networkPrefix: '10.0.0.0/24',
  clientClass: 'curl',
  priceId: 'price_1',
  priceEstimated: false,
  marginBp: 0,
  images: 0,
  priceNano: 1_000_000n,
  writtenOffNano: 0n,
  costNano: 500_000n,
  verdict: 'passed',
  categories: null,
};

const USERS = ['a,b', 'say "hi"', '100%25', '李雷', 'named:x', 'account:acc_9', 'none', 'line\nbreak', '', 'plain'];

/** Numbers from 0 up to 1, always the same for a seed (mulberry32). */
function draws(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** In the order they arrive; some take hours, so that they end in another order, and beyond their day. */
export function manyEvents(seed: number, count: number, spanMs: number): UsageEvent[] {
  const draw = draws(seed);
  const one = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(draw() * values.length)];
  const arrivals = Array.from({ length: count }, () => START_MS + Math.floor(draw() * spanMs)).sort((a, b) => a - b);
  return arrivals
    .map((atMs, nth): UsageEvent => {
      const account = Math.floor(60 * draw() ** 3);
      const refused = draw() < (account % 7 === 0 ? 0.3 : 0.01);
      const named = draw() < 0.5;
      return {
        ...PLAIN_EVENT,
        id: `req_${String(nth).padStart(8, '0')}`,
        atMs,
        accountId: draw() < 0.02 ? null : `acc_${account}`,
        keyId: `key_${account}_${Math.floor(draw() * 2)}`,
        app: draw() < 0.2 ? null : `app_${Math.floor(draw() * 5)}`,
        appSource: 'declared',
        product: draw() < 0.1 ? null : (one(['api', 'chat']) ?? null),
        endUser: named ? (one(USERS) ?? null) : draw() < 0.5 ? null : `user ${Math.floor(draw() * 400)}`,
        modelRequested: one(['small', 'large, and "odd"', null]) ?? null,
        totalMs: draw() < 0.02 ? draw() * 20_000_000 : draw() * 3_000,
        networkPrefix: draw() < 0.05 ? null : `10.${Math.floor(draw() * 6)}.${Math.floor(draw() * 200)}.0/24`,
        inputTokens: refused ? null : Math.floor(draw() * 5_000),
        outcome: refused ? 'refused' : 'completed',
        reason: refused ? 'prompt_refused' : null,
        status: refused ? 403 : 200,
        verdict: refused ? 'refused' : 'passed',
        categories: refused ? (one(['harassment,hate', 'illicit', 'jailbreak']) ?? null) : null,
        priceNano: BigInt(Math.floor(draw() * 50_000_000)),
      };
    })
    .map((event) => (event.app === null ? { ...event, appSource: 'none' as const } : event));
}
