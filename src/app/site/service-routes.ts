import { Hono } from 'hono';
import type { ControlRoute } from '../../http/control-api.ts';
import { type ServiceView, serviceView } from './contract.ts';

export const servicePortalApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/service',
    access: 'public',
    summary: 'Say what the service calls itself, and which models it serves',
    tag: 'service',
    answer: serviceView,
  },
];

/** What everybody may know of the service. */
export function serviceRoutes(service: ServiceView): Hono {
  const routes = new Hono();
  routes.get('/portal/v1/service', (context) => context.json(service));
  return routes;
}
