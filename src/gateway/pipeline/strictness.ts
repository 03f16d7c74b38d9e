import type { ActivePolicy, ReviewContext, Verdict } from '../../moderation/index.ts';

type PolicyDocument = ActivePolicy['document'];

/** Thresholds of somebody under friction, as a share of the policy's. */
export const STRICTER = 0.8;

const stricter = new WeakMap<PolicyDocument, PolicyDocument>();

/** The same policy with lower thresholds, and nothing of a reply sent before it was looked at. */
export function strictly({ policy, uses }: ReviewContext): ReviewContext {
  let document = stricter.get(policy.document);
  if (document === undefined) {
    document = lowered(policy.document);
    stricter.set(policy.document, document);
  }
  return { policy: { ...policy, document }, uses };
}

function lowered(document: PolicyDocument): PolicyDocument {
  const { prompt, reply } = document;
  return {
    ...document,
    prompt: { ...prompt, rules: prompt.rules.map(lower), stages: earlier(prompt.stages) },
    reply: { ...reply, mode: 'hold_back', rules: reply.rules.map(lower), stages: earlier(reply.stages) },
  };
}

function lower<Rule extends { readonly at: number }>(rule: Rule): Rule {
  return { ...rule, at: rule.at * STRICTER };
}

/** The encoder looks where less speaks for a look. */
function earlier<Stages extends { readonly encoder: { readonly from: number } }>(stages: Stages): Stages {
  return { ...stages, encoder: { ...stages.encoder, from: stages.encoder.from * STRICTER } };
}

/**
 * What would have been found without friction. Only that is held against somebody: whoever is watched more closely must
 * not come to be watched more closely still for it.
 */
export function asUsual(verdict: Verdict, { policy, uses }: ReviewContext): Verdict {
  const { rules } = verdict.subject === 'prompt' ? policy.document.prompt : policy.document.reply;
  const flagged = verdict.flagged.filter(
    ({ label, score }) =>
      label === 'personal' ||
      rules.some((rule) => rule.label === label && score >= rule.at && !rule.except.some((use) => uses.includes(use))),
  );
  return flagged.length === verdict.flagged.length ? verdict : { ...verdict, flagged };
}
