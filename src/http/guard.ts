import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { redact } from '../telemetry/log/redact.ts';
import type { Actor, ControlRoute, ControlVariables } from './control-api.ts';
import { CSRF_HEADER, type OwnPermission, type Permission } from './contract.ts';
import { withWholeBody } from './limited-body.ts';

/** Where a control request came in: the socket of the data folder, or a listener that browsers reach. */
export type Caller =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'console';
      /** /24 or /48 of where it came from; null when that is unknown. */
      readonly networkPrefix: string | null;
      /** The address itself, where a route may use it; never kept in the trail. */
      readonly address?: string | null;
      /** Whether an `Origin` is a page of the console itself. */
      readonly isOwnOrigin: (origin: string) => boolean;
    };

export const LOCAL_CALLER: Caller = { kind: 'local' };

export interface ControlEnv {
  readonly Variables: ControlVariables;
  readonly Bindings: { readonly caller: Caller };
}

/** Somebody, and the session they asked with. */
export type SignedIn = Exclude<Actor, { kind: 'local' }> & {
  readonly sessionId: string;
  /** What `x-candor-csrf` must say on whatever changes something. */
  readonly csrf: string;
};

/** `unknown`: what the path names is not theirs to know of, so that it is answered as if it were not there. */
export type Leave = 'yes' | 'no' | 'unknown';

/** Who people are, what they may do, and where it is written down. */
export interface Guard {
  /** Whose session a request shows; null where it shows none that is good now. */
  authenticate(request: Request, networkPrefix: string | null): Promise<SignedIn | null>;
  /** `objects`: the parameters of the path, as they were sent. */
  may(
    session: SignedIn,
    permission: Permission | OwnPermission,
    objects: Readonly<Record<string, string>>,
  ): Leave | Promise<Leave>;
  /** Calls `onEnd` once when the session has ended; gives how to stop that. */
  watch(sessionId: string, onEnd: () => void): () => void;
  readonly trail: {
    /** Durable once this resolves: nothing is changed that could not be written down. Resolves with its id. */
    begin(action: {
      readonly actor: Actor;
      readonly permission: string;
      /** Method and path pattern. */
      readonly action: string;
      /** The parameters of the path. */
      readonly objects: Readonly<Record<string, string>>;
    }): Promise<string>;
    /** What it was answered with, and what the handler told of it. */
    end(id: string, status: number, changes: Readonly<Record<string, unknown>> | null): Promise<void>;
  };
}

const CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Lets a request through to its route: who asks, whether they may, whether the page that asks is ours, how much it
 * sends, and a line in the trail before and after. Nothing of the body is read before it is known that they may.
 */
export function gate(described: ReadonlyMap<string, ControlRoute>, guard: Guard | null): MiddlewareHandler<ControlEnv> {
  return async function pass(context, next) {
    const route = described.get(matchedKey(context));
    // Without a handler the app says that there is no such route.
    if (route === undefined) return next();
    const { caller } = context.env;
    const admitted = caller.kind === 'local' ? caller : await admit(context, route, guard, caller);
    if (admitted instanceof Response) return admitted;
    if (admitted !== null) context.set('actor', admitted);
    if (!CHANGING.has(route.method)) return next();
    const refusal = await takeBody(context);
    if (refusal !== null) return refusal;
    // What nobody in particular may ask, the way in, is written down by the staff's own routes.
    if (guard === null || admitted === null || route.question === true) return next();
    return recorded(context, { route, guard, actor: admitted }, next);
  };
}

/** The session a console request is let through with; null for nobody, where nobody may ask. */
async function admit(
  context: Context<ControlEnv>,
  route: ControlRoute,
  guard: Guard | null,
  caller: Extract<Caller, { kind: 'console' }>,
): Promise<SignedIn | null | Response> {
  const { access } = route;
  context.set('networkPrefix', caller.networkPrefix);
  context.set('address', caller.address ?? null);
  const session = (await guard?.authenticate(context.req.raw, caller.networkPrefix)) ?? null;
  if (session === null && access !== 'public') {
    return say(context, 401, 'signed_out', 'sign in first: this needs a session');
  }
  const refused = await lackOf(context, route, guard, session);
  if (refused !== null) return refused;
  if (CHANGING.has(route.method)) {
    const forged = foreign(context, access === 'public' ? null : session, caller.isOwnOrigin);
    if (forged !== null) return say(context, 403, 'csrf', forged);
    const type = context.req.header('content-type') ?? '';
    if (type !== '' && !/^application\/json\s*(;|$)/i.test(type)) {
      return say(context, 415, 'content_type', 'send the body as application/json');
    }
  }
  if (session !== null && guard !== null) {
    const { stillAllowed, stop } = watching(guard, session);
    context.req.raw.signal.addEventListener('abort', stop, { once: true });
    context.set('stillAllowed', stillAllowed);
    context.set('answerEnded', stop);
  }
  return session;
}

/** The refusal of somebody who may not do this; null when they may. */
async function lackOf(
  context: Context<ControlEnv>,
  route: ControlRoute,
  guard: Guard | null,
  session: SignedIn | null,
): Promise<Response | null> {
  const objects = objectsOf(route.path, context.req.path);
  for (const permission of permissionsOf(route)) {
    const leave = session === null || guard === null ? 'no' : await guard.may(session, permission, objects);
    if (leave === 'unknown') return say(context, 404, 'not_found', 'there is no such thing here');
    if (leave === 'yes') continue;
    const whose = session?.kind === 'staff' ? `the role ${session.role} lacks` : 'you do not have here';
    return say(context, 403, 'not_permitted', `this needs the permission ${permission}, which ${whose}`);
  }
  return null;
}

/** What somebody must be allowed, besides being signed in. */
export function permissionsOf({ access, also }: ControlRoute): readonly (Permission | OwnPermission)[] {
  const own = access === 'public' || access === 'signed_in' ? [] : [access];
  return also === undefined ? own : [...own, also];
}

/** Asked for the first time, it begins to watch the session, until it is stopped or the session ends. */
function watching(guard: Guard, session: SignedIn): { stillAllowed: () => boolean; stop: () => void } {
  let allowed = true;
  let unwatch: (() => void) | null = null;
  return {
    stillAllowed() {
      unwatch ??= guard.watch(session.sessionId, () => {
        allowed = false;
      });
      return allowed;
    },
    stop: () => unwatch?.(),
  };
}

/** Why a request that changes something may be one a page of a stranger made a browser send; null when it is ours. */
function foreign(
  context: Context<ControlEnv>,
  session: SignedIn | null,
  isOwnOrigin: (origin: string) => boolean,
): string | null {
  const origin = context.req.header('origin');
  if (origin !== undefined && !isOwnOrigin(origin))
    return 'this is a page of another site, and may change nothing here';
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'this is a page of another site, and may change nothing here';
  }
  if (session === null) return null;
  return sameText(context.req.header(CSRF_HEADER) ?? '', session.csrf)
    ? null
    : `${CSRF_HEADER} must say what the session tells as csrf`;
}

/** Reads the body up to its limits and puts it back for the route; the refusal when there is more, or it does not come. */
async function takeBody(context: Context<ControlEnv>): Promise<Response | null> {
  const taken = await withWholeBody(context.req.raw);
  if (!(taken instanceof Request)) return say(context, taken.status, taken.reason, taken.message);
  context.req.raw = taken;
  return null;
}

interface RecordedStep {
  readonly route: ControlRoute;
  readonly guard: Guard;
  readonly actor: Actor;
}

async function recorded(
  context: Context<ControlEnv>,
  { route, guard, actor }: RecordedStep,
  next: () => Promise<void>,
): Promise<void> {
  const id = await guard.trail.begin({
    actor,
    permission: route.access,
    action: `${route.method} ${route.path}`,
    objects: redacted(objectsOf(route.path, context.req.path)),
  });
  // A route that throws has been answered by the app's own handler when this goes on.
  await next();
  await guard.trail.end(id, context.res.status, context.get('changes') ?? null);
}

/** What stands in a path, as it was sent, where its pattern has parameters; the router tells them to the route alone. */
function objectsOf(pattern: string, path: string): Record<string, string> {
  const segments = path.split('/');
  const named = pattern.split('/').flatMap((part, at) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, segments[at] ?? ''] as const];
  });
  return Object.fromEntries(named);
}

/** People put a whole key or a mail address where an id belongs, and neither may stay in the trail. */
function redacted(objects: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(objects).map(([name, value]) => [name, redact(value)]));
}

/** `METHOD /path/{id}` of the route the router chose; the gate itself is registered for every method. */
function matchedKey(context: Context<ControlEnv>): string {
  const route = matchedRoutes(context).find(({ method }) => method !== 'ALL');
  return route === undefined ? '' : keyOf(route.method, route.path);
}

/** A route by method and path, whichever way its parameters are written: `:id` or `{id}`. */
export function keyOf(method: string, path: string): string {
  return `${method} ${path.replace(/:([A-Za-z_]+)/g, '{$1}')}`;
}

/** Stops the start when what is served is not what is described. */
export function checkDescribed(
  served: readonly { readonly method: string; readonly path: string }[],
  described: readonly ControlRoute[],
): void {
  const routes = new Set(served.filter(({ method }) => method !== 'ALL').map((one) => keyOf(one.method, one.path)));
  const known = new Set(described.map((one) => keyOf(one.method, one.path)));
  const bare = [...routes].filter((route) => !known.has(route));
  const empty = [...known].filter((route) => !routes.has(route));
  if (bare.length > 0) throw new Error(`these control routes have no descriptor: ${bare.join(', ')}`);
  if (empty.length > 0) throw new Error(`these control routes are described and not served: ${empty.join(', ')}`);
  if (known.size < described.length) throw new Error('a control route is described twice');
}

function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

function say(
  context: Context<ControlEnv>,
  status: 400 | 401 | 403 | 404 | 408 | 413 | 415,
  reason: string,
  message: string,
): Response {
  return context.json({ error: { reason, message } }, status);
}
