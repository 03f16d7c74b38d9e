import { expect, test } from 'bun:test';
import type { Proposal } from '../../../../src/enforcement/judgement.ts';
import type { Unit } from '../../../../src/enforcement/unit.ts';
import { createFollower } from './follower.ts';

const HOUR_MS = 3_600_000;
const ACCOUNT: Unit = { kind: 'account', accountId: 'acct_1' };
const OWNER = { accountId: 'acct_1', keyId: 'key_1', app: null, member: null, endUser: 'ann', product: null };

function proposal(unit: Unit): Proposal {
  const figures = { score: 5, cusum: 11, alarmAt: 17, certificate: null, incidents: ['inc_1'], wanted: null, atMs: 0 };
  return { unit, step: 'cool_off', conduct: 'hate', severity: 2, ...figures };
}

test('a cool-off blocks for a day, the next one for two, and a milder step beside it changes nothing', () => {
  const follower = createFollower();
  follower.impose(proposal(ACCOUNT), 'cool_off', 'ladder', 0);
  expect(follower.blockedUntil(OWNER, HOUR_MS)).toBe(24 * HOUR_MS);
  expect(follower.impose(proposal(ACCOUNT), 'warning', 'ladder', HOUR_MS)).toBeNull();
  expect(follower.blockedUntil(OWNER, 24 * HOUR_MS)).toBeNull();
  follower.impose(proposal(ACCOUNT), 'cool_off', 'ladder', 30 * HOUR_MS);
  expect(follower.blockedUntil(OWNER, 31 * HOUR_MS)).toBe(78 * HOUR_MS);
});

test('one end user is stopped alone, and whoever joins a stopped operator with it', () => {
  const operators = new Map([['acct_2', 'acct_1']]);
  const follower = createFollower((accountId) => operators.get(accountId) ?? accountId);
  follower.impose(proposal({ kind: 'end_user', accountId: 'acct_1', endUser: 'ann' }), 'cool_off', 'ladder', 0);
  expect(follower.blockedUntil(OWNER, HOUR_MS)).not.toBeNull();
  expect(follower.blockedUntil({ ...OWNER, endUser: 'bob' }, HOUR_MS)).toBeNull();
  follower.impose(proposal({ kind: 'operator', accountId: 'acct_1' }), 'operator', 'ladder', 0);
  expect(follower.blockedUntil({ ...OWNER, accountId: 'acct_2' }, HOUR_MS)).not.toBeNull();
  expect(follower.blockedUntil({ ...OWNER, accountId: 'acct_3' }, HOUR_MS)).toBeNull();
});

test('what an appeal takes back is over, and counts for no longer cool-off', () => {
  const follower = createFollower();
  const felt = follower.impose(proposal(ACCOUNT), 'cool_off', 'ladder', 0);
  if (felt === null) throw new Error('nothing was in force');
  follower.end(felt, 'reversed', HOUR_MS);
  expect(follower.blockedUntil(OWNER, 2 * HOUR_MS)).toBeNull();
  follower.impose(proposal(ACCOUNT), 'cool_off', 'ladder', 3 * HOUR_MS);
  expect(follower.blockedUntil(OWNER, 4 * HOUR_MS)).toBe(27 * HOUR_MS);
});
