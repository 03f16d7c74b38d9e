import { afterEach, beforeEach, expect, test } from 'bun:test';
import { closedView, ownAccountListView, ownAccountView } from '../contract.ts';
import { at, openWorkspaceWorld, reasonOf, type WorkspaceWorld } from '../proving/world.ts';

const DAY_MS = 86_400_000;

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

async function withKey() {
  const { id, owner } = await world.workspace('Acme');
  const made = await world.keys.create({ account_id: id });
  if (!made.ok) throw new Error('no key');
  return { id, owner, text: made.value.text };
}

const runJobs = async () => {
  for (const job of world.workspaces.jobs) await job.run();
};

test('a workspace that is closed is stopped at once, and opened again as it was', async () => {
  const { id, owner, text } = await withKey();
  expect(reasonOf(await owner.ask('POST', at(id, '/close'), { name: 'acme' }))).toBe('name_differs');
  const closed = closedView.parse((await owner.ask('POST', at(id, '/close'), { name: 'Acme' })).body);
  expect(closed.receipt.keys).toBe(1);
  expect(Date.parse(closed.account.closes_at ?? '') - Date.now()).toBeGreaterThan(29 * DAY_MS);
  expect(world.keys.verify(text).ok).toBe(false);
  expect(reasonOf(await owner.ask('POST', at(id, '/close'), { name: 'Acme' }))).toBe('closing');
  expect(ownAccountView.parse((await owner.ask('DELETE', at(id, '/close'))).body).closes_at).toBeNull();
  expect(world.keys.verify(text).ok).toBe(true);
  expect(reasonOf(await owner.ask('DELETE', at(id, '/close')))).toBe('not_closing');
});

test('after 30 days it is closed for good: nobody belongs to it, nothing leads into it, and its keys stay stopped', async () => {
  const { id, owner, text } = await withKey();
  const domain = await world.ownDomain(owner, id, 'acme.com');
  await owner.ask('PATCH', at(id, `/domains/${domain}`), { capture: true });
  await owner.ask('POST', at(id, '/close'), { name: 'Acme' });
  world.time.aheadMs = 29 * DAY_MS;
  await runJobs();
  expect((await owner.ask('GET', at(id, ''))).status).toBe(200);
  world.time.aheadMs = 30 * DAY_MS + 1000;
  await runJobs();
  expect((await owner.ask('GET', at(id, ''))).status).toBe(404);
  expect(ownAccountListView.parse((await owner.ask('GET', '/portal/v1/accounts')).body).data).toHaveLength(1);
  expect(world.keys.verify(text).ok).toBe(false);
  const ada = await world.person('ada@acme.com');
  expect((await ada.ask('POST', `/portal/v1/joinable/${id}`)).status).toBe(404);
  await runJobs();
  expect(await world.standing.list(id)).toHaveLength(1);
});

test('what a process left half done is made up for: a closing workspace is stopped, an open one is not', async () => {
  const { id, owner, text } = await withKey();
  const set = (sql: string) => world.storage.writer.write([{ sql, parameters: [id] }]);
  await set('update workspace set closes_at_ms = 9e15 where account_id = ?');
  world = await world.restart();
  expect(world.keys.verify(text).ok).toBe(false);
  await set('update workspace set closes_at_ms = null where account_id = ?');
  world = await world.restart();
  expect(world.keys.verify(text).ok).toBe(true);
  expect((await world.workspaces.belongings.of(owner.id, id))?.role).toBe('owner');
});
