import type { Nano } from '../../base/money.ts';
import type { Recurring } from './recurring.ts';
import type { Tally } from './tally.ts';

/** What the usage records say about requests whose cost nobody knows. */
export interface UnknownCost {
  readonly requests: number;
  /** Input and output. */
  readonly tokens: number;
}

/** Everything the figures of a month are made of. */
export interface Sources {
  readonly tally: Tally;
  readonly recurring: Recurring;
  readonly unknownCost: UnknownCost;
}

/** One number of the revenue report and, in words, how it is made. */
export interface Figure {
  readonly name: string;
  readonly formula: string;
  readonly of: (sources: Sources) => FigureValue;
}

export type FigureValue =
  | { readonly amount: Nano }
  | { readonly count: number }
  /** Null where there is nothing to take a share of. */
  | { readonly perCent: string | null };

const amount = (name: string, formula: string, of: (sources: Sources) => Nano): Figure => ({
  name,
  formula,
  of: (sources) => ({ amount: of(sources) }),
});

const MONEY_BACK = ['refund', 'correction', 'dispute'];

/** The revenue report, in its order. */
export const FIGURES: readonly Figure[] = [
  amount(
    'mrr',
    'monthly fees of all subscriptions that are active at the end, yearly fees divided by twelve; no trials, none that are past due',
    ({ recurring }) => recurring.atClose,
  ),
  amount('arr', 'twelve times mrr', ({ recurring }) => 12n * recurring.atClose),
  amount('mrr_at_open', 'mrr at the end of the month before', ({ recurring }) => recurring.atOpen),
  amount('mrr_new', 'mrr of accounts that had none at the end of the month before', ({ recurring }) => recurring.fresh),
  amount(
    'mrr_expansion',
    'what mrr grew by at accounts that had some and have more',
    ({ recurring }) => recurring.expansion,
  ),
  amount(
    'mrr_contraction',
    'what mrr shrank by at accounts that had more and have some',
    ({ recurring }) => recurring.contraction,
  ),
  amount(
    'mrr_churned',
    'mrr at the end of the month before of accounts that have none now; mrr = mrr_at_open + mrr_new + mrr_expansion - mrr_contraction - mrr_churned',
    ({ recurring }) => recurring.churned,
  ),
  amount(
    'usage_revenue',
    'credits to earnings less debits: usage paid from paid credit and usage written off, less what corrections of the month gave back',
    usageRevenue,
  ),
  amount(
    'usage_promotional',
    'credits to earnings_promo less debits: usage paid from promotional credit, which is no revenue',
    ({ tally }) => tally.during('earnings_promo'),
  ),
  amount('subscription_revenue', 'credits to earnings_subscription less debits: plan fees earned', subscriptionRevenue),
  amount('breakage', 'credits to breakage less debits: paid credit that expired unused', breakage),
  amount('write_offs', 'debits of write_off less credits: usage no credit was left for', writeOffs),
  amount('revenue', 'usage_revenue - write_offs + subscription_revenue + breakage', revenue),
  amount(
    'deferred_credit',
    'balances at the end of all paid grants, what requests in progress hold of them included',
    deferredCredit,
  ),
  amount('deferred_subscriptions', 'balance of deferred_subscription at the end', ({ tally }) =>
    tally.atClose('deferred_subscription'),
  ),
  amount(
    'deferred_revenue',
    'deferred_credit + deferred_subscriptions',
    (sources) => deferredCredit(sources) + sources.tally.atClose('deferred_subscription'),
  ),
  amount(
    'promo_expense',
    'debits of promo_expense less credits: promotional credit given, less what came back',
    ({ tally }) => -tally.during('promo_expense'),
  ),
  amount(
    'promo_outstanding',
    'balances at the end of all promotional grants, held credit included',
    ({ tally }) => tally.atClose('grants_promo') + tally.atClose('holds_promo'),
  ),
  amount(
    'received',
    'debits of wash less credits in postings of all kinds but refund, correction and dispute: money that came in',
    ({ tally }) => tally.during('wash', MONEY_BACK) - tally.during('wash'),
  ),
  amount(
    'refunds',
    'credits to wash less debits in postings of kind refund and correction: money paid back, less refunds that failed',
    ({ tally }) => tally.during('wash', ['refund', 'correction']),
  ),
  amount(
    'disputes',
    'credits to wash less debits in postings of kind dispute: money taken back, less what was won back',
    ({ tally }) => tally.during('wash', ['dispute']),
  ),
  amount(
    'dispute_losses',
    'debits of dispute_loss less credits: disputed credit that was spent already',
    ({ tally }) => -tally.during('dispute_loss'),
  ),
  amount(
    'receivable',
    'debits of receivable less credits until the end: invoiced and not yet paid',
    ({ tally }) => -tally.atClose('receivable'),
  ),
  amount(
    'rounding',
    'credits to rounding less debits: parts of a nano-dollar rounded up, less cents rounded down',
    ({ tally }) => tally.during('rounding'),
  ),
  amount(
    'tax_collected',
    'credits to tax_payable less debits: tax on what was received, less that of what was paid back',
    ({ tally }) => tally.during('tax_payable'),
  ),
  amount('provider_cost', 'debits of provider_cost less credits: what upstreams charge, where that is known', cost),
  {
    name: 'unknown_cost_requests',
    formula: 'requests that ended in the month and went upstream at a cost nobody set; not in provider_cost',
    of: ({ unknownCost }) => ({ count: unknownCost.requests }),
  },
  {
    name: 'unknown_cost_tokens',
    formula: 'input and output tokens of those requests',
    of: ({ unknownCost }) => ({ count: unknownCost.tokens }),
  },
  amount('gross_margin', 'revenue - provider_cost; too high by whatever the unknown costs are', grossMargin),
  {
    name: 'gross_margin_per_cent',
    formula: 'gross_margin / revenue, rounded to the nearest hundredth of a per cent',
    of: (sources) => ({ perCent: perCent(grossMargin(sources), revenue(sources)) }),
  },
];

function usageRevenue({ tally }: Sources): Nano {
  return tally.during('earnings');
}

function subscriptionRevenue({ tally }: Sources): Nano {
  return tally.during('earnings_subscription');
}

function breakage({ tally }: Sources): Nano {
  return tally.during('breakage');
}

function revenue(sources: Sources): Nano {
  return usageRevenue(sources) - writeOffs(sources) + subscriptionRevenue(sources) + breakage(sources);
}

function deferredCredit({ tally }: Sources): Nano {
  return tally.atClose('grants_paid') + tally.atClose('holds_paid');
}

function writeOffs({ tally }: Sources): Nano {
  return -tally.during('write_off');
}

function cost({ tally }: Sources): Nano {
  return -tally.during('provider_cost');
}

function grossMargin(sources: Sources): Nano {
  return revenue(sources) - cost(sources);
}

/** `61.24`, or `-3.00`; halves are rounded away from zero. Null when `whole` is not above zero. */
export function perCent(part: Nano, whole: Nano): string | null {
  if (whole <= 0n) return null;
  const size = part < 0n ? -part : part;
  const hundredths = (2n * size * 10_000n + whole) / (2n * whole);
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  return part < 0n && hundredths > 0n ? `-${text}` : text;
}
