import { Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { CapturedContent } from './content.ts';
import { CONTENT_ACCESSES_PAGE_MAX, readContentBody } from './contract.ts';

const WHY_NOT = {
  not_captured: ['content_not_captured', 'nothing was kept of this request: its product does not capture content', 404],
  expired: ['content_expired', 'the content of this request was captured and is past its time or erased', 410],
  unreadable: [
    'content_unreadable',
    'the content of this request does not open: it was changed, or the file content-key of the data folder is another one than it was kept under; restore that file',
    409,
  ],
} as const;

/**
 * The control API of captured content.
 *
 * @param isAccount whether there is an account of this id
 * @param mayReadAlone whether one person may read what was written in this request
 */
export function contentRoutes(
  content: CapturedContent,
  isAccount: (id: string) => boolean,
  mayReadAlone: (requestId: string) => Promise<boolean>,
): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/control/v1/usage/events/:id/content', async (context) => {
    const body = await readBody(context, readContentBody);
    if (!body.ok) return body.refusal;
    const requestId = context.req.param('id');
    if (!(await mayReadAlone(requestId))) {
      const message = 'two people are needed to read this; ask for it in the case that it belongs to';
      return context.json({ error: { reason: 'content_takes_two', message } }, 403);
    }
    const read = await content.read({ requestId, ...whoIs(context.get('actor')), reason: body.value.reason });
    if (!read.ok) {
      const [reason, message, status] = WHY_NOT[read.refusal];
      return context.json({ error: { reason, message } }, status);
    }
    const { prompt, reply, truncated, capturedAtMs, expiresAtMs } = read.value;
    const times = { captured_at: toIso(capturedAtMs), expires_at: toIso(expiresAtMs) };
    return context.json({ id: requestId, prompt, reply, truncated, ...times });
  });

  routes.get('/control/v1/content-accesses', async (context) => {
    const limit = readLimit(context, CONTENT_ACCESSES_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const found = await content.accesses({ after: context.req.query('after') ?? null, limit: limit.value + 1 });
    const page = pageOf(found, limit.value, (access) => ({
      id: access.id,
      at: toIso(access.atMs),
      request_id: access.requestId,
      account: access.accountId,
      actor: access.actor,
      actor_name: access.actorName,
      reason: access.reason,
    }));
    return context.json(page);
  });

  routes.post('/control/v1/accounts/:id/content/erase', async (context) => {
    const id = context.req.param('id');
    if (!isAccount(id)) {
      return context.json({ error: { reason: 'account_not_found', message: `there is no account ${id}` } }, 404);
    }
    await content.erase(id);
    return context.json({ erased: true });
  });

  return routes;
}

function whoIs(actor: Actor): { actor: string; actorName: string } {
  return actor.kind === 'staff' ? { actor: actor.id, actorName: actor.name } : { actor: 'local', actorName: 'local' };
}
