import { type Context, Hono } from 'hono';
import { isoOrNull } from '../../base/calendar.ts';
import type { Result } from '../../base/result.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { askerOf } from '../ask.ts';
import type { Belongings } from '../belonging.ts';
import { addDomainBody, changeDomainBody, confirmDomainBody, type DomainView, mailDomainBody } from '../contract.ts';
import { refusalResponse, WORKSPACE_ONLY, type WorkspaceRefusal } from '../refusal.ts';
import { type Domains, mailboxesOf, recordOf } from './domains.ts';
import type { MailDomain } from './store.ts';

/** The mail domains of a workspace. */
export function domainRoutes(domains: Domains, belongings: Belongings): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  const path = '/portal/v1/accounts/:account/domains';

  routes.get(path, async (context) => {
    const found = await domains.list(context.req.param('account'));
    return context.json({ data: found.map(toDomainView) });
  });

  routes.post(path, async (context) => {
    const body = await readBody(context, addDomainBody);
    if (!body.ok) return body.refusal;
    const account = context.req.param('account');
    const belonging = await belongings.of(askerOf(context.get('actor')).id, account);
    if ((belonging?.member ?? null) === null) return refusalResponse(WORKSPACE_ONLY);
    const added = await domains.add(account, body.value.domain);
    if (added.ok) context.set('changes', { domain: added.value.domain });
    return answer(context, added, 201);
  });

  routes.post(`${path}/:domain/check`, async (context) => {
    const { account, domain } = context.req.param();
    return answer(context, await domains.check(account, domain));
  });

  routes.post(`${path}/:domain/mail`, async (context) => {
    const body = await readBody(context, mailDomainBody);
    if (!body.ok) return body.refusal;
    const { account, domain } = context.req.param();
    return answer(context, await domains.mail(account, domain, body.value.mailbox, body.value.locale));
  });

  routes.post(`${path}/:domain/confirm`, async (context) => {
    const body = await readBody(context, confirmDomainBody);
    if (!body.ok) return body.refusal;
    const { account, domain } = context.req.param();
    return answer(context, await domains.confirm(account, domain, body.value.code));
  });

  routes.patch(`${path}/:domain`, async (context) => {
    const body = await readBody(context, changeDomainBody);
    if (!body.ok) return body.refusal;
    const { account, domain } = context.req.param();
    const changed = await domains.change(account, domain, body.value);
    if (changed.ok) context.set('changes', body.value);
    return answer(context, changed);
  });

  routes.delete(`${path}/:domain`, async (context) => {
    const { account, domain } = context.req.param();
    const removed = await domains.remove(account, domain);
    if (!removed.ok) return refusalResponse(removed.refusal);
    return context.json({ data: (await domains.list(account)).map(toDomainView) });
  });

  return routes;
}

function answer(context: Context, result: Result<MailDomain, WorkspaceRefusal>, status: 200 | 201 = 200): Response {
  return result.ok ? context.json(toDomainView(result.value), status) : refusalResponse(result.refusal);
}

function toDomainView(domain: MailDomain): DomainView {
  return {
    id: domain.id,
    domain: domain.domain,
    state: domain.verifiedAtMs === null ? 'pending' : 'verified',
    record: recordOf(domain),
    mailboxes: mailboxesOf(domain),
    verified_at: isoOrNull(domain.verifiedAtMs),
    verified_by: domain.verifiedBy,
    capture: domain.capture,
    join_role: domain.joinRole,
  };
}
