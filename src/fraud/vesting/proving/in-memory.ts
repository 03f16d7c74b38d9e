/**
 * The rules of vesting over accounts in memory, without books: what the simulator and the tests of the rules drive. Money is
 * counted here as the ledger would: what was given less what was spent.
 */
import type { Nano } from '../../../base/money.ts';
import type { Linkage } from '../../linkage.ts';
import {
  DAY_MS,
  endDays,
  newAccount,
  type Proof,
  unspentOf,
  type Use,
  type VestingAccount,
  withProof,
  withTaken,
  withUse,
} from '../account.ts';
import { type BreakerState, isOpen, newBreaker, withUnpaidBurn } from '../breaker.ts';
import { aboveFirst, aboveMail, decide, type Due, type OperatorView, withDue } from '../decide.ts';
import { entryFor } from '../entry.ts';
import { type Burned, headroomOf, withBurned } from '../pace.ts';
import type { VestingRules } from '../rules.ts';

export interface InMemoryParts {
  readonly rules: VestingRules;
  readonly linkage: Pick<Linkage, 'operatorOf' | 'linksOf'>;
  readonly startMs: number;
  readonly onRelease?: (due: Due, nowMs: number) => void;
}

export interface VestingInMemory {
  /** @param facts.cohorts such as the mail domain and the network prefix; those many share by nature are left out */
  began(
    accountId: string,
    facts: { readonly disposable: boolean; readonly cohorts: readonly string[] },
    nowMs: number,
  ): void;
  proved(accountId: string, proof: Omit<Proof, 'atMs'>, nowMs: number): void;
  paid(accountId: string, amount: Nano, nowMs: number): void;
  used(accountId: string, use: Use): void;
  operatorsChanged(accounts: readonly string[], nowMs: number): void;
  sanctioned(accountId: string, isSanctioned: boolean, nowMs: number): void;
  /** Ends the days of those who used it and releases what is due; at least once a day. */
  tick(nowMs: number): void;
  /** What an account may spend of free credit in all, without regard to pace. */
  available(accountId: string): Nano;
  headroom(accountId: string, nowMs: number): Nano;
  account(accountId: string): VestingAccount | null;
  breaker(): BreakerState;
}

export function createVestingInMemory({ rules, linkage, startMs, onRelease }: InMemoryParts): VestingInMemory {
  const accounts = new Map<string, VestingAccount>();
  const active = new Set<string>();
  const tokens = new Map<string, Set<string>>();
  const cohorts = new Map<string, number>();
  const paces = new Map<string, Burned>();
  let breaker = newBreaker(startMs);

  function membersOf(accountId: string): VestingAccount[] {
    return linkage
      .operatorOf(accountId)
      .accounts.flatMap((id) => accounts.get(id) ?? [])
      .sort((a, b) => a.beganAtMs - b.beganAtMs || (a.accountId < b.accountId ? -1 : 1));
  }

  function viewOf(members: readonly VestingAccount[]): OperatorView {
    const own = new Set(members.map(({ accountId }) => accountId));
    const softly = new Set(members.flatMap(({ accountId }) => softNeighbours(accountId)).filter((id) => !own.has(id)));
    return {
      members,
      softlyGiven: [...softly].reduce((total, id) => total + above(id, aboveFirst), 0n),
      tokenGiven: (token) =>
        [...(tokens.get(token) ?? [])].reduce((total, id) => (own.has(id) ? total : total + above(id, aboveMail)), 0n),
      breakerOpen: isOpen(breaker),
    };
  }

  function above(accountId: string, of: typeof aboveFirst): Nano {
    const account = accounts.get(accountId);
    return account === undefined ? 0n : of(account, rules);
  }

  function softNeighbours(accountId: string): string[] {
    return linkage
      .linksOf(accountId)
      .filter(({ strength }) => strength === 'soft')
      .flatMap((link) => link.accounts.filter((id) => id !== accountId));
  }

  function settle(accountId: string, nowMs: number): void {
    for (const member of membersOf(accountId)) accounts.set(member.accountId, endDays(member, nowMs, rules));
    for (let releases = 0; releases < 100; releases++) {
      const due = decide(viewOf(membersOf(accountId)), accountId, rules);
      if (due === null) return;
      const to = accounts.get(due.to);
      if (to === undefined) return;
      accounts.set(due.to, withDue(to, due));
      onRelease?.(due, nowMs);
    }
  }

  function takeBack(account: VestingAccount): void {
    accounts.set(account.accountId, withTaken(account, unspentOf(account)));
  }

  function change(accountId: string, nowMs: number, how: (account: VestingAccount) => VestingAccount): void {
    const account = accounts.get(accountId);
    if (account === undefined) return;
    accounts.set(accountId, how(account));
    settle(accountId, nowMs);
  }

  return {
    began(accountId, facts, nowMs) {
      if (accounts.has(accountId)) return;
      const keys = facts.cohorts.map((cohort) => `${Math.floor(nowMs / DAY_MS)} ${cohort}`);
      const cohortEntries = keys.map((key) => cohorts.get(key) ?? 0);
      for (const key of keys) cohorts.set(key, (cohorts.get(key) ?? 0) + 1);
      const softlyLinked = softNeighbours(accountId).some((id) => accounts.has(id));
      const entry = entryFor({ disposable: facts.disposable, softlyLinked, cohortEntries }, rules);
      const principalId = membersOf(accountId)[0]?.accountId ?? accountId;
      accounts.set(accountId, { ...newAccount(accountId, nowMs, entry), principalId });
      settle(accountId, nowMs);
    },
    proved(accountId, proof, nowMs) {
      if (proof.token !== null && accounts.has(accountId)) {
        tokens.set(proof.token, (tokens.get(proof.token) ?? new Set()).add(accountId));
      }
      change(accountId, nowMs, (account) => withProof(account, { ...proof, atMs: nowMs }));
    },
    paid(accountId, amount, nowMs) {
      change(accountId, nowMs, (account) => ({ ...account, paid: account.paid + amount }));
    },
    used(accountId, use) {
      const account = accounts.get(accountId);
      if (account === undefined) return;
      accounts.set(accountId, withUse(account, use, rules));
      active.add(accountId);
      if (use.free <= 0n) return;
      paces.set(accountId, withBurned(paces.get(accountId) ?? null, use.atMs, use.free, rules.pace));
      breaker = withUnpaidBurn(breaker, use.atMs, account.paid > 0n ? 0n : use.free, rules.breaker);
    },
    operatorsChanged(changed, nowMs) {
      for (const accountId of changed) {
        const account = accounts.get(accountId);
        const principalId = membersOf(accountId)[0]?.accountId;
        if (account === undefined || principalId === undefined || principalId === account.principalId) continue;
        if (account.principalId === accountId) takeBack(account);
        accounts.set(accountId, { ...(accounts.get(accountId) ?? account), principalId });
      }
      for (const accountId of changed) settle(accountId, nowMs);
    },
    sanctioned(accountId, isSanctioned, nowMs) {
      const account = accounts.get(accountId);
      if (account === undefined) return;
      if (isSanctioned) takeBack(account);
      change(accountId, nowMs, (one) => ({ ...one, sanctionedAtMs: isSanctioned ? nowMs : null }));
    },
    tick(nowMs) {
      breaker = withUnpaidBurn(breaker, nowMs, 0n, rules.breaker);
      for (const accountId of active) settle(accountId, nowMs);
      for (const accountId of active) if ((accounts.get(accountId)?.today ?? null) === null) active.delete(accountId);
    },
    available: (accountId) => {
      const account = accounts.get(accountId);
      return account === undefined ? 0n : unspentOf(account);
    },
    headroom: (accountId, nowMs) => headroomOf(paces.get(accountId) ?? null, nowMs, rules.pace),
    account: (accountId) => accounts.get(accountId) ?? null,
    breaker: () => breaker,
  };
}
