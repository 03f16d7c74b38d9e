/** Case 67: limits on how many there may be, asked for by many at the same moment. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { KEYS_PER_MEMBER_MAX } from '../../src/portal/keys/contract.ts';
import { APPS_MAX, INVITATIONS_MAX, OWNED_WORKSPACES_MAX, SCIM_TOKENS_MAX } from '../../src/workspaces/contract.ts';
import { openWorkspaceWorld, type WorkspaceWorld } from '../../src/workspaces/proving/world.ts';
import { openOwnPortal, type OwnPortal } from '../portal/own-portal.ts';

const AT_ONCE = 100;

let portal: OwnPortal;
let world: WorkspaceWorld;
beforeAll(async () => {
  portal = await openOwnPortal();
  world = await openWorkspaceWorld();
});
afterAll(async () => {
  await portal.close();
  await world.close();
});

async function atOnce(ask: (at: number) => Promise<{ readonly status: number }>, count = AT_ONCE) {
  const told = await Promise.all(Array.from({ length: count }, (_, at) => ask(at)));
  return {
    made: told.filter(({ status }) => status === 201).length,
    statuses: new Set(told.map(({ status }) => status)),
  };
}

describe('case 67: as many at once as nobody may have', () => {
  test('keys of a member', async () => {
    const team = await portal.workspace('Team');
    const dev = await portal.person('Dev');
    const member = portal.join(team, dev, 'developer');
    const { made, statuses } = await atOnce(() => portal.ask(dev, 'POST', `/portal/v1/accounts/${team}/keys`, {}));
    expect([made, statuses]).toEqual([KEYS_PER_MEMBER_MAX, new Set([201, 409])]);
    expect(portal.serving.keys.ofAccount(team).filter((key) => key.member === member)).toHaveLength(
      KEYS_PER_MEMBER_MAX,
    );
  });

  test('apps of a workspace', async () => {
    const { id, owner } = await world.workspace();
    const declare = (at: number) =>
      owner.ask('POST', `/portal/v1/accounts/${id}/apps`, { id: `app-${at}`, name: `App ${at}` });
    const before = await atOnce(declare, APPS_MAX - 10);
    expect(before.made).toBe(APPS_MAX - 10);
    const { made, statuses } = await atOnce((at) => declare(APPS_MAX + at));
    expect([made, statuses]).toEqual([10, new Set([201, 409])]);
    const listed = await owner.ask('GET', `/portal/v1/accounts/${id}/apps`);
    expect((listed.body as { data: unknown[] }).data).toHaveLength(APPS_MAX);
  });

  test('one app, again and again', async () => {
    const { id, owner } = await world.workspace();
    const body = { id: 'shop', name: 'Shop' };
    expect((await atOnce(() => owner.ask('POST', `/portal/v1/accounts/${id}/apps`, body))).made).toBe(1);
  });

  test('invitations of a workspace', async () => {
    const { id, owner } = await world.workspace();
    const invite = (at: number) =>
      owner.ask('POST', `/portal/v1/accounts/${id}/invitations`, { email: `p${at}@example.com`, role: 'developer' });
    // Few enough mails go out in a day that open invitations come to their own limit after days.
    let open = 0;
    for (let day = 0; open < INVITATIONS_MAX && day < 5; day++) {
      const { made } = await atOnce((at) => invite(day * 1_000 + at), 260);
      expect(made).toBeLessThanOrEqual(200);
      open += made;
      world.time.aheadMs += 86_400_000;
    }
    expect(open).toBe(INVITATIONS_MAX);
    expect((await atOnce((at) => invite(90_000 + at))).made).toBe(0);
    world.time.aheadMs = 0;
  });

  test('workspaces of a person', async () => {
    const person = await world.person();
    const { made } = await atOnce((at) => person.ask('POST', '/portal/v1/workspaces', { name: `Work ${at}` }));
    expect(made).toBeLessThanOrEqual(OWNED_WORKSPACES_MAX);
    expect(made).toBeGreaterThan(0);
  });

  test('tokens of a directory', async () => {
    const { id, owner } = await world.workspace();
    const { made } = await atOnce((at) =>
      owner.ask('POST', `/portal/v1/accounts/${id}/scim-tokens`, { name: `token ${at}` }),
    );
    expect(made).toBeLessThanOrEqual(SCIM_TOKENS_MAX);
  });
});
