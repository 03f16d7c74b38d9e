import { Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { allowModelsBody, type AppView, changeAppBody, createAppBody } from '../contract.ts';
import { refusalResponse } from '../refusal.ts';
import type { Apps } from './apps.ts';
import type { ModelTable } from './model-table.ts';
import type { DeclaredApp } from './store.ts';

/** The apps of an account, and the models it allows. */
export function appRoutes(apps: Apps, models: ModelTable): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  const narrowedTo = (app: DeclaredApp) => models.of(app.accountId, { kind: 'app', id: app.id });
  const show = (app: DeclaredApp): AppView => ({
    id: app.id,
    name: app.name,
    models: narrowedTo(app)?.slice() ?? null,
    created_at: toIso(app.createdAtMs),
    archived_at: isoOrNull(app.archivedAtMs),
  });

  routes.get('/portal/v1/accounts/:account/apps', async (context) => {
    const found = await apps.list(context.req.param('account'));
    return context.json({ data: found.map(show) });
  });

  routes.post('/portal/v1/accounts/:account/apps', async (context) => {
    const body = await readBody(context, createAppBody);
    if (!body.ok) return body.refusal;
    const made = await apps.declare(context.req.param('account'), body.value.id, body.value.name);
    if (!made.ok) return refusalResponse(made.refusal);
    context.set('changes', { app: made.value.id });
    return context.json(show(made.value), 201);
  });

  routes.patch('/portal/v1/accounts/:account/apps/:app', async (context) => {
    const body = await readBody(context, changeAppBody);
    if (!body.ok) return body.refusal;
    const { account, app } = context.req.param();
    const changed = await apps.change(account, app, body.value);
    if (!changed.ok) return refusalResponse(changed.refusal);
    context.set('changes', body.value);
    return context.json(show(changed.value));
  });

  routes.get('/portal/v1/accounts/:account/allowed-models', (context) =>
    context.json(models.view(context.req.param('account'))),
  );

  routes.put('/portal/v1/accounts/:account/allowed-models', async (context) => {
    const body = await readBody(context, allowModelsBody);
    if (!body.ok) return body.refusal;
    const account = context.req.param('account');
    const allowed = await apps.allowModels(account, body.value);
    if (!allowed.ok) return refusalResponse(allowed.refusal);
    context.set('changes', body.value);
    return context.json(models.view(account));
  });

  return routes;
}
