import { afterEach, beforeEach, expect, test } from 'bun:test';
import { openWorkspaceWorld, type WorkspaceWorld } from './proving/world.ts';

let world: WorkspaceWorld;
beforeEach(async () => {
  world = await openWorkspaceWorld();
});
afterEach(() => world.close());

test('an account that was stopped is read and contested by whoever answers for it, and nothing else is done in it', async () => {
  const { id, owner } = await world.workspace();
  const developer = await world.member(id, 'developer');
  const subject = { kind: 'account', accountId: id } as const;
  await world.standing.stop({ subject, cause: 'sanction', reason: 'resale', by: 'dec_1', untilMs: null });
  const { mayIn } = world.workspaces.belongings;
  const may = (person: string) =>
    Promise.all(
      (
        ['own.account.read', 'own.contest.write', 'own.account.write', 'own.keys.write', 'own.cutoff.write'] as const
      ).map((permission) => mayIn(person, permission, id)),
    );
  expect(await may(owner.id)).toEqual(['yes', 'yes', 'no', 'no', 'no']);
  expect(await may(developer.id)).toEqual(['yes', 'no', 'no', 'no', 'no']);
});
