import type { ApiKey, Stop } from '../../accounts/index.ts';
import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import type { AccountBalance, BudgetUse, Subscription } from '../../ledger/index.ts';
import { endingSoon } from '../billing/balance.ts';
import { nameOfSubject } from '../billing/budgets.ts';
import type { Attention } from './contract.ts';
import { type StopViewParts, toStopView } from './views.ts';

/** What is known of an account; null where who asks may not see it. */
export interface AttentionFacts {
  readonly stops: readonly Stop[];
  /** Those that work, of the account or of who asks. */
  readonly keys: readonly ApiKey[];
  readonly money: {
    readonly balance: AccountBalance;
    readonly threshold: Nano | null;
    readonly budgets: readonly BudgetUse[];
    readonly subscription: Subscription | null;
    readonly autoTopup: { readonly state: string; readonly lastFailure: string | null } | null;
  } | null;
}

const WEEK_MS = 7 * 86_400_000;
const BUDGET_PERCENT_MIN = 80;
/** Of one kind. */
const SHOWN_MAX = 5;

/** What somebody should know of, the gravest first. */
export function attentionOf(facts: AttentionFacts, parts: StopViewParts): Attention[] {
  const { nowMs } = parts;
  const stops = facts.stops.map((stop) => toStopView(stop, parts)).filter(({ state }) => state === 'in_force');
  return [
    ...stops.slice(0, SHOWN_MAX).map((stop): Attention => ({ kind: 'stopped', stop })),
    ...(facts.money === null ? [] : ofMoney(facts.money, parts)),
    ...ofKeys(facts.keys, nowMs),
  ];
}

function ofMoney(money: NonNullable<AttentionFacts['money']>, { names, nowMs }: StopViewParts): Attention[] {
  const { balance, threshold, budgets, autoTopup } = money;
  return [
    ...ofPlan(money.subscription),
    ...ofCredit(balance, threshold),
    ...(autoTopup?.state === 'disabled' ? [{ kind: 'auto_topup_disabled', why: autoTopup.lastFailure } as const] : []),
    ...budgets
      .map((budget) => ({ budget, percent: Number((budget.used * 100n) / budget.limit) }))
      .filter(({ percent }) => percent >= BUDGET_PERCENT_MIN)
      .sort((one, other) => other.percent - one.percent)
      .slice(0, SHOWN_MAX)
      .map(
        ({ budget, percent }): Attention => ({
          kind: 'budget',
          budget_id: budget.id,
          subject: budget.subject,
          name: nameOfSubject(budget, names) ?? budget.subjectId,
          percent,
          stops: budget.action === 'stop' && budget.used >= budget.limit,
          resets_at: isoOrNull(budget.resetsAtMs),
        }),
      ),
    ...endingSoon(
      balance.grants.filter(({ state }) => state === 'active'),
      nowMs,
    )
      .filter(({ expiresAtMs }) => expiresAtMs <= nowMs + WEEK_MS)
      .slice(0, SHOWN_MAX)
      .map(
        ({ available, held, expiresAtMs }): Attention => ({
          kind: 'credit_ends',
          amount_nano: String(available + held),
          at: toIso(expiresAtMs),
        }),
      ),
  ];
}

function ofPlan(subscription: Subscription | null): Attention[] {
  if (subscription === null) return [];
  const { plan, state, periodStartMs, periodEndMs, cancelAtPeriodEnd } = subscription;
  if (state === 'past_due') return [{ kind: 'plan_past_due', plan, since: toIso(periodStartMs) }];
  return cancelAtPeriodEnd && state !== 'ended' ? [{ kind: 'plan_ends', plan, at: toIso(periodEndMs) }] : [];
}

function ofCredit({ available }: AccountBalance, threshold: Nano | null): Attention[] {
  if (available <= 0n) return [{ kind: 'no_credit', available_nano: String(available) }];
  if (threshold === null || available >= threshold) return [];
  return [{ kind: 'low_credit', available_nano: String(available), threshold_nano: String(threshold) }];
}

function ofKeys(keys: readonly ApiKey[], nowMs: number): Attention[] {
  if (keys.length === 0) return [{ kind: 'no_keys' }];
  return keys
    .flatMap((key) => {
      const { expiresAtMs } = key;
      return expiresAtMs !== null && expiresAtMs <= nowMs + WEEK_MS ? [{ ...key, expiresAtMs }] : [];
    })
    .sort((one, other) => one.expiresAtMs - other.expiresAtMs)
    .slice(0, SHOWN_MAX)
    .map(({ id, name, expiresAtMs }): Attention => ({ kind: 'key_ends', key_id: id, name, at: toIso(expiresAtMs) }));
}
