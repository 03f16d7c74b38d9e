import { expect, test } from 'bun:test';
import type { RequestSummary } from '../telemetry.ts';
import { exposeMetrics } from './exposition.ts';
import { createMoneyMetrics } from './money-metrics.ts';
import { createLabelNames } from './names.ts';

const summary = (more: Partial<RequestSummary>): RequestSummary => ({
  id: 'req_1',
  atMs: 0,
  endpoint: 'chat.completions',
  streamed: false,
  product: 'api',
  app: null,
  keyId: 'k',
  modelRequested: 'made up by a caller',
  modelServed: null,
  provider: 'made up too',
  target: null,
  attempts: 1,
  usageSource: 'reported',
  inputTokens: 1,
  outputTokens: 1,
  queueMs: null,
  firstTokenMs: null,
  totalMs: 1,
  outcome: 'completed',
  reason: null,
  status: 200,
  ...more,
});

test('money is counted in dollars, under names the configuration has', () => {
  const metrics = createMoneyMetrics(createLabelNames({ models: {}, providers: {} }));
  metrics.noteRequest(summary({ priceNano: 1_500_000_000n, writtenOffNano: 500_000_000n, costNano: 250_000_000n }));
  metrics.noteRequest(summary({ priceNano: 1_000_000_000n, priceEstimated: true }));
  metrics.noteRequest(summary({ priceNano: 0n, writtenOffNano: 0n, costNano: null, priceEstimated: false }));
  const text = exposeMetrics(metrics.families);
  expect(text).toContain('candor_charged_usd_total{model="other"} 2.5\n');
  expect(text).toContain('candor_written_off_usd_total{model="other"} 0.5\n');
  expect(text).toContain('candor_upstream_cost_usd_total{model="other",provider="other"} 0.25\n');
  expect(text).toContain('candor_price_estimated_total{model="other"} 1\n');
});
