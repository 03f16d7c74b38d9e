import { Hono } from 'hono';
import type { Standing } from '../../accounts/index.ts';
import { firstProblem, readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import { pageOf, readLimit } from '../../http/paging.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { askerOf } from '../ask.ts';
import type { Belongings } from '../belonging.ts';
import { changeMemberBody, memberListQuery, MEMBERS_PAGE_MAX, type MemberView, reasonBody } from '../contract.ts';
import { MEMBER_NOT_FOUND, refusalResponse, WORKSPACE_ONLY } from '../refusal.ts';
import type { Members } from './members.ts';
import type { Member } from './member.ts';
import { readMember, readMembers } from './store.ts';
import { toMemberView, toReceiptView } from './views.ts';

export interface MemberRouteDeps {
  readonly reader: Reader;
  readonly members: Members;
  readonly belongings: Belongings;
  readonly standing: Pick<Standing, 'stopOfMember'>;
  /** What one member's keys are narrowed to; null for nothing. */
  readonly modelsOf: (accountId: string, memberId: string) => readonly string[] | null;
}

/** The members of a workspace. */
export function memberRoutes(deps: MemberRouteDeps): Hono<{ Variables: ControlVariables }> {
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.route('/', readRoutes(deps));
  routes.route('/', changeRoutes(deps));
  return routes;
}

/** Null for whoever has no membership, such as the owner of their own account. */
async function selfOf(belongings: Belongings, personId: string, accountId: string): Promise<string | null> {
  return (await belongings.of(personId, accountId))?.member?.id ?? null;
}

function view({ standing, modelsOf }: MemberRouteDeps, member: Member, selfId: string | null): MemberView {
  return toMemberView(member, {
    stop: standing.stopOfMember(member.accountId, member.id),
    models: modelsOf(member.accountId, member.id),
    selfId,
  });
}

function readRoutes(deps: MemberRouteDeps) {
  const { reader, belongings } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/portal/v1/accounts/:account/members', async (context) => {
    const limit = readLimit(context, MEMBERS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const query = memberListQuery.safeParse(context.req.query());
    if (!query.success) return refuseField(context, firstProblem(query.error));
    const { q: search = null, state = 'present', after = null } = query.data;
    const account = context.req.param('account');
    const selfId = await selfOf(belongings, askerOf(context.get('actor')).id, account);
    if (selfId === null) return refusalResponse(WORKSPACE_ONLY);
    const page = { search, present: state === 'present', after, limit: limit.value + 1 };
    const found = await readMembers(reader, account, page);
    return context.json(pageOf(found, limit.value, (member) => view(deps, member, selfId)));
  });

  routes.get('/portal/v1/accounts/:account/members/:member', async (context) => {
    const { account, member: id } = context.req.param();
    const member = await readMember(reader, account, id);
    if (member === null) return refusalResponse(MEMBER_NOT_FOUND);
    return context.json(view(deps, member, await selfOf(belongings, askerOf(context.get('actor')).id, account)));
  });

  return routes;
}

function changeRoutes(deps: MemberRouteDeps) {
  const { members } = deps;
  const routes = new Hono<{ Variables: ControlVariables }>();

  routes.patch('/portal/v1/accounts/:account/members/:member', async (context) => {
    const body = await readBody(context, changeMemberBody);
    if (!body.ok) return body.refusal;
    const { account, member: id } = context.req.param();
    const changed = await members.changeRole(askerOf(context.get('actor')), account, id, body.value.role);
    if (!changed.ok) return refusalResponse(changed.refusal);
    context.set('changes', { role: changed.value.role });
    return context.json(view(deps, changed.value, null));
  });

  routes.delete('/portal/v1/accounts/:account/members/:member', async (context) => {
    const { account, member: id } = context.req.param();
    const removed = await members.remove(askerOf(context.get('actor')), account, id);
    if (!removed.ok) return refusalResponse(removed.refusal);
    const { member, receipt } = removed.value;
    context.set('changes', { stop: receipt.stop.id });
    return context.json({ member: view(deps, member, null), receipt: toReceiptView(receipt) });
  });

  routes.post('/portal/v1/accounts/:account/members/:member/stop', async (context) => {
    const body = await readBody(context, reasonBody);
    if (!body.ok) return body.refusal;
    const { account, member: id } = context.req.param();
    const stopped = await members.stop(askerOf(context.get('actor')), account, id, body.value.reason);
    if (!stopped.ok) return refusalResponse(stopped.refusal);
    const { member, receipt } = stopped.value;
    context.set('changes', { stop: receipt.stop.id });
    return context.json({ member: view(deps, member, null), receipt: toReceiptView(receipt) });
  });

  routes.post('/portal/v1/accounts/:account/members/:member/resume', async (context) => {
    const { account, member: id } = context.req.param();
    const resumed = await members.resume(askerOf(context.get('actor')), account, id);
    return resumed.ok ? context.json(view(deps, resumed.value, null)) : refusalResponse(resumed.refusal);
  });

  routes.post('/portal/v1/accounts/:account/leave', async (context) => {
    const account = context.req.param('account');
    const left = await members.leave(askerOf(context.get('actor')), account);
    if (!left.ok) return refusalResponse(left.refusal);
    const { member, receipt } = left.value;
    context.set('changes', { member: member.id, stop: receipt.stop.id });
    return context.json({ member: view(deps, member, member.id), receipt: toReceiptView(receipt) });
  });

  return routes;
}
