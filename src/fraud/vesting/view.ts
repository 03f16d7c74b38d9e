import { formatUsd, type Nano, NANO_PER_USD, sum } from '../../base/money.ts';
import { type Rung, RUNGS, type VestingState } from '../vesting.ts';
import { rungOf } from './account.ts';
import {
  ceilingOf,
  daysBefore,
  daysOf,
  givenTo,
  liftersOf,
  type OperatorView,
  paysItself,
  proofsOf,
} from './decide.ts';
import type { VestingRules } from './rules.ts';
import type { StoredAccount } from './store.ts';

export interface ShownState {
  readonly account: StoredAccount;
  readonly view: OperatorView;
  readonly operatorId: string;
  /** Of all accounts of the operator. */
  readonly accounts: readonly string[];
  /** Of this account, oldest first. */
  readonly releases: VestingState['releases'];
  readonly headroom: Nano;
}

/** What one account is shown of its operator's credit, tranche by tranche. */
export function toState(shown: ShownState, rules: VestingRules): VestingState {
  const { account, view } = shown;
  const given = givenTo(view);
  const known = new Set(proofsOf(view.members).map(({ kind }) => rungOf(kind)));
  return {
    accountId: account.accountId,
    operatorId: shown.operatorId,
    sharedWith: shown.accounts.filter((id) => id !== account.accountId),
    rungs: RUNGS.filter((rung) => known.has(rung)),
    cleanDays: daysOf(view.members, rules),
    given,
    ceiling: ceilingOf(view, rules),
    pace: { ...rules.pace, headroom: shown.headroom },
    releases: shown.releases,
    sanctioned:
      account.sanctionedAtMs === null ? null : { atMs: account.sanctionedAtMs, reason: account.sanctionReason ?? '' },
    tranches: rules.tranches.map((amount, at) => trancheOf(at, amount, shown, given, rules)),
  };
}

function trancheOf(at: number, amount: Nano, shown: ShownState, given: Nano, rules: VestingRules) {
  const start = sum(rules.tranches.slice(0, at));
  const end = start + amount;
  const inIt = given <= start ? 0n : given >= end ? amount : given - start;
  const { account, releases } = shown;
  const isComplete = given >= end;
  return {
    tranche: at + 1,
    amount,
    given: inIt,
    state: stateOf(account, isComplete, end),
    releasedAtMs: isComplete ? reachedAt(releases, end) : null,
    missing: isComplete ? [] : missingOf(at + 1, start, shown, given, rules),
  };
}

function stateOf(account: StoredAccount, isComplete: boolean, end: Nano): VestingState['tranches'][number]['state'] {
  if (isComplete) return account.given >= end ? 'released' : 'shared';
  return account.sanctionedAtMs === null ? 'waiting' : 'clawed_back';
}

function reachedAt(releases: VestingState['releases'], end: Nano): number | null {
  let total = 0n;
  for (const { atMs, amount } of releases) {
    total += amount;
    if (total >= end) return atMs;
  }
  return null;
}

/** What must happen before more of this tranche comes, as codes. */
function missingOf(tranche: number, start: Nano, shown: ShownState, given: Nano, rules: VestingRules): string[] {
  const { view } = shown;
  if (view.members.some(({ sanctionedAtMs }) => sanctionedAtMs !== null)) return ['sanction'];
  const from = given > start ? given : start;
  const days = daysNeeded(tranche, view, rules) - daysOf(view.members, rules);
  const ceiling = ceilingOf(view, rules);
  const missing: string[] = [];
  if (days > 0) missing.push(`clean_days:${days}`);
  if (tranche > 1 && ceiling <= from) {
    missing.push(...rungsFor(from, view, rules).map((rung) => `rung:${rung}`));
    if (rules.perPaidDollar > 0n) missing.push(`paid:${formatUsd(dollarsFor(from - ceiling, rules))}`);
  }
  if (view.breakerOpen && !paysItself(view)) missing.push('breaker');
  return missing;
}

function daysNeeded(tranche: number, { members }: OperatorView, rules: VestingRules): number {
  if (tranche === 1) return members.some(({ entry }) => entry === 'full') ? 0 : 1;
  return Math.max(daysBefore(tranche, rules), ...members.map(({ answeredDays }) => answeredDays + 1));
}

function rungsFor(from: Nano, view: OperatorView, rules: VestingRules): Rung[] {
  return liftersOf(from, view, rules).map(rungOf);
}

/** What has to be spent of bought credit before the ceiling is above what it is below by `short`. */
function dollarsFor(short: Nano, { perPaidDollar }: VestingRules): Nano {
  const cents = (short * 100n) / perPaidDollar + 1n;
  return (cents * NANO_PER_USD) / 100n;
}
