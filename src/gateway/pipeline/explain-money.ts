import type { BudgetRefusal, HoldRefusal, QuoteRefusal } from '../../ledger/index.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { RETRY_SOON_MS } from './explain.ts';

export function explainQuote({ model }: QuoteRefusal): Refusal {
  return refusal('model_unpriced', { model }, { param: 'model' });
}

/** @param pacedMs milliseconds until more sign-up credit may be used; 0 when that is not what is in the way */
export function explainHold(refused: HoldRefusal, pacedMs: number): Refusal {
  switch (refused.reason) {
    case 'signup_credit_paced': {
      const retryAfterMs = Math.max(pacedMs, RETRY_SOON_MS);
      return refusal('free_credit_paced', { seconds: Math.ceil(retryAfterMs / 1_000) }, { retryAfterMs });
    }
    case 'credit_exhausted':
      return refusal('credit_exhausted');
    case 'credit_held':
      return refusal('credit_held', { seconds: RETRY_SOON_MS / 1_000 }, { retryAfterMs: RETRY_SOON_MS });
    case 'credit_queue_full':
      return refusal('credit_queue_full', { seconds: RETRY_SOON_MS / 1_000 }, { retryAfterMs: RETRY_SOON_MS });
    case 'aborted':
      return refusal('client_gone');
  }
}

const WHO = {
  key: ['key', '密钥'],
  app: ['app', '应用'],
  member: ['member', '成员'],
  account: ['account', '账户'],
} as const;
const PERIOD = { day: ['day', '日'], month: ['month', '月'], total: ['total', '总'] } as const;

export function explainBudget({ budget, resetsInMs }: BudgetRefusal): Refusal {
  const [who, who_zh] = WHO[budget.subject];
  const [period, period_zh] = PERIOD[budget.period];
  const seconds = resetsInMs === null ? null : Math.ceil(resetsInMs / 1_000);
  const when = seconds === null ? '' : ` It begins anew in ${seconds} s.`;
  const when_zh = seconds === null ? '' : `将在 ${seconds} 秒后重置。`;
  return refusal(
    'budget_exhausted',
    { who, who_zh, period, period_zh, when, when_zh },
    resetsInMs === null ? {} : { retryAfterMs: resetsInMs },
  );
}
