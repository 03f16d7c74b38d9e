/** A rule as it is edited: its condition by itself, and everything else as JSON. */
export interface RuleDraft {
  readonly when: string;
  readonly rest: string;
}

/** What a new rule begins as. */
export const NEW_RULE = {
  name: 'my-rule',
  title: { en: 'What it is about', zh: '规则说明' },
  owner: 'safety',
  on: 'ended',
  when: "verdict == 'refused' && count.refused >= 8",
  counters: {
    refused: { kind: 'count', of: 'ended', by: ['account', 'key'], where: "verdict == 'refused'", window: '10m' },
  },
  action: { do: 'signal', conduct: 'circumvention', confidence: 0.6 },
  reason: { en: 'What the person is told.', zh: '告知当事人的理由。' },
  mode: 'shadow',
  tests: [{ name: 'eight were refused', event: { verdict: 'refused', 'count.refused': 8 }, expect: 'hit' }],
};

export function draftOf({ when, ...rest }: { readonly when: string }): RuleDraft {
  return { when, rest: JSON.stringify(rest, null, 2) };
}

/** The document a draft comes to; or why it is none. Whether it is a good rule is for the service to say. */
export function documentOf({ when, rest }: RuleDraft): { readonly document: object } | { readonly why: string } {
  try {
    const read: unknown = JSON.parse(rest);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return { why: '{ }' };
    return { document: { ...read, when } };
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' };
  }
}
