import { expect, test } from 'bun:test';
import { policy } from '../../../test/world/policies.ts';
import type { Verdict } from '../../moderation/index.ts';
import { asUsual, STRICTER, strictly } from './strictness.ts';

const RULES = [
  { label: 'hate', at: 0.5, action: 'log', except: [] },
  { label: 'hate', at: 0.9, action: 'refuse', except: [] },
  { label: 'illicit', at: 0.8, action: 'hold', except: ['security'] },
] as const;
const usual = {
  policy: {
    version: 3,
    document: policy({ prompt: { rules: RULES.map((rule) => ({ ...rule, except: [...rule.except] })) } }),
  },
  uses: [],
};

function found(label: 'hate' | 'illicit' | 'personal', score: number): Verdict {
  const flagged = [{ label, score, at: score, action: 'refuse', span: null }] as const;
  return {
    subject: 'prompt',
    policy: 'test@3',
    stages: [],
    scores: null,
    harm: null,
    flagged,
    action: 'refuse',
    dryRun: false,
  };
}

test('every threshold is lowered, replies are held back, and one policy is made strict once', () => {
  const strict = strictly(usual);
  expect(strict.policy.document.prompt.rules.map(({ at }) => at)).toEqual(RULES.map(({ at }) => at * STRICTER));
  expect(strict.policy.document.reply.mode).toBe('hold_back');
  expect(strictly(usual).policy.document).toBe(strict.policy.document);
  expect(usual.policy.document.prompt.rules.map(({ at }) => at)).toEqual(RULES.map(({ at }) => at));
});

test('held against somebody is what any rule of the usual policy would have found', () => {
  const kept = (verdict: Verdict, uses: readonly 'security'[] = []) =>
    asUsual(verdict, { ...usual, uses }).flagged.length;
  // By the graver rule of the strict policy, and by the milder one of the usual policy.
  expect(kept(found('hate', 0.75))).toBe(1);
  expect(kept(found('hate', 0.45))).toBe(0);
  expect(kept(found('illicit', 0.79))).toBe(0);
  expect(kept(found('illicit', 0.8))).toBe(1);
  expect(kept(found('illicit', 0.8), ['security'])).toBe(0);
  expect(kept(found('personal', 0.1))).toBe(1);
});
