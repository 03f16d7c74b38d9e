import { Hono } from 'hono';
import type { Accounts } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import { readBody } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { askerOf } from '../ask.ts';
import { closeBody, nameBody, type OwnAccountView, transferBody } from '../contract.ts';
import type { Members } from '../members/members.ts';
import { stopView, toReceiptView } from '../members/views.ts';
import type { PersonDirectory } from '../person.ts';
import { refusalResponse, type WorkspaceRefusal } from '../refusal.ts';
import { permissionsOf } from '../roles.ts';
import { isPerson } from '../../people/index.ts';
import type { Arrival } from './arrival.ts';
import type { OwnAccount, OwnAccounts } from './own-accounts.ts';

export interface AccountRouteDeps {
  readonly accounts: Pick<Accounts, 'get'>;
  readonly people: PersonDirectory;
  readonly own: OwnAccounts;
  readonly members: Members;
  readonly arrival: Arrival;
}

/** The accounts people belong to. */
export function ownAccountRoutes(deps: AccountRouteDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();
  routes.route('/', readAndNameRoutes(deps));
  routes.route('/', ownerRoutes(deps));
  routes.route('/', joinRoutes(deps));
  return routes;
}

function readAndNameRoutes({ accounts, people, own, arrival }: AccountRouteDeps) {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/portal/v1/workspaces', async (context) => {
    const body = await readBody(context, nameBody);
    if (!body.ok) return body.refusal;
    const actor = context.get('actor');
    // They would own what they can neither open nor close.
    if (isPerson(actor) && actor.state === 'waitlisted') return refusalResponse(WAITING);
    const made = await own.create(askerOf(context.get('actor')), body.value.name);
    if (!made.ok) return refusalResponse(made.refusal);
    context.set('changes', { account: made.value.account.id });
    return context.json(toView(made.value), 201);
  });

  routes.get('/portal/v1/accounts', async (context) => {
    const { id } = askerOf(context.get('actor'));
    const person = await people.find(id);
    // Every page of the portal asks this first: so what a directory prepared is theirs from the first page on.
    if (person !== null) await arrival.greet(person);
    const found = await own.list(id);
    return context.json({ data: found.map(toView) });
  });

  routes.get('/portal/v1/accounts/:account', async (context) =>
    context.json(await show(own, askerOf(context.get('actor')).id, context.req.param('account'))),
  );

  routes.patch('/portal/v1/accounts/:account', async (context) => {
    const body = await readBody(context, nameBody);
    if (!body.ok) return body.refusal;
    const account = context.req.param('account');
    const before = accounts.get(account)?.name;
    await own.rename(account, body.value.name);
    context.set('changes', { name: [before, body.value.name] });
    return context.json(await show(own, askerOf(context.get('actor')).id, account));
  });

  return routes;
}

const WAITING: WorkspaceRefusal = {
  reason: 'not_permitted',
  message: 'you are in the line still; a workspace can be made once your turn has come',
};

/** What owners alone do with a workspace. */
function ownerRoutes({ own, members }: AccountRouteDeps) {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.post('/portal/v1/accounts/:account/close', async (context) => {
    const body = await readBody(context, closeBody);
    if (!body.ok) return body.refusal;
    const asker = askerOf(context.get('actor'));
    const account = context.req.param('account');
    const closed = await own.close(asker, account, body.value.name);
    if (!closed.ok) return refusalResponse(closed.refusal);
    context.set('changes', { stop: closed.value.stop.id });
    return context.json({ account: await show(own, asker.id, account), receipt: toReceiptView(closed.value) });
  });

  routes.delete('/portal/v1/accounts/:account/close', async (context) => {
    const asker = askerOf(context.get('actor'));
    const account = context.req.param('account');
    const opened = await own.reopen(asker, account);
    return opened.ok ? context.json(await show(own, asker.id, account)) : refusalResponse(opened.refusal);
  });

  routes.post('/portal/v1/accounts/:account/transfer', async (context) => {
    const body = await readBody(context, transferBody);
    if (!body.ok) return body.refusal;
    const asker = askerOf(context.get('actor'));
    const account = context.req.param('account');
    const handed = await members.transfer(asker, account, body.value.member);
    if (!handed.ok) return refusalResponse(handed.refusal);
    context.set('changes', { owner: handed.value.id });
    return context.json(await show(own, asker.id, account));
  });

  return routes;
}

function joinRoutes({ accounts, people, own, arrival }: AccountRouteDeps) {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/portal/v1/joinable', async (context) => {
    const person = await people.find(askerOf(context.get('actor')).id);
    const found = person === null ? null : await arrival.joinable(person);
    const account = found === null ? null : accounts.get(found.accountId);
    if (found === null || account === null) return context.json({ data: [] });
    const { role, ssoRequired } = found;
    return context.json({ data: [{ id: account.id, name: account.name, role, sso_required: ssoRequired }] });
  });

  routes.post('/portal/v1/joinable/:workspace', async (context) => {
    const asker = askerOf(context.get('actor'));
    const joined = await arrival.join(asker, context.req.param('workspace'));
    if (!joined.ok) return refusalResponse(joined.refusal);
    context.set('changes', { account: joined.value.accountId });
    return context.json(await show(own, asker.id, joined.value.accountId));
  });

  return routes;
}

async function show(own: OwnAccounts, personId: string, accountId: string): Promise<OwnAccountView> {
  const found = await own.find(personId, accountId);
  // The guard has let them in a moment ago.
  if (found === null) throw new Error('the account is not theirs any more');
  return toView(found);
}

export function toView({ account, belonging, closesAtMs }: OwnAccount): OwnAccountView {
  return {
    id: account.id,
    kind: account.kind,
    name: account.name,
    created_at: toIso(account.createdAtMs),
    role: belonging.role,
    permissions: belonging.stop === null ? permissionsOf(belonging.role) : [],
    member_id: belonging.member?.id ?? null,
    stopped: stopView(belonging.stop),
    closes_at: isoOrNull(closesAtMs),
  };
}
