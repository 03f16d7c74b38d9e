import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import type { ControlRoute } from '../../http/control-api.ts';
import { type Report, report, simulationReportView } from './contract.ts';

export const simulationReportControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/control/v1/fraud/simulation',
    access: 'fraud.read',
    summary: 'Show how well links and free credit did in the simulation of the front door that was written last',
    tag: 'fraud',
    answer: simulationReportView,
  },
];

/** The control API of the report that `npm run simulate -- front-door --write-report` leaves at `path`. */
export function simulationReportRoutes(path: string): Hono {
  const routes = new Hono();
  routes.get('/control/v1/fraud/simulation', async (context) => context.json({ report: await readReport(path) }));
  return routes;
}

/** Null where there is none; rejects where it is no report. */
async function readReport(path: string): Promise<Report | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new Error('the report of the simulation cannot be read', { cause });
  }
  const read = report.safeParse(JSON.parse(text));
  if (!read.success) throw new Error('the report of the simulation has another form', { cause: read.error });
  return read.data;
}
