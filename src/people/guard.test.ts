import { expect, test } from 'bun:test';
import { createPeopleGuard } from './guard.ts';
import type { PersonSignedIn } from './signed-in.ts';

const NOBODY = { find: async () => null, watch: () => () => undefined };
const SESSION: PersonSignedIn = {
  kind: 'person',
  id: 'acct_ada',
  networkPrefix: null,
  sessionId: 'ses_1',
  csrf: 'right',
  state: 'active',
  confirmedAtMs: 0,
  expiresAtMs: 1,
};

test('whose own account was stopped still contests what is held against their workspace, and does nothing else there', async () => {
  const guard = createPeopleGuard({
    sessions: NOBODY,
    cookies: { session: { read: () => null } as never },
    mayIn: () => 'yes',
    stopOf: () => ({ id: 'stop_1', cause: 'sanction', reason: 'resale', atMs: 0, untilMs: null }),
    trail: { begin: async () => '1', end: async () => undefined },
  });
  const may = (permission: Parameters<typeof guard.may>[1], account: string) =>
    guard.may(SESSION, permission, { account });
  expect(await may('own.contest.write', 'acct_team')).toBe('yes');
  expect(await may('own.account.read', 'acct_team')).toBe('yes');
  expect(await may('own.keys.write', 'acct_team')).toBe('no');
  expect(await may('own.contest.write', 'acct_ada')).toBe('yes');
});
