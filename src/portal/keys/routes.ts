import { Hono } from 'hono';
import { z } from 'zod';
import { type ApiKey, type IssuedKey, type Keys, rotateKeyBody, toKeyView } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Asker, Belonging, PortalContext } from '../belonging.ts';
import { namesFor } from '../names.ts';
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

export interface KeyRouteParts extends Pick<KeyViewParts, 'standing'> {
  readonly portalKeys: PortalKeys;
  readonly keys: Pick<Keys, 'get'>;
  readonly belonging: Belonging;
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

  routes.get(
    `${ACCOUNT}/keys`,
    asAsker(belonging, async (context, asker) => {
      const query = portalKeyListQuery.safeParse(context.req.query());
      if (!query.success) return refuseField(context, firstProblem(query.error));
      const limit = readLimit(context, PORTAL_KEYS_PAGE_MAX);
      if (!limit.ok) return limit.refusal;
      const { after } = query.data;
      const fitting = portalKeys.list(asker).filter(fits(query.data, clock.wallMs()));
      const from = after === undefined ? 0 : fitting.findIndex(({ id }) => id === after) + 1;
      const page = fitting.slice(from, from + limit.value + 1);
      const viewed = await viewing(parts, asker, page);
      return context.json(pageOf(page, limit.value, (key) => toPortalKeyView(key, viewed)));
    }),
  );

  routes.get(
    `${ACCOUNT}/key-terms`,
    asAsker(belonging, async (context, asker) => context.json(await portalKeys.terms(asker))),
  );

  routes.get(
    `${ACCOUNT}/keys/:key`,
    asAsker(belonging, async (context, asker) => {
      const key = portalKeys.find(asker, context.req.param('key') ?? '');
      if (key === null) return say(context, absent('key'));
      return context.json(toPortalKeyView(key, await viewing(parts, asker, [key])));
    }),
  );
}

function addMaking(routes: Routes, parts: KeyRouteParts): void {
  const { portalKeys, belonging } = parts;

  async function issue(context: PortalContext, asker: Asker, made: Result<IssuedKey, PortalRefusal>) {
    if (!made.ok) return say(context, made.refusal);
    context.set('changes', { key: made.value.key.id });
    return context.json(toIssuedView(made.value, await viewing(parts, asker, [made.value.key])), 201);
  }

  routes.post(
    `${ACCOUNT}/keys`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, createPortalKeyBody);
      return body.ok ? issue(context, asker, await portalKeys.create(asker, body.value)) : body.refusal;
    }),
  );

  routes.post(
    `${ACCOUNT}/keys/:key/rotate`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, rotateKeyBody);
      if (!body.ok) return body.refusal;
      return issue(context, asker, await portalKeys.rotate(asker, context.req.param('key') ?? '', body.value.grace_ms));
    }),
  );

  routes.post(
    `${ACCOUNT}/playground-key`,
    asAsker(belonging, async (context, asker) => {
      const body = await readBody(context, z.strictObject({}));
      return body.ok ? issue(context, asker, await portalKeys.playground(asker)) : body.refusal;
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
      return context.json(toPortalKeyView(revoked.value, await viewing(parts, asker, [revoked.value])));
    }),
  );
}

/** What these keys are shown with. */
async function viewing(parts: KeyRouteParts, { accountId }: Asker, keys: readonly ApiKey[]): Promise<KeyViewParts> {
  const names = await namesFor(
    parts,
    accountId,
    keys.map(({ member }) => member),
  );
  return { standing: parts.standing, names, nowMs: parts.clock.wallMs() };
}

/** Whether a key is one that a list was asked for. */
function fits({ state, app, member, q, playground }: PortalKeyListQuery, nowMs: number): (key: ApiKey) => boolean {
  const start = q?.toLowerCase() ?? '';
  const begins = (text: string | null) => text?.toLowerCase().startsWith(start) ?? false;
  return (key) =>
    (playground === 'true' || key.app !== PLAYGROUND_APP) &&
    (state === undefined || toKeyView(key, nowMs).state === state) &&
    (app === undefined || key.app === app) &&
    (member === undefined || key.member === member) &&
    (start === '' || begins(key.id) || begins(key.app) || begins(key.name));
}
