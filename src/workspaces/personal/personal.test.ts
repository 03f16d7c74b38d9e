import { afterEach, beforeEach, expect, test } from 'bun:test';
import { memberListView } from '../contract.ts';
import { at, openWorkspaceWorld, type WorkspaceWorld } from '../proving/world.ts';

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

test('what is kept of a person is given to them: memberships, invitations and what they did', async () => {
  const { id } = await world.workspace('Acme');
  const member = await world.member(id, 'admin');
  await member.ask('PATCH', at(id, ''), { name: 'Acme Ltd' });
  const other = await world.workspace('Other');
  await other.owner.ask('POST', at(other.id, '/invitations'), { email: member.email, role: 'viewer' });
  expect(await world.workspaces.personal.exportOf(member.id)).toMatchObject({
    memberships: [{ workspace: id, name: 'Acme Ltd', member: member.memberId, role: 'admin', left_at: null }],
    invitations: [{ workspace: 'Other', role: 'viewer' }],
    actions: [{ account: id, action: 'PATCH /portal/v1/accounts/{account}' }, {}, {}],
  });
});

test('a person who is erased is out everywhere, cut off, and known by no name or address', async () => {
  const { id, owner } = await world.workspace();
  const member = await world.member(id, 'developer');
  const made = await world.keys.create({ account_id: id, member: member.memberId });
  if (!made.ok) throw new Error('no key');
  await owner.ask('POST', at((await world.workspace('Other')).id, '/invitations'), {
    email: member.email,
    role: 'viewer',
  });
  await world.workspaces.personal.erase(member.id);
  await world.workspaces.personal.erase(member.id);
  expect((await member.ask('GET', at(id, ''))).status).toBe(404);
  expect(world.keys.verify(made.value.text).ok).toBe(false);
  const left = memberListView.parse((await owner.ask('GET', at(id, '/members?state=left'))).body);
  expect(left.data).toMatchObject([{ id: member.memberId, name: '-', email: null }]);
});

test('whoever owns a workspace alone is told before they go', async () => {
  const { id, owner } = await world.workspace();
  expect(await world.workspaces.personal.ownedAlone(owner.id)).toEqual([id]);
  const other = await world.member(id, 'owner');
  expect(await world.workspaces.personal.ownedAlone(owner.id)).toEqual([]);
  await other.ask('POST', at(id, '/leave'));
  expect(await world.workspaces.personal.ownedAlone(owner.id)).toEqual([id]);
});
