import { Hono } from 'hono';
import { toIso } from '../base/calendar.ts';
import { PERMISSIONS } from '../http/contract.ts';
import type { ControlVariables } from '../http/control-api.ts';
import type { Reader } from '../storage/sql/storage.ts';
import type { SessionListView, SessionView } from './contract.ts';
import type { SessionCookie } from '../credentials/cookie.ts';
import { refuseLocal } from './refusal.ts';
import { endSession, endSessionsOf } from './session-store.ts';
import type { Sessions } from './sessions.ts';
import { isSignedIn, type SignedIn } from './signed-in.ts';
import { hasActiveOwner, readMember } from './store.ts';
import { toSessionView } from './views.ts';

export interface SessionRoutesDeps {
  readonly reader: Reader;
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
}

/** Whoever asks, about themselves; and the ways out. */
export function sessionRoutes({ reader, sessions, cookie }: SessionRoutesDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/control/v1/session', async (context) => {
    const actor = context.get('actor') as ControlVariables['actor'] | undefined;
    if (actor?.kind === 'local') return context.json({ ...NOBODY, state: 'local', permissions: [...PERMISSIONS] });
    const member = isSignedIn(actor) ? await readMember(reader, 'id', actor.id) : null;
    if (isSignedIn(actor) && member !== null) return context.json(toSessionView(member, actor));
    const state = (await hasActiveOwner(reader)) ? 'signed_out' : 'setup_needed';
    return context.json({ ...NOBODY, state });
  });

  routes.delete('/control/v1/session', async (context) => {
    const actor = context.get('actor');
    if (!isSignedIn(actor)) return refuseLocal();
    const { ended } = await sessions.commit([endSession(actor.sessionId)]);
    context.header('set-cookie', cookie.clear());
    return context.json({ ended });
  });

  routes.get('/control/v1/sessions', async (context) => {
    const actor = context.get('actor');
    return isSignedIn(actor) ? context.json(await listOf(sessions, actor)) : refuseLocal();
  });

  routes.delete('/control/v1/sessions', async (context) => {
    const actor = context.get('actor');
    if (!isSignedIn(actor)) return refuseLocal();
    const { ended } = await sessions.commit([endSessionsOf(actor.id)]);
    context.header('set-cookie', cookie.clear());
    return context.json({ ended });
  });

  return routes;
}

const NOBODY: Omit<SessionView, 'state'> = { staff: null, permissions: [], csrf: null, expires_at: null };

async function listOf(sessions: Sessions, actor: SignedIn): Promise<SessionListView> {
  const held = await sessions.list(actor.id);
  return {
    data: held.map((session) => ({
      id: session.id,
      current: session.id === actor.sessionId,
      created_at: toIso(session.createdAtMs),
      last_used_at: toIso(session.lastUsedAtMs),
      expires_at: toIso(session.expiresAtMs),
      network_prefix: session.networkPrefix,
    })),
  };
}
