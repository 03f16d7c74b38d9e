import { type Context, Hono } from 'hono';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { askerOf } from '../ask.ts';
import { nameBody, SCIM_TOKENS_MAX, type ScimTokenView } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { OWNERS_ONLY, refusalResponse, WORKSPACE_ONLY } from '../refusal.ts';
import { deleteToken, insertToken, readTokens, type ScimToken } from './token-store.ts';

/** What marks a token of a directory, so that scanners of leaked secrets know it. */
const TOKEN_START = 'cd_scim_';

export type TokenParts = Pick<WorkspaceParts, 'storage' | 'clock' | 'random' | 'mintId' | 'belongings' | 'portalUrl'>;

/** The tokens of the directories of a workspace. */
export function scimTokenRoutes(parts: TokenParts): Hono<{ Variables: ControlVariables }> {
  const { storage, clock, random, mintId, belongings, portalUrl } = parts;
  const routes = new Hono<{ Variables: ControlVariables }>();
  const path = '/portal/v1/accounts/:account/scim-tokens';

  async function list(context: Context, account: string): Promise<Response> {
    const found = await readTokens(storage.reader, account);
    return context.json({ base_url: `${portalUrl}/scim/v2`, data: found.map(toView) });
  }

  routes.get(path, (context) => list(context, context.req.param('account')));

  routes.post(path, async (context) => {
    const body = await readBody(context, nameBody);
    if (!body.ok) return body.refusal;
    const accountId = context.req.param('account');
    const belonging = await belongings.of(askerOf(context.get('actor')).id, accountId);
    if ((belonging?.member ?? null) === null) return refusalResponse(WORKSPACE_ONLY);
    // A directory shuts out owners too, which none of the admins may.
    if (belonging?.role !== 'owner') return refusalResponse(OWNERS_ONLY);
    const text = TOKEN_START + mintToken(random);
    const { name } = body.value;
    const token = { id: mintId('scim'), accountId, name, createdAtMs: clock.wallMs(), lastUsedAtMs: null };
    const written = await storage.writer.write([insertToken(token, digestToken(text))]);
    if (!written.ok) {
      const message = `there are ${SCIM_TOKENS_MAX} tokens, the most there may be; end one first`;
      return refusalResponse({ reason: 'too_many', message });
    }
    context.set('changes', { token: token.id, name });
    return context.json({ ...toView(token), token: text }, 201);
  });

  routes.delete(`${path}/:token`, async (context) => {
    const { account, token } = context.req.param();
    const written = await storage.writer.write([deleteToken(account, token)]);
    if (written.ok) return list(context, account);
    return refusalResponse({ reason: 'token_not_found', message: 'there is no such token here' });
  });

  return routes;
}

function toView(token: ScimToken): ScimTokenView {
  return {
    id: token.id,
    name: token.name,
    created_at: toIso(token.createdAtMs),
    last_used_at: isoOrNull(token.lastUsedAtMs),
  };
}
