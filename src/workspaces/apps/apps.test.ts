import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { allowedModelsView, appListView } from '../contract.ts';
import { at, openWorkspaceWorld, reasonOf, type WorkspaceWorld } from '../proving/world.ts';
import { createModelTable } from './model-table.ts';

describe('apps and models of an account', () => {
  let world: WorkspaceWorld;
  beforeEach(async () => {
    world = await openWorkspaceWorld();
  });
  afterEach(() => world.close());

  test('an app is declared, renamed and archived, in an own account as in a workspace', async () => {
    const person = await world.person();
    const workspace = await world.workspace();
    for (const [account, browser] of [
      [person.id, person],
      [workspace.id, workspace.owner],
    ] as const) {
      expect((await browser.ask('POST', at(account, '/apps'), { id: 'shop', name: 'Shop' })).status).toBe(201);
      expect(reasonOf(await browser.ask('POST', at(account, '/apps'), { id: 'shop', name: 'x' }))).toBe('app_exists');
      for (const id of ['playground', 'none', 'fam_0123456789abcdef', 'Shop', '../x']) {
        expect((await browser.ask('POST', at(account, '/apps'), { id, name: 'x' })).status).toBe(400);
      }
      await browser.ask('PATCH', at(account, '/apps/shop'), { name: 'The shop', archived: true });
      await browser.ask('PATCH', at(account, '/apps/shop'), { name: 'Our shop' });
      const { data } = appListView.parse((await browser.ask('GET', at(account, '/apps'))).body);
      expect(data).toMatchObject([{ id: 'shop', name: 'Our shop', models: null }]);
      expect(data[0]?.archived_at).not.toBeNull();
      await browser.ask('PATCH', at(account, '/apps/shop'), { archived: false });
      expect((await world.workspaces.apps.find(account, 'shop'))?.archivedAtMs).toBeNull();
    }
  });

  test('a hundred apps at the limit leave as many as there may be', async () => {
    const person = await world.person();
    await world.storage.writer.write(
      Array.from({ length: 490 }, (_, n) => ({
        sql: 'insert into account_app (account_id, id, name, created_at_ms) values (?, ?, ?, 0)',
        parameters: [person.id, `old-${n}`, 'x'],
      })),
    );
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => person.ask('POST', at(person.id, '/apps'), { id: `new-${n}`, name: 'x' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  });

  test('sets of models narrow each other, hold at once and outlive the process', async () => {
    const { id, owner } = await world.workspace();
    const { memberId } = await world.member(id, 'developer');
    await owner.ask('POST', at(id, '/apps'), { id: 'shop', name: 'Shop' });
    const allow = (subject: object, models: string[] | null) =>
      owner.ask('PUT', at(id, '/allowed-models'), { subject, models });
    const key = { accountId: id, app: 'shop', member: memberId, models: null };
    expect(world.workspaces.allowedModels(key)).toBeNull();
    await allow({ kind: 'account' }, ['small', 'large']);
    expect(world.workspaces.allowedModels(key)).toEqual(['small', 'large']);
    await allow({ kind: 'app', id: 'shop' }, ['large', 'huge']);
    expect(world.workspaces.allowedModels(key)).toEqual(['large']);
    await allow({ kind: 'member', id: memberId }, []);
    expect(world.workspaces.allowedModels(key)).toEqual([]);
    expect(world.workspaces.allowedModels({ ...key, member: null, models: ['small', 'huge'] })).toEqual([]);
    expect(world.workspaces.allowedModels({ ...key, member: null, app: null, models: ['small', 'huge'] })).toEqual([
      'small',
    ]);
    expect(reasonOf(await allow({ kind: 'app', id: 'none-such' }, []))).toBe('app_not_found');
    expect(reasonOf(await allow({ kind: 'account' }, ['gpt-unknown']))).toBe('model_unknown');
    world = await world.restart();
    expect(world.workspaces.allowedModels(key)).toEqual([]);
    const shown = await world.workspaces.belongings.of(owner.id, id);
    expect(shown?.role).toBe('owner');
  });

  test('what is taken away again narrows nothing', async () => {
    const { id, owner } = await world.workspace();
    await owner.ask('PUT', at(id, '/allowed-models'), { subject: { kind: 'account' }, models: ['small'] });
    const body = { subject: { kind: 'account' }, models: null };
    const answer = await owner.ask('PUT', at(id, '/allowed-models'), body);
    expect(allowedModelsView.parse(answer.body)).toEqual({ account: null, apps: {}, members: {} });
    world = await world.restart();
    expect(world.workspaces.allowedModels({ accountId: id, app: null, member: null, models: null })).toBeNull();
  });
});

test('whatever the sets are, what is left is in each of them, and everything that is in each of them is left', () => {
  const models = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }), { nil: null });
  fc.assert(
    fc.property(models, models, models, models, (own, account, app, member) => {
      const table = createModelTable([]);
      table.put({ accountId: 'acct_1', subject: { kind: 'account' }, models: account });
      table.put({ accountId: 'acct_1', subject: { kind: 'app', id: 'x' }, models: app });
      table.put({ accountId: 'acct_1', subject: { kind: 'member', id: 'm' }, models: member });
      const sets = [own, account, app, member].filter((set) => set !== null);
      const left = table.allowedModels({ accountId: 'acct_1', app: 'x', member: 'm', models: own });
      const wanted =
        sets.length === 0
          ? null
          : (['a', 'b', 'c', 'd'] as const).filter((model) => sets.every((set) => set.includes(model)));
      expect(left === null ? null : [...left].sort()).toEqual(wanted);
      expect(table.allowedModels({ accountId: 'acct_2', app: 'x', member: 'm', models: own })).toEqual(own);
    }),
  );
});
