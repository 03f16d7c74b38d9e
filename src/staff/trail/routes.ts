import { Hono } from 'hono';
import { pageOf, readLimit } from '../../http/paging.ts';
import { readTrailFilter } from '../../http/trail.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { AUDIT_PAGE_MAX, auditExportQuery, auditQuery } from '../contract.ts';
import { exportTrail, toAuditView } from './read.ts';
import { readActions } from './store.ts';

/** The trail, to be read and to be taken away. */
export function auditRoutes(reader: Reader): Hono {
  const routes = new Hono();

  routes.get('/control/v1/audit', async (context) => {
    const limit = readLimit(context, AUDIT_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = readTrailFilter(context, auditQuery);
    if (!query.ok) return query.refusal;
    const page = { after: context.req.query('after') ?? null, limit: limit.value + 1 };
    return context.json(pageOf(await readActions(reader, query.value, page), limit.value, toAuditView));
  });

  routes.get('/control/v1/audit/export', (context) => {
    const query = readTrailFilter(context, auditExportQuery);
    if (!query.ok) return query.refusal;
    return exportTrail(reader, query.value);
  });

  return routes;
}
