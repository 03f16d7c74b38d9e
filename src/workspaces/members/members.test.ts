import { afterEach, beforeEach, expect, test } from 'bun:test';
import { memberListView, memberStoppedView, memberView, ownAccountListView, ownAccountView } from '../contract.ts';
import { at, openWorkspaceWorld, reasonOf, type WorkspaceWorld } from '../proving/world.ts';

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

test('whoever makes a workspace owns it, and sees it beside their own account', async () => {
  const { id, owner } = await world.workspace('Acme');
  const { data } = ownAccountListView.parse((await owner.ask('GET', '/portal/v1/accounts')).body);
  expect(data.map(({ id: one, kind, role }) => [one, kind, role])).toEqual([
    [owner.id, 'person', 'owner'],
    [id, 'workspace', 'owner'],
  ]);
  expect(data[1]?.member_id).toMatch(/^mem_[0-9a-z]{26}$/);
  const stranger = await world.person();
  expect((await stranger.ask('GET', at(id, ''))).status).toBe(404);
});

test('nobody owns more workspaces than they may, however many they make at once', async () => {
  const person = await world.person();
  const made = await Promise.all(
    Array.from({ length: 60 }, (_, n) => person.ask('POST', '/portal/v1/workspaces', { name: `W${n}` })),
  );
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(made.filter((answer) => reasonOf(answer) === 'too_many')).toHaveLength(40);
  expect(world.accounts.count()).toBe(1 + 1 + 20);
});

test('a role holds from the next request on', async () => {
  const { id, owner } = await world.workspace();
  const admin = await world.member(id, 'admin');
  expect((await admin.ask('GET', at(id, '/trail'))).status).toBe(200);
  const changed = await owner.ask('PATCH', at(id, `/members/${admin.memberId}`), { role: 'viewer' });
  expect(memberView.parse(changed.body).role).toBe('viewer');
  expect((await admin.ask('GET', at(id, '/trail'))).status).toBe(403);
  expect((await admin.ask('GET', at(id, ''))).status).toBe(200);
});

test('an admin neither makes an owner nor touches one, and nobody raises themselves', async () => {
  const { id, owner } = await world.workspace();
  const admin = await world.member(id, 'admin');
  const viewer = await world.member(id, 'viewer');
  const ownerId = (await world.workspaces.belongings.of(owner.id, id))?.member?.id ?? '';
  for (const [method, path, body] of [
    ['PATCH', `/members/${viewer.memberId}`, { role: 'owner' }],
    ['PATCH', `/members/${ownerId}`, { role: 'viewer' }],
    ['DELETE', `/members/${ownerId}`, undefined],
    ['POST', `/members/${ownerId}/stop`, { reason: 'coup' }],
    ['PATCH', `/members/${admin.memberId}`, { role: 'owner' }],
    ['POST', '/transfer', { member: viewer.memberId }],
    ['POST', '/close', { name: 'Acme' }],
  ] as const) {
    const answer = await admin.ask(method, at(id, path), body);
    expect([path, answer.status]).toEqual([path, 403]);
  }
  expect((await world.workspaces.belongings.of(owner.id, id))?.role).toBe('owner');
});

test('two owners who demote each other at once leave one', async () => {
  const { id, owner } = await world.workspace();
  const other = await world.member(id, 'owner');
  const ownerId = (await world.workspaces.belongings.of(owner.id, id))?.member?.id ?? '';
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all([
      owner.ask('PATCH', at(id, `/members/${other.memberId}`), { role: 'admin' }),
      other.ask('PATCH', at(id, `/members/${ownerId}`), { role: 'admin' }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = answers[0]?.status === 200 ? owner : other;
    const lost = answers[0]?.status === 200 ? other.memberId : ownerId;
    expect((await left.ask('PATCH', at(id, `/members/${lost}`), { role: 'owner' })).status).toBe(200);
  }
});

test('the last owner can neither leave nor be without another to hand it to', async () => {
  const { id, owner } = await world.workspace();
  expect(reasonOf(await owner.ask('POST', at(id, '/leave')))).toBe('last_owner');
  const viewer = await world.member(id, 'viewer');
  const handed = await owner.ask('POST', at(id, '/transfer'), { member: viewer.memberId });
  expect(ownAccountView.parse(handed.body).role).toBe('admin');
  expect((await world.workspaces.belongings.of(viewer.id, id))?.role).toBe('owner');
  expect((await owner.ask('POST', at(id, '/leave'))).status).toBe(200);
  expect((await owner.ask('GET', at(id, ''))).status).toBe(404);
});

test('two owners who leave at once leave one', async () => {
  const { id, owner } = await world.workspace();
  const other = await world.member(id, 'owner');
  const answers = await Promise.all([owner.ask('POST', at(id, '/leave')), other.ask('POST', at(id, '/leave'))]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
});

test('a member who is removed is out at once, with their keys, and gets a receipt', async () => {
  const { id, owner } = await world.workspace();
  const member = await world.member(id, 'developer');
  const made = await world.keys.create({ account_id: id, member: member.memberId });
  const other = await world.keys.create({ account_id: id });
  if (!made.ok || !other.ok) throw new Error('no key');
  expect(world.keys.verify(made.value.text).ok).toBe(true);
  const removed = await owner.ask('DELETE', at(id, `/members/${member.memberId}`));
  const { receipt, member: shown } = memberStoppedView.parse(removed.body);
  expect(receipt).toMatchObject({ keys: 1, streams: 0, sessions: 0 });
  expect(shown.state).toBe('left');
  expect(world.keys.verify(made.value.text)).toMatchObject({ ok: false });
  expect(world.keys.verify(other.value.text).ok).toBe(true);
  expect((await member.ask('GET', at(id, ''))).status).toBe(404);
  expect(await world.standing.list(id)).toMatchObject([
    { cause: 'admin', by: owner.id, subject: { kind: 'member', member: member.memberId } },
  ]);
});

test('a member who is stopped finds nothing, is told why, and is let in again', async () => {
  const { id, owner } = await world.workspace();
  const member = await world.member(id, 'admin');
  const made = await world.keys.create({ account_id: id, member: member.memberId });
  if (!made.ok) throw new Error('no key');
  const path = at(id, `/members/${member.memberId}`);
  const stopped = await owner.ask('POST', `${path}/stop`, { reason: 'laptop stolen' });
  expect(memberStoppedView.parse(stopped.body)).toMatchObject({ member: { state: 'stopped' }, receipt: { keys: 1 } });
  expect((await member.ask('GET', at(id, '/members'))).status).toBe(404);
  expect(world.keys.verify(made.value.text).ok).toBe(false);
  const seen = ownAccountListView.parse((await member.ask('GET', '/portal/v1/accounts')).body).data[1];
  expect(seen).toMatchObject({ id, permissions: [], stopped: { reason: 'laptop stolen', cause: 'admin' } });
  // A stop of the whole workspace does not let a stopped member in.
  const all = await world.standing.stop({
    subject: { kind: 'account', accountId: id },
    cause: 'staff',
    reason: 'asked to',
    by: 'staff_1',
    untilMs: null,
  });
  expect((await member.ask('GET', at(id, '/members'))).status).toBe(404);
  if (all.ok) await world.standing.lift(all.value.stop.id, 'staff_1');
  expect(reasonOf(await owner.ask('POST', `${path}/stop`, { reason: 'again' }))).toBe('already_stopped');
  expect(memberView.parse((await owner.ask('POST', `${path}/resume`)).body).state).toBe('active');
  expect((await member.ask('GET', at(id, '/members'))).status).toBe(200);
  expect(world.keys.verify(made.value.text).ok).toBe(true);
  expect(reasonOf(await owner.ask('POST', `${path}/resume`))).toBe('not_stopped');
});

test('what the operator stopped of a member an admin does not lift', async () => {
  const { id, owner } = await world.workspace();
  const member = await world.member(id, 'viewer');
  const subject = { kind: 'member', accountId: id, member: member.memberId } as const;
  await world.standing.stop({ subject, cause: 'staff', reason: 'abuse', by: 'staff_1', untilMs: null });
  expect((await owner.ask('POST', at(id, `/members/${member.memberId}/resume`))).status).toBe(403);
  expect((await member.ask('GET', at(id, ''))).status).toBe(404);
});

test('an account the operator stopped is read and not changed; one its own people stopped is theirs to open', async () => {
  const { id, owner } = await world.workspace();
  const subject = { kind: 'account', accountId: id } as const;
  const order = { subject, reason: 'a reason', untilMs: null };
  await world.standing.stop({ ...order, cause: 'owner', by: owner.id });
  expect((await owner.ask('PATCH', at(id, ''), { name: 'Still ours' })).status).toBe(200);
  // The gravest counts, not the first.
  await world.standing.stop({ ...order, cause: 'sanction', by: 'staff_1' });
  expect((await owner.ask('PATCH', at(id, ''), { name: 'Escaped' })).status).toBe(403);
  expect((await owner.ask('GET', at(id, '/members'))).status).toBe(200);
});

test('members are found by name and address, page by page, and those who left are kept apart', async () => {
  const { id, owner } = await world.workspace();
  const made = [];
  for (let n = 0; n < 4; n++) made.push(await world.member(id, 'viewer'));
  await owner.ask('DELETE', at(id, `/members/${made[0]?.memberId}`));
  const list = async (query: string) => memberListView.parse((await owner.ask('GET', at(id, `/members${query}`))).body);
  const first = await list('?limit=2');
  const second = await list(`?limit=2&after=${first.next}`);
  expect([...first.data, ...second.data]).toHaveLength(4);
  expect(second.next).toBeNull();
  expect(first.data[0]).toMatchObject({ role: 'owner', self: true });
  expect((await list(`?q=${made[1]?.email?.toUpperCase()}`)).data.map(({ id: one }) => one)).toEqual([
    made[1]?.memberId ?? '',
  ]);
  expect((await list('?q=%25')).data).toEqual([]);
  expect((await list('?state=left')).data.map(({ id: one }) => one)).toEqual([made[0]?.memberId ?? '']);
});

test('somebody who left while the process ended is cut off by the next one', async () => {
  const { id } = await world.workspace();
  const member = await world.member(id, 'developer');
  const made = await world.keys.create({ account_id: id, member: member.memberId });
  if (!made.ok) throw new Error('no key');
  await world.storage.writer.write([
    {
      sql: `update workspace_member set left_at_ms = 1, left_cause = 'scim', left_by = 'scim_1' where id = ?`,
      parameters: [member.memberId],
    },
  ]);
  world = await world.restart();
  expect(world.keys.verify(made.value.text).ok).toBe(false);
  expect(await world.standing.list(id)).toMatchObject([{ cause: 'scim', by: 'scim_1' }]);
});
