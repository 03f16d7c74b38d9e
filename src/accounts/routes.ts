import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isoOrNull, toIso } from '../base/calendar.ts';
import type { Clock } from '../base/clock.ts';
import { firstProblem, readJson, refuseField } from '../http/body.ts';
import { pageOf, readLimit } from '../http/paging.ts';
import {
  type CreatedKeyView,
  createKeyBody,
  type CreateKeyBody,
  KEYS_PAGE_MAX,
  keyListQuery,
  type KeyListQuery,
  type KeyState,
  type KeyView,
  rotateKeyBody,
} from './contract.ts';
import type { ApiKey } from './key.ts';
import type { IssuedKey, KeyActionRefusal, Keys } from './keys.ts';

/** What the configuration names, so that a key cannot be tied to a name nobody has. */
export interface KnownNames {
  /** Model aliases. */
  readonly models: readonly string[];
  readonly products: readonly string[];
}

/** The control API of keys. With null for `known`, where no configuration is at hand, a key may name any model and product. */
export function keyRoutes(keys: Keys, clock: Clock, known: KnownNames | null): Hono {
  const routes = new Hono();
  const show = (key: ApiKey) => toKeyView(key, clock.wallMs());
  const issue = (issued: IssuedKey): CreatedKeyView => ({
    ...show(issued.key),
    key: issued.text,
    replaces: issued.replaces?.id ?? null,
    replaces_expires_at: issued.replaces && toIso(issued.replaces.endsAtMs),
  });

  routes.post('/control/v1/keys', async (context) => {
    const body = await readJson(context);
    if (body === undefined) return refuseField(context, 'the body is not JSON');
    const unknown = known && findUnknown(body, known);
    if (unknown !== null) return refuseField(context, unknown);
    const created = await keys.create(body as CreateKeyBody);
    return created.ok ? context.json(issue(created.value), 201) : refuseAction(context, created.refusal);
  });

  routes.get('/control/v1/keys', (context) => {
    const query = keyListQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const { limit: asked, after = null } = query.data;
    const fits = keyFilter(query.data, clock.wallMs());
    if (asked === undefined) return context.json({ data: keys.list().filter(fits).map(show), next: null });
    const limit = readLimit(context, KEYS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const found = keys.page({ after, limit: limit.value + 1, fits });
    return context.json(pageOf(found, limit.value, show));
  });

  routes.get('/control/v1/keys/:id', (context) => {
    const id = context.req.param('id');
    const key = keys.get(id);
    if (key !== null) return context.json(show(key));
    return refuseAction(context, { reason: 'key_not_found', message: `there is no key ${id}` });
  });

  routes.post('/control/v1/keys/:id/rotate', async (context) => {
    const body = rotateKeyBody.safeParse(await readJson(context));
    if (!body.success) return refuseField(context, 'grace_ms: must be whole milliseconds, at most 30 days');
    const rotated = await keys.rotate(context.req.param('id'), body.data.grace_ms);
    return rotated.ok ? context.json(issue(rotated.value), 201) : refuseAction(context, rotated.refusal);
  });

  routes.post('/control/v1/keys/:id/revoke', async (context) => {
    const revoked = await keys.revoke(context.req.param('id'));
    return revoked.ok ? context.json(show(revoked.value)) : refuseAction(context, revoked.refusal);
  });

  return routes;
}

/** Says what the body names that the service does not have; a body that is no good at all is left to `keys.create`. */
function findUnknown(body: unknown, known: KnownNames): string | null {
  const { data } = createKeyBody.safeParse(body);
  if (data === undefined) return null;
  const model = data.models?.find((name) => !known.models.includes(name));
  if (model !== undefined) return `models: there is no model ${model} here, but ${listNames(known.models)}`;
  if (known.products.includes(data.product)) return null;
  return `product: there is no product ${data.product} here, but ${listNames(known.products)}`;
}

const NAMES_SHOWN_MAX = 20;

function listNames(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN_MAX;
  return names.slice(0, NAMES_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const STATUS: Record<KeyActionRefusal['reason'], ContentfulStatusCode> = {
  invalid_field: 400,
  account_not_found: 404,
  key_not_found: 404,
  key_revoked: 409,
  key_rotated: 409,
  key_expired: 409,
};

function refuseAction(context: Context, refused: KeyActionRefusal): Response {
  return context.json({ error: refused }, STATUS[refused.reason]);
}

/** Whether a key is one that a list was asked for. */
function keyFilter({ account, app, product, state, q }: KeyListQuery, nowMs: number): (key: ApiKey) => boolean {
  const start = q?.toLowerCase() ?? '';
  const begins = (text: string | null) => text?.toLowerCase().startsWith(start) ?? false;
  return (key) =>
    (account === undefined || key.accountId === account) &&
    (app === undefined || key.app === app) &&
    (product === undefined || key.product === product) &&
    (state === undefined || stateOf(key, nowMs) === state) &&
    (start === '' || begins(key.id) || begins(key.app) || begins(key.name));
}

/** A key as it goes over the wire, without its secret. */
export function toKeyView(key: ApiKey, nowMs: number): KeyView {
  return {
    id: key.id,
    state: stateOf(key, nowMs),
    account_id: key.accountId,
    product: key.product,
    app: key.app,
    member: key.member,
    name: key.name,
    scopes: [...key.scopes],
    models: key.models && [...key.models],
    networks: key.networks && [...key.networks],
    limits: key.limits && {
      requests_per_minute: key.limits.requestsPerMinute,
      tokens_per_minute: key.limits.tokensPerMinute,
      concurrency: key.limits.concurrency,
    },
    created_at: toIso(key.createdAtMs),
    expires_at: isoOrNull(key.expiresAtMs),
    revoked_at: isoOrNull(key.revokedAtMs),
    last_used_at: isoOrNull(key.lastUsedAtMs),
  };
}

function stateOf(key: ApiKey, nowMs: number): KeyState {
  if (key.revokedAtMs !== null) return 'revoked';
  return key.expiresAtMs !== null && key.expiresAtMs <= nowMs ? 'expired' : 'active';
}
