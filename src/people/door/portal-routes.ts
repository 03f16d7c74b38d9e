import { type Context, Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { firstProblem, refuseField } from '../../http/body.ts';
import { signUpQuery } from '../contract.ts';
import type { Door, Place } from './door.ts';

export interface DoorPortalParts {
  readonly door: Door;
  /** Names of plans people may choose. */
  readonly plans: readonly string[];
  /** The country of a network prefix; null when it is unknown. */
  regionOf(networkPrefix: string | null): string | null;
  /** What must be solved before a sign-up is taken, as on the wire. */
  challengeFor(networkPrefix: string | null): Promise<object>;
  /** Other services one can sign up with. */
  providers(): readonly { readonly id: string; readonly name: string }[];
}

/** Seconds between two questions of one who waits, and one more for so many in the line. */
const POLL_S_MIN = 20;
const POLL_S_MAX = 300;
const WAITING_PER_S = 2_000;

/** The portal API of the door: how it stands, and where somebody stands who waits. */
export function doorPortalRoutes(parts: DoorPortalParts): Hono<{ Variables: ControlVariables }> {
  const { door } = parts;
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/portal/v1/sign-up', async (context) => {
    const query = signUpQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const prefix = context.get('networkPrefix') ?? null;
    const region = parts.regionOf(prefix);
    const ways = [null, ...parts.plans].filter((plan) => query.data.plan === undefined || plan === query.data.plan);
    for (const plan of ways.slice(0, 1)) door.note('shown', { plan, region });
    return context.json({
      plans: ways.map((plan) => {
        const { state, reason, retryAtMs } = door.settingFor({ plan, region });
        return { plan, state, reason, retry_at: isoOrNull(retryAtMs) };
      }),
      challenge: await parts.challengeFor(prefix),
      providers: parts.providers(),
    });
  });

  routes.get('/portal/v1/waitlist/:ticket', async (context) => {
    const place = await door.place(context.req.param('ticket'));
    return place === null ? noTicket(context) : context.json(toView(place));
  });

  return routes;
}

function noTicket(context: Context): Response {
  const message = 'there is no such place in the line; sign in to see yours';
  return context.json({ error: { reason: 'not_found', message } }, 404);
}

function toView({ state, ahead, joinedAtMs, expected }: Place) {
  return {
    state,
    ahead: state === 'admitted' ? null : rangeOf(ahead),
    expected: expected && { from: toIso(Math.round(expected.fromMs)), to: toIso(Math.round(expected.toMs)) },
    joined_at: toIso(joinedAtMs),
    poll_after_s: Math.min(POLL_S_MAX, POLL_S_MIN + Math.floor(ahead / WAITING_PER_S)),
  };
}

/** To two digits: where the line is long, the last ones would change with every look. */
function rangeOf(ahead: number): { from: number; to: number } {
  if (ahead < 20) return { from: ahead, to: ahead };
  const step = 10 ** (Math.floor(Math.log10(ahead)) - 1);
  const from = Math.floor(ahead / step) * step;
  return { from, to: from + step };
}
