import type { Hono } from 'hono';
import { reportFileRoutes } from '../../fraud/index.ts';
import type { ControlRoute } from '../../http/control-api.ts';
import { enforcementReport, enforcementSimulationView } from './contract.ts';

const ROUTE = '/control/v1/enforcement/simulation';

export const enforcementSimulationControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: ROUTE,
    access: 'enforcement.read',
    summary: 'Show how soon abusers are stopped and whom it hurts, in the simulation that was written last',
    tag: 'enforcement',
    answer: enforcementSimulationView,
  },
];

/** The control API of the report that `npm run simulate -- enforcement --write-report` leaves at `path`. */
export function enforcementSimulationRoutes(path: string): Hono {
  return reportFileRoutes(ROUTE, path, enforcementReport);
}
