import type { BudgetPeriod } from '../budget.ts';

/** When the period began that `atMs` lies in, wall milliseconds by UTC; `total` began with 1970. */
export function periodStart(period: BudgetPeriod, atMs: number): number {
  if (period === 'total') return 0;
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), period === 'day' ? at.getUTCDate() : 1);
}

/** When the period ends that began at `startMs`; null for `total`, which never does. */
export function periodEnd(period: BudgetPeriod, startMs: number): number | null {
  if (period === 'total') return null;
  const start = new Date(startMs);
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  return period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
}
