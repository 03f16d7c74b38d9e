/**
 * What an operator is due next. One function of what is known, so that it can be tried over any history: the service, the
 * property tests and the simulator all ask it.
 */
import { NANO_PER_CENT, NANO_PER_USD, type Nano, smaller, sum } from '../../base/money.ts';
import type { ProofKind } from '../../config/vesting.ts';
import { type Proof, rungOf, type VestingAccount } from './account.ts';
import type { VestingRules } from './rules.ts';

/** The accounts of one operator, and what others have to do with them. */
export interface OperatorView {
  /** Oldest first; the first is the principal, whose envelope all of them draw on. */
  readonly members: readonly VestingAccount[];
  /** Given to further accounts of the operator that are not among `members`, because there are so many. */
  readonly givenElsewhere: Nano;
  /** One of them has a plan that is paid for. */
  readonly onPaidPlan: boolean;
  /** Given above the first tranche to accounts that are linked softly to one of them; asked only when a part is due. */
  readonly softlyGiven: () => Nano;
  /** Given above the ceiling of mail to others that show the same phone, card or domain. */
  readonly tokenGiven: (token: string) => Nano;
  readonly breakerOpen: boolean;
}

/** A release. Asking again once it was booked gives the next one, or none. */
export interface Due {
  readonly to: string;
  readonly amount: Nano;
  /** Number of the tranche it begins in, from 1. */
  readonly tranche: number;
  readonly why: 'restored' | 'entry' | 'joined' | 'lifted' | 'clean_day';
  /** Days that are answered by it; kept with the account. */
  readonly answeredDays: number;
}

/**
 * @param actor the account whose use or proof is the reason to ask; what is due goes to it, else to whoever was seen last
 */
export function decide(view: OperatorView, actor: string | null, rules: VestingRules): Due | null {
  const alive = view.members.filter(({ sanctionedAtMs }) => sanctionedAtMs === null);
  const to = alive.find(({ accountId }) => accountId === actor) ?? lastSeen(alive);
  // While one of them is sanctioned, the others are given nothing more.
  if (to === null || alive.length < view.members.length) return null;
  const given = givenTo(view);
  const left = sum(rules.tranches) - given;
  if (left <= 0n) return null;
  const release = (amount: Nano, why: Due['why'], answeredDays = to.answeredDays): Due | null => {
    const most = smaller(amount, left);
    return most > 0n ? { to: to.accountId, amount: most, tranche: trancheAt(given, rules), why, answeredDays } : null;
  };
  return (
    release(restored(view, to), 'restored') ??
    release(entryOf(view, to, given, rules), given === 0n ? 'entry' : 'joined') ??
    release(lifted(view, given, rules), 'lifted') ??
    release(partOf(view, given, rules), 'clean_day', daysOf(view.members, rules))
  );
}

/** What was taken back from an account that stands on its own again. */
function restored({ members }: OperatorView, to: VestingAccount): Nano {
  return members[0]?.accountId === to.accountId ? to.taken : 0n;
}

/** Enough to begin with: the first tranche for the first of an operator, a little of what they share for the next. */
function entryOf(view: OperatorView, to: VestingAccount, given: Nano, rules: VestingRules): Nano {
  if (given === 0n && to.entry === 'full' && !view.breakerOpen) return firstTranche(rules);
  return smaller(rules.entry, firstTranche(rules)) - to.given;
}

/** The rest of a first tranche that was cut. */
function lifted(view: OperatorView, given: Nano, rules: VestingRules): Nano {
  if (view.breakerOpen) return 0n;
  const isSure = view.members.some(({ entry }) => entry === 'full') || daysOf(view.members, rules) > 0;
  return isSure ? firstTranche(rules) - given : 0n;
}

/** One part for each clean day, smaller the more was burned without paying. */
function partOf(view: OperatorView, given: Nano, rules: VestingRules): Nano {
  const pays = paysItself(view);
  if (given < firstTranche(rules) || (view.breakerOpen && !pays)) return 0n;
  const days = daysOf(view.members, rules);
  const answered = Math.max(0, ...view.members.map((one) => one.answeredDays));
  if (days <= answered || days < daysNeeded(given, rules)) return 0n;
  const room = ceilingOf(view, rules) - given;
  const part = smaller(partSize(view, rules), room);
  return part < NANO_PER_CENT ? 0n : part - (part % NANO_PER_CENT);
}

function partSize(view: OperatorView, { part, halving }: VestingRules): Nano {
  if (halving === null || halving === 0n || paysItself(view)) return part;
  const burned = sum(view.members.map((one) => one.burned));
  return BigInt(Math.floor(Number(part) * 0.5 ** (Number(burned) / Number(halving))));
}

export function paysItself({ members, onPaidPlan }: OperatorView): boolean {
  return onPaidPlan || members.some(({ paid }) => paid > 0n);
}

/** Most that an operator is given in all, by the best that was shown, what was paid, and who shares it. */
export function ceilingOf(view: OperatorView, rules: VestingRules): Nano {
  if (view.onPaidPlan) return sum(rules.tranches);
  let best = rules.ceilings.mail;
  for (const proof of proofsOf(view.members)) {
    const ceiling = ceilingWith(proof, view, rules);
    if (ceiling > best) best = ceiling;
  }
  const paid = sum(view.members.map((one) => one.paid));
  const lift = paid > 0n ? (paid * rules.perPaidDollar) / NANO_PER_USD : 0n;
  return smaller(best - view.softlyGiven() + lift, sum(rules.tranches));
}

function ceilingWith({ kind, token }: Proof, view: OperatorView, rules: VestingRules): Nano {
  const shared = rules.shared[kind];
  if (shared === undefined || token === null) return rules.ceilings[kind];
  return smaller(rules.ceilings[kind], rules.ceilings.mail + shared - view.tokenGiven(token));
}

/** Clean days of whoever has most, and what showing something counts for. */
export function daysOf(members: readonly VestingAccount[], rules: VestingRules): number {
  const clean = Math.max(0, ...members.map(({ cleanDays }) => cleanDays));
  const shown = Math.max(0, ...proofsOf(members).map(({ kind }) => rules.proofDays[kind] ?? 0));
  return clean + shown;
}

export function proofsOf(members: readonly VestingAccount[]): readonly Proof[] {
  return members.flatMap(({ proofs }) => proofs);
}

export function givenTo({ members, givenElsewhere }: OperatorView): Nano {
  return givenElsewhere + sum(members.map((one) => one.given));
}

/** After a release was booked. */
export function withDue(account: VestingAccount, { amount, why, answeredDays }: Due): VestingAccount {
  const taken = why === 'restored' ? account.taken - smaller(account.taken, amount) : account.taken;
  return { ...account, given: account.given + amount, taken, answeredDays };
}

/** What lies in the envelope of the principal: all that was promised to the operator and not given to any of them. */
export function promisedTo(view: OperatorView, rules: VestingRules): Nano {
  if (view.members.every(({ sanctionedAtMs }) => sanctionedAtMs !== null)) return 0n;
  const left = sum(rules.tranches) - givenTo(view);
  return left > 0n ? left : 0n;
}

/** What two accounts that are linked softly share. */
export function aboveFirst(account: VestingAccount, rules: VestingRules): Nano {
  const above = account.given - firstTranche(rules);
  return above > 0n ? above : 0n;
}

/** What counts against a phone, a card or a domain that others show too. */
export function aboveMail(account: VestingAccount, rules: VestingRules): Nano {
  const above = account.given - rules.ceilings.mail;
  return above > 0n ? above : 0n;
}

function lastSeen(members: readonly VestingAccount[]): VestingAccount | null {
  return members.reduce<VestingAccount | null>(
    (last, one) => (last === null || one.seenAtMs > last.seenAtMs ? one : last),
    null,
  );
}

function firstTranche({ tranches }: VestingRules): Nano {
  return tranches[0] ?? 0n;
}

/** Clean days the tranche begins after in which the next dollar lies. */
function daysNeeded(given: Nano, rules: VestingRules): number {
  return daysBefore(trancheAt(given, rules), rules);
}

/** @param tranche from 1 */
export function daysBefore(tranche: number, { cleanDays }: VestingRules): number {
  return cleanDays[Math.min(tranche, cleanDays.length) - 1] ?? 0;
}

/** Number of the tranche in which the next dollar lies, from 1. */
function trancheAt(given: Nano, { tranches }: VestingRules): number {
  let end = 0n;
  for (const [at, tranche] of tranches.entries()) {
    end += tranche;
    if (given < end) return at + 1;
  }
  return tranches.length;
}

/** What would lift the ceiling above `given`, the cheapest first. */
export function liftersOf(given: Nano, view: OperatorView, rules: VestingRules): readonly ProofKind[] {
  const shown = new Set(proofsOf(view.members).map(({ kind }) => kind));
  return (Object.keys(rules.ceilings) as ProofKind[])
    .filter((kind) => !shown.has(kind) && rules.ceilings[kind] - view.softlyGiven() > given)
    .filter((kind, at, all) => all.findIndex((other) => rungOf(other) === rungOf(kind)) === at);
}
