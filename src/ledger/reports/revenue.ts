import { type Month, toIso } from '../../base/calendar.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { FigureView, RevenueReportView } from './contract.ts';
import { FIGURES, type FigureValue } from './figures.ts';
import { readFlows } from './journal.ts';
import { recurringRevenue } from './recurring.ts';
import { readSubscriptionFacts } from './subscription-facts.ts';
import { createTally } from './tally.ts';
import { unknownCost } from './usage.ts';
import type { UsageRecords } from './usage-records.ts';

export interface RevenueSources {
  readonly reader: Reader;
  readonly usage: UsageRecords;
}

/** The figures of a month, up to `nowMs` when it is not over. Everything is read anew; nothing is kept. */
export async function revenueReport(sources: RevenueSources, month: Month, nowMs: number): Promise<RevenueReportView> {
  const { fromMs } = month;
  const toMs = Math.max(fromMs, Math.min(month.toMs, nowMs));
  const span = { fromMs, toMs };
  const tally = createTally();
  for await (const { flow, inSpan } of readFlows(sources.reader, span)) tally.add(flow, inSpan);
  const recurring = await recurringRevenue(readSubscriptionFacts(sources.reader, toMs), span);
  const made = { tally, recurring, unknownCost: await unknownCost(sources.usage, span) };
  return {
    month: month.name,
    from: toIso(fromMs),
    to: toIso(toMs),
    complete: toMs === month.toMs,
    figures: FIGURES.map(({ name, formula, of }) => toView(name, formula, of(made))),
  };
}

function toView(name: string, formula: string, value: FigureValue): FigureView {
  if ('amount' in value) return { name, amount_nano: String(value.amount), formula };
  if ('count' in value) return { name, count: value.count, formula };
  return { name, per_cent: value.perCent, formula };
}
