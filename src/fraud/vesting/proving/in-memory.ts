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
  /** It spent this much of credit it bought. */
  paid(accountId: string, amount: Nano, nowMs: number): void;
  used(accountId: string, use: Omit<Use, 'paid'>): void;
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

/** Accounts, what they show and who is softly linked to whom, as the rules see them. */
class Known {
  readonly accounts = new Map<string, VestingAccount>();
  readonly tokens = new Map<string, Set<string>>();
  breaker: BreakerState;
  readonly #parts: InMemoryParts;

  constructor(parts: InMemoryParts) {
    this.#parts = parts;
    this.breaker = newBreaker(parts.startMs);
  }

  membersOf(accountId: string): VestingAccount[] {
    return this.#parts.linkage
      .operatorOf(accountId)
      .accounts.flatMap((id) => this.accounts.get(id) ?? [])
      .sort((a, b) => a.beganAtMs - b.beganAtMs || (a.accountId < b.accountId ? -1 : 1));
  }

  softNeighbours(accountId: string): string[] {
    return this.#parts.linkage
      .linksOf(accountId)
      .filter(({ strength }) => strength === 'soft')
      .flatMap((link) => link.accounts.filter((id) => id !== accountId));
  }

  /** Gives what is due, one release after the other. */
  settle(accountId: string, nowMs: number): void {
    const { rules, onRelease } = this.#parts;
    for (const member of this.membersOf(accountId)) {
      this.accounts.set(member.accountId, endDays(member, nowMs, rules));
    }
    for (let releases = 0; releases < 100; releases++) {
      const due = decide(this.#viewOf(this.membersOf(accountId)), accountId, rules);
      const to = due === null ? undefined : this.accounts.get(due.to);
      if (due === null || to === undefined) return;
      this.accounts.set(due.to, withDue(to, due));
      onRelease?.(due, nowMs);
    }
  }

  #viewOf(members: readonly VestingAccount[]): OperatorView {
    const own = new Set(members.map(({ accountId }) => accountId));
    const soft = new Set(members.flatMap(({ accountId }) => this.softNeighbours(accountId)));
    const othersAbove = (ids: Iterable<string>, of: typeof aboveFirst) =>
      [...ids].reduce((total, id) => (own.has(id) ? total : total + this.#above(id, of)), 0n);
    return {
      members,
      givenElsewhere: 0n,
      onPaidPlan: false,
      softlyGiven: othersAbove(soft, aboveFirst),
      tokenGiven: (token) => othersAbove(this.tokens.get(token) ?? [], aboveMail),
      breakerOpen: isOpen(this.breaker),
    };
  }

  #above(accountId: string, of: typeof aboveFirst): Nano {
    const account = this.accounts.get(accountId);
    return account === undefined ? 0n : of(account, this.#parts.rules);
  }

  takeBack(account: VestingAccount): void {
    this.accounts.set(account.accountId, withTaken(account, unspentOf(account)));
  }
}

export function createVestingInMemory(parts: InMemoryParts): VestingInMemory {
  const { rules } = parts;
  const known = new Known(parts);
  const { accounts, tokens } = known;
  const active = new Set<string>();
  const paces = new Map<string, Burned>();

  function change(accountId: string, nowMs: number, how: (account: VestingAccount) => VestingAccount): void {
    const account = accounts.get(accountId);
    if (account === undefined) return;
    accounts.set(accountId, how(account));
    known.settle(accountId, nowMs);
  }

  return {
    began: createBegin(known, rules),
    proved(accountId, proof, nowMs) {
      if (proof.token !== null && accounts.has(accountId)) {
        tokens.set(proof.token, (tokens.get(proof.token) ?? new Set()).add(accountId));
      }
      change(accountId, nowMs, (account) => withProof(account, { ...proof, atMs: nowMs }));
    },
    paid: (accountId, amount, nowMs) =>
      change(accountId, nowMs, (account) => ({ ...account, paid: account.paid + amount })),
    used(accountId, use) {
      const account = accounts.get(accountId);
      if (account === undefined) return;
      accounts.set(accountId, withUse(account, { ...use, paid: 0n }, rules));
      active.add(accountId);
      if (use.free <= 0n) return;
      paces.set(accountId, withBurned(paces.get(accountId) ?? null, use.atMs, use.free, rules.pace));
      known.breaker = withUnpaidBurn(known.breaker, use.atMs, account.paid > 0n ? 0n : use.free, rules.breaker);
    },
    operatorsChanged: createFollow(known),
    sanctioned(accountId, isSanctioned, nowMs) {
      const account = accounts.get(accountId);
      if (account === undefined) return;
      if (isSanctioned) known.takeBack(account);
      change(accountId, nowMs, (one) => ({ ...one, sanctionedAtMs: isSanctioned ? nowMs : null }));
    },
    tick(nowMs) {
      known.breaker = withUnpaidBurn(known.breaker, nowMs, 0n, rules.breaker);
      for (const accountId of active) known.settle(accountId, nowMs);
      for (const accountId of active) if ((accounts.get(accountId)?.today ?? null) === null) active.delete(accountId);
    },
    available: (accountId) => {
      const account = accounts.get(accountId);
      return account === undefined ? 0n : unspentOf(account);
    },
    headroom: (accountId, nowMs) => headroomOf(paces.get(accountId) ?? null, nowMs, rules.pace),
    account: (accountId) => accounts.get(accountId) ?? null,
    breaker: () => known.breaker,
  };
}

function createBegin(known: Known, rules: VestingRules): VestingInMemory['began'] {
  const cohorts = new Map<string, number>();
  return function began(accountId, facts, nowMs) {
    if (known.accounts.has(accountId)) return;
    const keys = facts.cohorts.map((cohort) => `${Math.floor(nowMs / DAY_MS)} ${cohort}`);
    const cohortEntries = keys.map((key) => cohorts.get(key) ?? 0);
    for (const key of keys) cohorts.set(key, (cohorts.get(key) ?? 0) + 1);
    const softlyLinked = known.softNeighbours(accountId).some((id) => known.accounts.has(id));
    const entry = entryFor({ disposable: facts.disposable, softlyLinked, cohortEntries }, rules);
    const principalId = known.membersOf(accountId)[0]?.accountId ?? accountId;
    known.accounts.set(accountId, { ...newAccount(accountId, nowMs, entry), principalId });
    known.settle(accountId, nowMs);
  };
}

function createFollow(known: Known): VestingInMemory['operatorsChanged'] {
  const { accounts } = known;
  return function operatorsChanged(changed, nowMs) {
    for (const accountId of changed) {
      const account = accounts.get(accountId);
      const principalId = known.membersOf(accountId)[0]?.accountId;
      if (account === undefined || principalId === undefined || principalId === account.principalId) continue;
      if (account.principalId === accountId) known.takeBack(account);
      accounts.set(accountId, { ...(accounts.get(accountId) ?? account), principalId });
    }
    for (const accountId of changed) known.settle(accountId, nowMs);
  };
}
