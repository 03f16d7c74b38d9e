import type { RequestSummary } from '../telemetry.ts';
import { type LabelNames, NONE } from './names.ts';
import { createCounter, type SlotFamily } from './series.ts';

/** What requests came to in dollars: for watching, since sums of floating-point numbers are none of the books. */
export interface MoneyMetrics {
  noteRequest(request: RequestSummary): void;
  readonly families: readonly SlotFamily[];
}

const NANO_PER_USD = 1e9;

export function createMoneyMetrics(names: LabelNames): MoneyMetrics {
  const charged = createCounter({
    name: 'candor_charged_usd_total',
    help: 'What callers were charged, written-off parts included.',
    labels: ['model'],
  });
  const writtenOff = createCounter({
    name: 'candor_written_off_usd_total',
    help: 'What callers were charged and no credit was left for.',
    labels: ['model'],
  });
  const cost = createCounter({
    name: 'candor_upstream_cost_usd_total',
    help: 'What upstreams charge, where it is known.',
    labels: ['model', 'provider'],
  });
  const estimated = createCounter({
    name: 'candor_price_estimated_total',
    help: 'Requests charged by the configured estimate, because their model has no price.',
    labels: ['model'],
  });
  return {
    families: [charged, writtenOff, cost, estimated],
    noteRequest({ modelRequested, provider, priceNano, writtenOffNano, costNano, priceEstimated }) {
      if (priceNano) charged.at(names.model(modelRequested)).value += usd(priceNano);
      if (writtenOffNano) writtenOff.at(names.model(modelRequested)).value += usd(writtenOffNano);
      if (costNano) cost.at(names.model(modelRequested), providerOf(provider)).value += usd(costNano);
      if (priceEstimated) estimated.at(names.model(modelRequested)).value++;
    },
  };

  function providerOf(provider: string | null): string {
    return provider === null ? NONE : names.provider(provider);
  }
}

function usd(nano: bigint): number {
  return Number(nano) / NANO_PER_USD;
}
