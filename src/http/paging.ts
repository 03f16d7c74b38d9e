import type { Context } from 'hono';
import { ok, refuse, type Result } from '../base/result.ts';
import { refuseField } from './body.ts';

const ROWS_DEFAULT = 100;

/** The rows of `?limit=`: from 1 to `max`, 100 when nothing is said; else the 400 that says so. */
export function readLimit(context: Context, max: number): Result<number, Response> {
  const text = context.req.query('limit');
  if (text === undefined) return ok(Math.min(ROWS_DEFAULT, max));
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return ok(limit);
  return refuse(refuseField(context, `limit: must be a whole number from 1 to ${max}`));
}

/** A page of `limit` rows, of which one more was looked for; `next` is the id the page ends with if there are more. */
export function pageOf<Row extends { readonly id: string }, View>(
  found: readonly Row[],
  limit: number,
  toView: (row: Row) => View,
): { data: View[]; next: string | null } {
  const page = found.slice(0, limit);
  return { data: page.map(toView), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
}
