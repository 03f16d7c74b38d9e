import { Hono } from 'hono';
import { z } from 'zod';
import type { ApiKey, IssuedKey } from '../../accounts/index.ts';
import { rotateKeyBody } from '../../accounts/contract.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { PortalContext } from '../belonging.ts';
import { absent, asAsker, type PortalRefusal, say } from '../refusals.ts';
import {
  createPortalKeyBody,
  PLAYGROUND_APP,
  portalKeyListQuery,
  type PortalKeyListQuery,
  PORTAL_KEYS_PAGE_MAX,
} from './contract.ts';
import type { PortalKeys } from './keys.ts';
import { type KeyViewParts, toIssuedView, toPortalKeyView } from './views.ts';

export interface KeyRouteParts extends KeyViewParts {
  readonly portalKeys: PortalKeys;
  readonly clock: Clock;
}

const ACCOUNT = '/portal/v1/accounts/:account';
type Routes = Hono<{ Variables: ControlVariables }>;

/** Keys of an account. */
export function portalKeyRoutes(parts: KeyRouteParts): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addReading(routes, parts);
  addMaking(routes, parts);
  addRevoking(routes, parts);
  return routes;
}

function addReading(routes: Routes, parts: KeyRouteParts): void {
  const { portalKeys, belonging, clock } = parts;
  const show = (key: ApiKey) => toPortalKeyView(key, parts, clock.wallMs());

  routes.get(
    `${ACCOUNT}/keys`,
    asAsker(belonging, (context, asker) => {
      const query = portalKeyListQuery.safeParse(context.req.query());
      if (!query.success) return refuseField(context, firstProblem(query.error));
      const limit = readLimit(context, PORTAL_KEYS_PAGE_MAX);
      if (!limit.ok) return limit.refusal;
      const { after } = query.data;
      const fitting = portalKeys.list(asker).filter(fits(query.data, (key) => show(key).state));
      const from = after === undefined ? 0 : fitting.findIndex(({ id }) => id === after) + 1;
      return context.json(pageOf(fitting.slice(from, from + limit.value + 1), limit.value, show));
    }),
  );

  routes.get(
    `${ACCOUNT}/key-terms`,
    asAsker(belonging, (context, asker) => context.json(portalKeys.terms(asker))),
  );

  routes.get(
    `${ACCOUNT}/keys/:key`,
    asAsker(belonging, (context, asker) => {
      const key = portalKeys.find(asker, context.req.param('key') ?? '');
      return key === null ? say(context, absent('key')) : context.json(show(key));
    }),
  );
}

function addMaking(routes: Routes, parts: KeyRouteParts): void {
  const { portalKeys, belonging, clock } = parts;

  function issue(context: PortalContext, made: Result<IssuedKey, PortalRefusal>): Response {
    if (!made.ok) return say(context, made.refusal);
    context.set('changes', { key: made.value.key.id });
    return context.json(toIssuedView(made.value, parts, clock.wallMs()), 201);
  }

  routes.post(
    `${ACCOUNT}/keys`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, createPortalKeyBody);
      return body.ok ? issue(context, await portalKeys.create(asker, body.value)) : body.refusal;
    }),
  );

  routes.post(
    `${ACCOUNT}/keys/:key/rotate`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, rotateKeyBody);
      if (!body.ok) return body.refusal;
      return issue(context, await portalKeys.rotate(asker, context.req.param('key') ?? '', body.value.grace_ms));
    }),
  );

  routes.post(
    `${ACCOUNT}/playground-key`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, z.strictObject({}));
      return body.ok ? issue(context, await portalKeys.playground(asker)) : body.refusal;
    }),
  );
}

function addRevoking(routes: Routes, parts: KeyRouteParts): void {
  routes.post(
    `${ACCOUNT}/keys/:key/revoke`,
    asAsker(parts.belonging, async (context, asker) => {
      const body = await readBody(context, z.strictObject({}));
      if (!body.ok) return body.refusal;
      const revoked = await parts.portalKeys.revoke(asker, context.req.param('key') ?? '');
      if (!revoked.ok) return say(context, revoked.refusal);
      return context.json(toPortalKeyView(revoked.value, parts, parts.clock.wallMs()));
    }),
  );
}

/** Whether a key is one that a list was asked for. */
function fits(
  { state, app, member, q, playground }: PortalKeyListQuery,
  stateOf: (key: ApiKey) => string,
): (key: ApiKey) => boolean {
  const start = q?.toLowerCase() ?? '';
  const begins = (text: string | null) => text?.toLowerCase().startsWith(start) ?? false;
  return (key) =>
    (playground === 'true' || key.app !== PLAYGROUND_APP) &&
    (state === undefined || stateOf(key) === state) &&
    (app === undefined || key.app === app) &&
    (member === undefined || key.member === member) &&
    (start === '' || begins(key.id) || begins(key.app) || begins(key.name));
}
