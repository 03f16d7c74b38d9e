import { Hono } from 'hono';
import type { Accounts } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { OwnAccounts } from '../account/own-accounts.ts';
import { toView } from '../account/routes.ts';
import { askerOf } from '../ask.ts';
import { type InvitationView, invitationTokenBody, inviteBody, resendBody } from '../contract.ts';
import { refusalResponse } from '../refusal.ts';
import type { NamesOf } from '../trail/read.ts';
import { type Invitations, LINK_NOT_GOOD } from './invitations.ts';
import type { Invitation } from './store.ts';

export interface InvitationRouteDeps {
  readonly invitations: Invitations;
  readonly own: OwnAccounts;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly clock: Clock;
  readonly namesOf: NamesOf;
}

export function invitationRoutes(deps: InvitationRouteDeps): Hono<{ Variables: ControlVariables }> {
  const { invitations, own, accounts, clock, namesOf } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();

  async function show(invitation: Invitation): Promise<InvitationView> {
    const names = await namesOf(invitation.accountId, [invitation.invitedBy]);
    return view(invitation, names, clock.wallMs());
  }

  routes.get('/portal/v1/accounts/:account/invitations', async (context) => {
    const account = context.req.param('account');
    const found = await invitations.list(account);
    const inviters = [...new Set(found.map(({ invitedBy }) => invitedBy))];
    const names = await namesOf(account, inviters);
    return context.json({ data: found.map((one) => view(one, names, clock.wallMs())) });
  });

  routes.post('/portal/v1/accounts/:account/invitations', async (context) => {
    const body = await readBody(context, inviteBody);
    if (!body.ok) return body.refusal;
    const asker = askerOf(context.get('actor'));
    const invited = await invitations.invite(asker, context.req.param('account'), body.value);
    if (!invited.ok) return refusalResponse(invited.refusal);
    context.set('changes', { invitation: invited.value.id, role: invited.value.role });
    return context.json(await show(invited.value), 201);
  });

  routes.post('/portal/v1/accounts/:account/invitations/:invitation/resend', async (context) => {
    const body = await readBody(context, resendBody);
    if (!body.ok) return body.refusal;
    const { account, invitation: id } = context.req.param();
    const sent = await invitations.resend(askerOf(context.get('actor')), account, id, body.value.locale);
    return sent.ok ? context.json(await show(sent.value)) : refusalResponse(sent.refusal);
  });

  routes.delete('/portal/v1/accounts/:account/invitations/:invitation', async (context) => {
    const { account, invitation: id } = context.req.param();
    const revoked = await invitations.revoke(askerOf(context.get('actor')), account, id);
    return revoked.ok ? context.json(await show(revoked.value)) : refusalResponse(revoked.refusal);
  });

  routes.post('/portal/v1/invitations/read', async (context) => {
    const body = await readBody(context, invitationTokenBody);
    if (!body.ok) return body.refusal;
    const found = await invitations.read(body.value.token);
    const workspace = found === null ? null : accounts.get(found.accountId);
    if (found === null || workspace === null) return refusalResponse(LINK_NOT_GOOD);
    const { email, role, expiresAtMs } = found;
    return context.json({ workspace: workspace.name, email, role, expires_at: toIso(expiresAtMs) });
  });

  routes.post('/portal/v1/invitations/accept', async (context) => {
    const body = await readBody(context, invitationTokenBody);
    if (!body.ok) return body.refusal;
    const asker = askerOf(context.get('actor'));
    const accepted = await invitations.accept(asker, body.value.token);
    if (!accepted.ok) return refusalResponse(accepted.refusal);
    const { accountId } = accepted.value;
    context.set('changes', { account: accountId });
    const found = await own.find(asker.id, accountId);
    return found === null ? refusalResponse(LINK_NOT_GOOD) : context.json(toView(found));
  });

  return routes;
}

function view(invitation: Invitation, names: ReadonlyMap<string, string>, nowMs: number): InvitationView {
  return {
    id: invitation.id,
    email: invitation.email,
    role: invitation.role,
    state: invitation.expiresAtMs > nowMs ? 'open' : 'expired',
    created_at: toIso(invitation.createdAtMs),
    expires_at: toIso(invitation.expiresAtMs),
    sent_at: isoOrNull(invitation.sentAtMs),
    invited_by: names.get(invitation.invitedBy) ?? null,
  };
}
