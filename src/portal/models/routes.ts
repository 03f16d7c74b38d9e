import { Hono } from 'hono';
import type { ControlVariables } from '../../http/control-api.ts';
import { asAsker } from '../refusals.ts';
import { modelsOf, type PortalModelsDeps } from './models.ts';

/** Models of an account. */
export function portalModelRoutes(deps: PortalModelsDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.get(
    '/portal/v1/accounts/:account/models',
    asAsker(deps.belonging, (context, asker) => context.json(modelsOf(deps, asker))),
  );
  return routes;
}
