import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { assert } from '../../base/assert.ts';
import { DEFAULT_PLAN } from '../../config/plans.ts';
import type { Plan, PlanTerms, Terms } from '../plan.ts';

/** Works from memory alone: two look-ups, nothing made. Not to be asked where `plans` are unknown. */
export function createPlanTerms(
  plans: Readonly<Record<string, Plan>> | null,
  /** Null for an account without one. */
  planOf: (accountId: string) => string | null,
): PlanTerms {
  const prepaid = new Map(Object.values(plans ?? {}).map((plan) => [plan.name, termsOn(plan, 'prepaid')]));
  const standing = prepaid.get(DEFAULT_PLAN);
  const house: Terms = { billing: 'house', plan: 'house', marginBp: 0, limits: {} };
  return {
    termsOf(accountId) {
      if (accountId === OPERATOR_ACCOUNT_ID) return house;
      const plan = planOf(accountId);
      const terms = plan === null ? standing : prepaid.get(plan);
      assert(terms !== undefined, 'a plan that somebody has is configured');
      return terms;
    },
  };
}

function termsOn(plan: Plan, billing: Terms['billing']): Terms {
  return { billing, plan: plan.name, marginBp: plan.marginBp, limits: plan.limits };
}
