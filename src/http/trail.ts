/** What trails have in common, that of the staff and that of accounts: what may stand in them, and how they are asked for. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { CSV_LINE_END, csvCell, disarmed } from '../base/csv.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { firstProblem, refuseField } from './body.ts';

/** Changes as a handler tells them: no secret, no mail address, no content. */
export type Changes = Readonly<Record<string, unknown>>;

/** Of what a path names; a longer text is no id, and is cut. */
const OBJECT_CHARS_MAX = 128;
/** Of the changes of one action as JSON; more is left out as a whole, and said to be. */
const CHANGES_CHARS_MAX = 4_096;

/** The parameters of a path, as they are kept. */
export function boundedObjects(objects: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objects).map(([name, value]) => [name, value.slice(0, OBJECT_CHARS_MAX)]));
}

export function boundedChanges(changes: Changes | null): Changes | null {
  return changes === null || JSON.stringify(changes).length <= CHANGES_CHARS_MAX ? changes : { too_long: true };
}

export interface TrailFilter {
  readonly actor: string | null;
  /** What the action begins with. */
  readonly action: string | null;
  /** Wall milliseconds, as `toMs`, which is exclusive. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

type TrailQuery = Partial<Record<'actor' | 'action' | 'from' | 'to', string | undefined>>;

/** The query of a request by its schema, or the 400 that says what is wrong with it. */
export function readTrailFilter(context: Context, schema: z.ZodType<TrailQuery>): Result<TrailFilter, Response> {
  const parsed = schema.safeParse(context.req.query());
  if (!parsed.success) return refuse(refuseField(context, firstProblem(parsed.error)));
  const { actor, action, from, to } = parsed.data;
  return ok({
    actor: actor ?? null,
    action: action ?? null,
    fromMs: from === undefined ? null : Date.parse(from),
    toMs: to === undefined ? null : Date.parse(to),
  });
}

export interface TrailExport {
  /** Of the file, such as `candor-trail.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The cells of the actions after the one named, newest first, with their ids; none when there are no more. */
  page(after: string | null): Promise<readonly { readonly id: string; readonly cells: readonly string[] }[]>;
}

/** A trail as CSV; one page is in memory at a time, however slowly it is read off. */
export function trailFile({ name, columns, page }: TrailExport): Response {
  const encoder = new TextEncoder();
  let after: string | null = null;
  const lines = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(columns))),
    async pull(controller) {
      const rows = await page(after);
      after = rows.at(-1)?.id ?? null;
      if (after === null) controller.close();
      else controller.enqueue(encoder.encode(rows.map(({ cells }) => csvLine(cells)).join('')));
    },
  });
  return new Response(lines, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}"` },
  });
}

function csvLine(cells: readonly string[]): string {
  return cells.map((text) => csvCell(disarmed(text))).join(',') + CSV_LINE_END;
}
