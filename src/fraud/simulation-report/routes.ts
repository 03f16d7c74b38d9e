import type { Hono } from 'hono';
import type { ControlRoute } from '../../http/control-api.ts';
import { report, simulationReportView } from './contract.ts';
import { reportFileRoutes } from './report-file.ts';

const ROUTE = '/control/v1/fraud/simulation';

export const simulationReportControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: ROUTE,
    access: 'fraud.read',
    summary: 'Show how well links and free credit did in the simulation of the front door that was written last',
    tag: 'fraud',
    answer: simulationReportView,
  },
];

/** The control API of the report that `npm run simulate -- front-door --write-report` leaves at `path`. */
export function simulationReportRoutes(path: string): Hono {
  return reportFileRoutes(ROUTE, path, report);
}
