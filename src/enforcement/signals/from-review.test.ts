import { expect, test } from 'bun:test';
import { POLICY_ACTIONS } from '../../moderation/policy/contract.ts';
import type { Verdict } from '../../moderation/index.ts';
import { createDigests } from './digests.ts';
import { signalsOf } from './from-review.ts';

const OWNER = { accountId: 'acct_1', keyId: 'key_1', app: null, member: null, endUser: null, product: 'api' };

test('only what somebody was told of is held against them', () => {
  const held = POLICY_ACTIONS.filter((action) => {
    const verdict: Verdict = {
      subject: 'prompt',
      policy: 'default@1',
      stages: [],
      scores: null,
      harm: null,
      flagged: [{ label: 'jailbreak', score: 0.9, at: 0.5, action, span: null }],
      action,
      dryRun: false,
    };
    const review = { requestId: 'req_1', atMs: 1, owner: OWNER, verdicts: [verdict], asked: 'Hello', opening: 'Hello' };
    const parts = {
      mintId: (prefix: string) => `${prefix}_1`,
      digests: createDigests(new Uint8Array(32)),
      cleanBefore: 0,
    };
    return signalsOf(review, parts).length > 0;
  });
  expect(held).toEqual(['annotate', 'ask_second', 'hold', 'refuse', 'cut']);
});
