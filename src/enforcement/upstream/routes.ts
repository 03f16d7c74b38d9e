import { Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { upstreamNoticeBody } from './contract.ts';
import type { UpstreamNotice } from './notice.ts';

export interface UpstreamNoticesDeps {
  readonly clock: Clock;
  /** Names of the configured upstreams. */
  readonly providers: readonly string[];
  /** Whom an identifier was sent for; null for none of ours. */
  resolve(identifier: string): Promise<{ readonly accountId: string; readonly endUser: string | null } | null>;
  /** Resolves once what was said is durable. */
  heard(notice: UpstreamNotice): Promise<void>;
}

/** Takes in what upstreams say: of mails and webhooks somebody or something passes on. */
export function upstreamNoticeRoutes(deps: UpstreamNoticesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.post('/control/v1/enforcement/upstream-notices', async (context) => {
    const body = await readBody(context, upstreamNoticeBody);
    if (!body.ok) return body.refusal;
    const { provider, safety_identifier: identifier, kind, detail, conduct } = body.value;
    if (!deps.providers.includes(provider)) {
      const message = `provider: no upstream is called ${provider}; use its name in the configuration`;
      return context.json({ error: { reason: 'invalid_field', message } }, 400);
    }
    const found = await deps.resolve(identifier);
    if (found === null) {
      const message = 'this service sent no such safety identifier in the last 90 days; check that it was copied whole';
      return context.json({ error: { reason: 'identifier_not_found', message } }, 404);
    }
    const { accountId, endUser } = found;
    const owner = { accountId, endUser, keyId: null, app: null, member: null, product: null };
    const atMs = deps.clock.wallMs();
    await deps.heard({ atMs, provider, kind, detail, conduct, owner, requestId: null });
    return context.json({ account_id: accountId, end_user: endUser }, 202);
  });
  return routes;
}
