import { timingSafeEqual } from 'node:crypto';
import type { Gateway } from '../gateway/index.ts';
import { pathOf } from '../runtime/listener.ts';
import type { PortalParts } from './compose-portal.ts';

export interface RouteParts {
  readonly gateway: Pick<Gateway, 'handle' | 'draining'>;
  /** The Prometheus text. */
  readonly metricsText: () => Promise<string>;
  /** Null keeps `/metrics` off this listener. */
  readonly metricsToken: string | null;
  /** Null where Stripe is not configured. */
  readonly stripeWebhook: ((request: Request) => Promise<Response>) | null;
  /** Null where nobody signs up. */
  readonly portal: Pick<PortalParts, 'site' | 'scim'> | null;
}

/** The public listener: the API, the portal, and what a load balancer and a metrics collector ask. */
export function createRoutes(parts: RouteParts) {
  const { portal } = parts;
  return function handle(request: Request, peerAddress: string | null): Response | Promise<Response> {
    const { path } = pathOf(request.url);
    const { method } = request;
    if (path === '/webhooks/stripe' && parts.stripeWebhook !== null) return parts.stripeWebhook(request);
    if (portal?.site.takes(request, path) === true) return portal.site.fetch(request, peerAddress);
    if (portal !== null && path.startsWith('/scim/')) return portal.scim(request, peerAddress);
    if (path.startsWith('/v1/') || (method !== 'GET' && method !== 'HEAD')) {
      return parts.gateway.handle(request, peerAddress);
    }
    switch (path) {
      case '/healthz':
        return plain(200, 'ok');
      case '/readyz':
        return parts.gateway.draining() ? plain(503, 'draining') : plain(200, 'ready');
      case '/metrics':
        return metrics(request, parts);
      case '/':
        return plain(200, 'Candor is running. The API is under /v1; see the README for a first request.');
      default:
        return parts.gateway.handle(request, peerAddress);
    }
  };
}

async function metrics(request: Request, parts: RouteParts): Promise<Response> {
  const given = request.headers.get('authorization') ?? '';
  if (parts.metricsToken === null || !sameText(given, `Bearer ${parts.metricsToken}`)) {
    return plain(401, 'metrics need the token in CANDOR_METRICS_TOKEN, as "Authorization: Bearer ..."');
  }
  return new Response(await parts.metricsText(), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  });
}

function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
