import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import { firstProblem, refuseField } from '../../http/body.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { TRAIL_PAGE_MAX, trailExportQuery, trailQuery } from '../contract.ts';
import { actorsOf, exportTrail, type NamesOf, toTrailView } from './read.ts';
import { readActions, type TrailFilter } from './store.ts';

/** The trail of an account, to be read and to be taken away. */
export function trailRoutes(reader: Reader, namesOf: NamesOf): Hono {
  const routes = new Hono();

  routes.get('/portal/v1/accounts/:account/trail', async (context) => {
    const limit = readLimit(context, TRAIL_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = readFilter(context, trailQuery);
    if (!query.ok) return query.refusal;
    const account = context.req.param('account');
    const page = { after: context.req.query('after') ?? null, limit: limit.value + 1 };
    const rows = await readActions(reader, account, query.value, page);
    const names = await namesOf(account, actorsOf(rows));
    return context.json(pageOf(rows, limit.value, (row) => toTrailView(row, names)));
  });

  routes.get('/portal/v1/accounts/:account/trail/export', (context) => {
    const query = readFilter(context, trailExportQuery);
    if (!query.ok) return query.refusal;
    return new Response(exportTrail(reader, context.req.param('account'), query.value, namesOf), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="candor-trail.csv"',
      },
    });
  });

  return routes;
}

function readFilter(
  context: Context,
  schema: typeof trailQuery | typeof trailExportQuery,
): Result<TrailFilter, Response> {
  const parsed: z.ZodSafeParseResult<z.output<typeof trailExportQuery>> = schema.safeParse(context.req.query());
  if (!parsed.success) return refuse(refuseField(context, firstProblem(parsed.error)));
  const { actor, action, from, to } = parsed.data;
  return ok({
    actor: actor ?? null,
    action: action ?? null,
    fromMs: from === undefined ? null : Date.parse(from),
    toMs: to === undefined ? null : Date.parse(to),
  });
}
