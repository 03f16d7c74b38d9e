import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Asker, askerOf, type Belonging, type PortalContext } from './belonging.ts';

/** Why something was not done, for the person who asked. */
export interface PortalRefusal {
  readonly status: ContentfulStatusCode;
  readonly reason: string;
  readonly message: string;
}

export function say(context: Context, { status, reason, message }: PortalRefusal): Response {
  return context.json({ error: { reason, message } }, status);
}

/** What is not of this account is answered as if it were not there at all. */
export function absent(what: string): PortalRefusal {
  return { status: 404, reason: 'not_found', message: `there is no such ${what} here` };
}

/** Answers whoever belongs to the account in the path. */
export function asAsker(
  belonging: Belonging,
  work: (context: PortalContext, asker: Asker) => Response | Promise<Response>,
) {
  return async function handle(context: PortalContext): Promise<Response> {
    const asker = await askerOf(context, belonging);
    return asker === null ? say(context, absent('account')) : work(context, asker);
  };
}
