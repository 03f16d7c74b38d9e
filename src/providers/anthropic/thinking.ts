import type { GenerationRequest, ReasoningEffort } from '../generation.ts';

/** The least budget the upstream takes. */
const BUDGET_MIN = 1024;

/** Models from before effort levels, which take only a budget. */
const BUDGET_ONLY = /claude-(?:3|(?:opus|sonnet|haiku)-4(?:-[015])?(?:-\d{8}|@\d{8}|$))/;

const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: BUDGET_MIN,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
};

export interface Thinking {
  readonly thinking?: object;
  readonly effort?: string;
}

/**
 * How much the model shall think. A budget in tokens is passed on; an effort becomes the upstream's own effort, or for
 * models without one a budget that leaves room for the answer within `maxTokens`.
 */
export function thinkingOf(reasoning: GenerationRequest['reasoning'], model: string, maxTokens: number): Thinking {
  if (reasoning === undefined) return {};
  const display = reasoning.summary === undefined ? undefined : 'summarized';
  if (reasoning.budgetTokens !== undefined) {
    return { thinking: { type: 'enabled', budget_tokens: reasoning.budgetTokens, display } };
  }
  const { effort } = reasoning;
  if (effort === undefined) return {};
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  if (!BUDGET_ONLY.test(model)) {
    return { thinking: { type: 'adaptive', display }, effort: effort === 'minimal' ? 'low' : effort };
  }
  const budget = Math.min(BUDGETS[effort], Math.floor(maxTokens / 2));
  return budget < BUDGET_MIN ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
}
