import { Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Outbox } from './outbox.ts';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * The mails that no server takes, for development. Only whoever sits at this machine reads them: behind a proxy every
 * caller would seem to.
 */
export function outboxRoutes(outbox: Outbox): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/portal/v1/outbox', async (context) => {
    const forwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip'].some(
      (name) => context.req.header(name) !== undefined,
    );
    if (forwarded || !LOOPBACK.test(context.get('address') ?? '')) {
      return context.json({ error: { reason: 'not_found', message: 'there is no such thing here' } }, 404);
    }
    const mails = await outbox.kept();
    return context.json({
      data: mails.map(({ id, atMs, to, text, link }) => ({
        id,
        at: toIso(atMs),
        to,
        subject: text.subject,
        body: text.body,
        link,
      })),
    });
  });

  return routes;
}
