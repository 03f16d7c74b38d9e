import { Hono } from 'hono';
import { isoOrNull } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { askerOf } from '../ask.ts';
import type { Belongings } from '../belonging.ts';
import { type SsoView, ssoBody } from '../contract.ts';
import { OWNERS_ONLY, refusalResponse, WORKSPACE_ONLY } from '../refusal.ts';
import type { Sso } from './sso.ts';
import type { SsoSettings } from './store.ts';

/** Single sign-on of a workspace. */
export function ssoRoutes(sso: Sso, belongings: Belongings, portalUrl: string): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  const path = '/portal/v1/accounts/:account/sso';
  const show = (account: string, settings: SsoSettings | null) =>
    toView(settings, `${portalUrl}/portal/v1/sso/${account}/callback`);

  routes.get(path, async (context) => {
    const account = context.req.param('account');
    return context.json(show(account, await sso.read(account)));
  });

  routes.put(path, async (context) => {
    const body = await readBody(context, ssoBody);
    if (!body.ok) return body.refusal;
    const account = context.req.param('account');
    const belonging = await belongings.of(askerOf(context.get('actor')).id, account);
    if ((belonging?.member ?? null) === null) return refusalResponse(WORKSPACE_ONLY);
    // Its provider says who somebody is, an owner too: whoever chooses it could come in as any of them.
    if (belonging?.role !== 'owner') return refusalResponse(OWNERS_ONLY);
    const saved = await sso.save(account, body.value);
    if (!saved.ok) return refusalResponse(saved.refusal);
    const { issuer, required, join_role: joinRole } = body.value;
    context.set('changes', { issuer, required, join_role: joinRole });
    return context.json(show(account, saved.value));
  });

  routes.delete(path, async (context) => {
    const account = context.req.param('account');
    await sso.remove(account);
    return context.json(show(account, null));
  });

  return routes;
}

function toView(settings: SsoSettings | null, redirectUrl: string): SsoView {
  return {
    configured: settings !== null,
    issuer: settings?.issuer ?? null,
    client_id: settings?.clientId ?? null,
    required: settings?.required ?? false,
    join_role: settings?.joinRole ?? 'developer',
    redirect_url: redirectUrl,
    changed_at: isoOrNull(settings?.changedAtMs ?? null),
  };
}
