import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import type { z } from 'zod';

/** Answers a route with the report a simulation left at `path`, `{report: null}` where it left none. */
export function reportFileRoutes<Report>(route: string, path: string, form: z.ZodType<Report>): Hono {
  const routes = new Hono();
  routes.get(route, async (context) => context.json({ report: await readReport(path, form) }));
  return routes;
}

/** Null where there is none; rejects where it is no report. */
async function readReport<Report>(path: string, form: z.ZodType<Report>): Promise<Report | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new Error('the report of the simulation cannot be read', { cause });
  }
  const read = form.safeParse(JSON.parse(text));
  if (!read.success) throw new Error('the report of the simulation has another form', { cause: read.error });
  return read.data;
}
