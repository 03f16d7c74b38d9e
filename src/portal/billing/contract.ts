/** The portal's wire of money: balance, statements, budgets, plan, payments, codes, free credit that vests. Amounts are nano-dollars as decimal strings. */
import { z } from 'zod';
import { SEARCH_CHARS_MAX } from '../../accounts/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';
import { grantView } from '../../ledger/credit/contract.ts';
import { budgetView, setBudgetBody, setLowBalanceBody } from '../../ledger/budgets/contract.ts';
import { autoTopupBody, autoTopupView, redeemBody, startedView, topupBody } from '../../ledger/payments/contract.ts';
import { planListView, planQuoteView, startPlanBody } from '../../ledger/plans/contract.ts';
import { statementView } from '../../ledger/reports/contract.ts';

export const PORTAL_PAYMENTS_PAGE_MAX = 200;
export const GRANTS_SHOWN_MAX = 200;

/** Why it was given is the operator's own note. */
const portalGrantView = grantView.omit({ account_id: true, reason: true });

/** `GET .../balance` */
export const portalBalanceView = z.object({
  balance_nano: z.string(),
  available_nano: z.string(),
  /** Set aside for requests in progress. */
  held_nano: z.string(),
  /** Of what is available: bought, and given. */
  paid_nano: z.string(),
  free_nano: z.string(),
  /** Free credit that is promised and not released yet. */
  promised_nano: z.string(),
  /** What is left of credit that ends within 30 days, the next first. */
  expires: z.array(z.object({ at: z.string(), amount_nano: z.string(), kind: z.enum(['paid', 'promo']) })),
  /** In order of use, those that cannot be spent now last. */
  grants: z.array(portalGrantView).max(GRANTS_SHOWN_MAX),
  /** There are more than are shown. */
  more_grants: z.boolean(),
  /** Told when credit falls below this; null: not told. */
  low_balance_nano: z.string().nullable(),
});

/** `PUT .../low-balance` */
export const portalLowBalanceBody = setLowBalanceBody.omit({ account_id: true });
export const portalLowBalanceView = z.object({ threshold_nano: z.string().nullable() });

export const monthParameter = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
    .describe('A month of UTC, such as 2026-11.'),
});

/** `GET .../statement?month=2026-11`; what operators noted for themselves is left out of the lines. */
export const portalStatementView = statementView.omit({ account_id: true });

export const portalBudgetView = budgetView.omit({ account_id: true }).extend({
  /** What people call its subject. */
  name: z.string().nullable(),
});

/** `GET .../budgets` */
export const portalBudgetListView = z.object({ data: z.array(portalBudgetView) });

const budgetFields = setBudgetBody.shape;

/** `POST .../budgets`: makes one, or changes the one there is for the same subject and period and keeps what was used. */
export const portalBudgetBody = z
  .strictObject({
    key_id: budgetFields.key_id,
    app: budgetFields.app,
    member: budgetFields.member,
    limit_nano: budgetFields.limit_nano,
    period: budgetFields.period,
    action: budgetFields.action,
    alert_at: budgetFields.alert_at,
  })
  .refine(({ key_id, app, member }) => [key_id, app, member].filter((one) => one !== null).length <= 1, {
    path: ['key_id'],
    error: 'only one of key_id, app and member can be the subject of a budget',
  })
  .refine(({ action, alert_at }) => action === 'stop' || alert_at.length > 0, {
    path: ['alert_at'],
    error: 'must name at least one share for a budget that only tells',
  });

export const portalBudgetRemovedView = z.object({ id: z.string(), removed: z.literal(true) });

const subscription = z.object({
  plan: z.string(),
  interval: z.enum(['month', 'year']),
  seats: z.number(),
  state: z.enum(['trialing', 'active', 'past_due', 'ended']),
  period_start: z.string(),
  period_end: z.string(),
  cancel_at_period_end: z.boolean(),
  next: z.object({ plan: z.string(), interval: z.enum(['month', 'year']), seats: z.number() }).nullable(),
  paid_ahead: z.boolean(),
});

const paymentView = startedView.shape.payment.omit({ account_id: true });

/** `GET .../plan` */
export const portalPlanView = z.object({
  /** The plan whose terms hold now. */
  plan: z.string(),
  /** On top of list prices, in basis points. */
  margin_bp: z.number(),
  /** Null for an account that never had one. */
  subscription: subscription.nullable(),
  /** What else there is. */
  plans: planListView.shape.data,
  /** How a plan can be paid here. */
  drivers: z.array(z.enum(['stripe', 'manual'])),
  /** A trial has been had. */
  trial_used: z.boolean(),
});

export const planChoiceQuery = z.object({
  plan: z.string().max(SEARCH_CHARS_MAX).optional(),
  interval: z.enum(['month', 'year']).optional(),
  seats: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a whole number')
    .optional(),
});

/** `GET .../plan/quote` */
export const portalPlanQuoteView = planQuoteView;

/** `POST .../plan/start`: a free plan or a trial begins at once; for any other, an order is made to be paid. */
export const portalStartPlanBody = startPlanBody.omit({ paid_by: true, payment_id: true }).extend({
  driver: topupBody.shape.driver,
});

/** `POST .../plan/change`; what is left out stays. To more is refused with `payment_required` and what is due. */
export const portalChangePlanBody = z.strictObject({
  plan: portalStartPlanBody.shape.plan.nullable().default(null),
  interval: z.enum(['month', 'year'], 'must be month or year').nullable().default(null),
  seats: portalStartPlanBody.shape.seats,
});

/** 200 of start, change, cancel and resume. */
export const portalPlanChangedView = z.object({
  /** As it stands now; null while an order for the first plan waits to be paid. */
  subscription: subscription.nullable(),
  /** What is to be paid first; null where nothing is. */
  payment: paymentView.nullable(),
  /** Where it is paid; null for an invoice. */
  url: z.string().nullable(),
});

/** `GET .../top-up`: what can be bought and how. */
export const topupTermsView = z.object({
  min_nano: z.string(),
  max_nano: z.string(),
  tax_bp: z.number(),
  drivers: z.array(z.enum(['stripe', 'manual'])),
  /** Null where it was never set. */
  auto: autoTopupView.omit({ account_id: true }).nullable(),
});

/** `POST .../top-ups` */
export const portalTopupBody = topupBody.omit({ account_id: true });
export const portalStartedView = z.object({ payment: paymentView, url: z.string().nullable() });

export const portalPaymentsQuery = z.object(pageQuery('before'));
export const portalPaymentListView = z.object({ data: z.array(paymentView), next: z.string().nullable() });

/** `PUT .../auto-top-up` */
export const portalAutoTopupBody = autoTopupBody.omit({ account_id: true });
export const portalAutoTopupView = topupTermsView.pick({ auto: true });

/** `POST .../redeem` */
export const portalRedeemBody = redeemBody.omit({ account_id: true });
export const portalRedeemedView = z.object({
  grant_id: z.string(),
  credit_nano: z.string(),
  expires_at: z.string().nullable(),
});

/** `GET .../vesting`: how far the free credit of the account has come. */
export const vestingView = z.object({
  /** Null where no free credit was promised. */
  vesting: z
    .object({
      /** Accounts that draw on the same free credit besides this one; who they are is told to nobody. */
      shared_with: z.number(),
      rungs: z.array(z.string()),
      tranches: z.array(
        z.object({
          tranche: z.number(),
          amount_nano: z.string(),
          state: z.enum(['released', 'shared', 'waiting', 'clawed_back']),
          released_at: z.string().nullable(),
          /** `clean_days:3`, `rung:phone`, `paid:4.00`, `breaker`, `sanction`; of `rung` and `paid` any one is enough. */
          missing: z.array(z.string()),
        }),
      ),
    })
    .nullable(),
});

export type PortalBalanceView = z.infer<typeof portalBalanceView>;
export type PortalStatementView = z.infer<typeof portalStatementView>;
export type PortalBudgetBody = z.output<typeof portalBudgetBody>;
export type PortalBudgetView = z.infer<typeof portalBudgetView>;
export type PortalPlanView = z.infer<typeof portalPlanView>;
export type PortalPlanChangedView = z.infer<typeof portalPlanChangedView>;
export type PortalPaymentView = z.infer<typeof paymentView>;
export type TopupTermsView = z.infer<typeof topupTermsView>;
export type VestingView = z.infer<typeof vestingView>;
