import { afterEach, beforeEach, expect, test } from 'bun:test';
import { trailListView } from '../contract.ts';
import { at, openWorkspaceWorld, tokenOf, type WorkspaceWorld } from '../proving/world.ts';

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

test('what is done in an account stands in its trail, with who, on what, what changed and how it ended', async () => {
  const { id, owner } = await world.workspace();
  const admin = await world.member(id, 'admin');
  await admin.ask('PATCH', at(id, ''), { name: 'Acme Ltd' });
  await admin.ask('PATCH', at(id, '/members/mem_nobody'), { role: 'viewer' });
  const { data } = trailListView.parse((await owner.ask('GET', at(id, '/trail'))).body);
  expect(data[0]).toMatchObject({ action: 'PATCH /portal/v1/accounts/{account}/members/{member}', status: 404 });
  expect(data[1]).toMatchObject({
    actor: { kind: 'person', id: admin.id, name: admin.name },
    permission: 'own.account.write',
    action: 'PATCH /portal/v1/accounts/{account}',
    changes: { name: ['Acme', 'Acme Ltd'] },
    network_prefix: '192.0.2.0/24',
    status: 200,
  });
  expect(data[2]).toMatchObject({ action: 'POST /portal/v1/invitations/accept', changes: { role: 'admin' } });
  expect(data).toHaveLength(4);
});

test('the trail of one account is nothing to another', async () => {
  const { id, owner } = await world.workspace();
  const other = await world.workspace('Other');
  await other.owner.ask('PATCH', at(other.id, ''), { name: 'Secret' });
  const mine = JSON.stringify((await owner.ask('GET', at(id, '/trail'))).body);
  expect(mine).not.toContain('Secret');
  const own = JSON.stringify((await owner.ask('GET', at(owner.id, '/trail'))).body);
  expect(own).toContain('POST /portal/v1/workspaces');
});

test('it is read by actor, action and time, a page at a time, and taken away whole', async () => {
  const { id, owner } = await world.workspace('=cmd()');
  const begun = (n: number) =>
    world.workspaces.trail.begin({
      actor: { kind: 'person', id: owner.id, networkPrefix: null },
      permission: 'own.account.write',
      action: `POST /n/${n}`,
      objects: { account: id, note: '=1+1' },
    });
  await Promise.all(Array.from({ length: 520 }, (_, n) => begun(n)));
  const list = async (query: string) => trailListView.parse((await owner.ask('GET', at(id, `/trail${query}`))).body);
  expect((await list('?action=POST+/n/51')).data).toHaveLength(11);
  expect((await list('?actor=acct_nobody')).data).toEqual([]);
  expect((await list('?to=2020-01-01T00:00:00Z')).data).toEqual([]);
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const page = await list(`?limit=200${after}`);
    seen.push(...page.data.map((one) => one.id));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(seen).toHaveLength(520);
  expect(seen).toEqual([...new Set(seen)].sort().reverse());
  const file = await owner.ask('GET', at(id, '/trail/export'));
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = String(file.body).trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + 520);
  expect(lines.every((line) => !/(?:^|,)"?[=+@]/.test(line))).toBe(true);
});

test('there is no token and no mail address in it', async () => {
  const { id, owner } = await world.workspace();
  const friend = await world.person('friend@mail.example');
  await owner.ask('POST', at(id, '/invitations'), { email: friend.email, role: 'viewer' });
  const token = tokenOf(world.mails.at(-1));
  await friend.ask('POST', '/portal/v1/invitations/accept', { token });
  await owner.ask('DELETE', at(id, `/members/${encodeURIComponent('friend@mail.example')}`));
  const scim = (await owner.ask('POST', at(id, '/scim-tokens'), { name: 'x' })).body as { token: string };
  const text = String((await owner.ask('GET', at(id, '/trail/export'))).body);
  for (const secret of ['@mail', token, scim.token, scim.token.slice(8)]) expect(text).not.toContain(secret);
});

test('nothing of it can be changed or removed, not even by whoever writes the database', async () => {
  await world.workspace();
  for (const sql of [
    "update member_action set actor_kind = 'system'",
    'delete from member_action',
    'update member_action_outcome set status = 1',
    'delete from member_action_outcome',
  ]) {
    expect(await world.storage.writer.write([{ sql, parameters: [] }])).toMatchObject({ ok: false });
  }
});
