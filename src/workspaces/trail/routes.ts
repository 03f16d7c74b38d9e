import { Hono } from 'hono';
import { pageOf, readLimit } from '../../http/paging.ts';
import { readTrailFilter } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { TRAIL_PAGE_MAX, trailExportQuery, trailQuery } from '../contract.ts';
import { actorsOf, exportTrail, type NamesOf, toTrailView } from './read.ts';
import { readActions } from './store.ts';

/** The trail of an account, to be read and to be taken away. */
export function trailRoutes(reader: Reader, namesOf: NamesOf): Hono {
  const routes = new Hono();

  routes.get('/portal/v1/accounts/:account/trail', async (context) => {
    const limit = readLimit(context, TRAIL_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = readTrailFilter(context, trailQuery);
    if (!query.ok) return query.refusal;
    const account = context.req.param('account');
    const page = { after: context.req.query('after') ?? null, limit: limit.value + 1 };
    const rows = await readActions(reader, account, query.value, page);
    const names = await namesOf(account, actorsOf(rows));
    return context.json(pageOf(rows, limit.value, (row) => toTrailView(row, names)));
  });

  routes.get('/portal/v1/accounts/:account/trail/export', (context) => {
    const query = readTrailFilter(context, trailExportQuery);
    if (!query.ok) return query.refusal;
    return exportTrail(reader, context.req.param('account'), query.value, namesOf);
  });

  return routes;
}
