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
import { softNeighbours } from '../soft.ts';

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

/** Accounts of one operator that are looked at one by one, as the service does. */
const MEMBERS_MAX = 200;

/** Accounts, what they show and who is softly linked to whom, as the rules see them. */
class Known {
  readonly #accounts = new Map<string, VestingAccount>();
  /** Given to all accounts that draw on one envelope, by its principal. */
  readonly #given = new Map<string, Nano>();
  readonly tokens = new Map<string, Set<string>>();
  breaker: BreakerState;
  readonly #parts: InMemoryParts;

  constructor(parts: InMemoryParts) {
    this.#parts = parts;
    this.breaker = newBreaker(parts.startMs);
  }

  get(accountId: string): VestingAccount | null {
    return this.#accounts.get(accountId) ?? null;
  }

  set(account: VestingAccount): void {
    const before = this.#accounts.get(account.accountId);
    if (before !== undefined) this.#count(before, -1n);
    this.#count(account, 1n);
    this.#accounts.set(account.accountId, account);
  }

  #count({ principalId, given }: VestingAccount, sign: bigint): void {
    if (given > 0n) this.#given.set(principalId, (this.#given.get(principalId) ?? 0n) + sign * given);
  }

  /** The oldest of an operator, and the account itself. */
  membersOf(accountId: string): VestingAccount[] {
    const { accounts } = this.#parts.linkage.operatorOf(accountId);
    const chosen = accounts.length <= MEMBERS_MAX ? accounts : [...accounts.slice(0, MEMBERS_MAX), accountId];
    return [...new Set(chosen)]
      .flatMap((id) => this.#accounts.get(id) ?? [])
      .sort((a, b) => a.beganAtMs - b.beganAtMs || (a.accountId < b.accountId ? -1 : 1));
  }

  softNeighbours(accountId: string): string[] {
    return softNeighbours(accountId, this.#parts.linkage);
  }

  /** Gives what is due, one release after the other. */
  settle(accountId: string, nowMs: number): void {
    const { rules, onRelease } = this.#parts;
    for (const member of this.membersOf(accountId)) {
      const ended = endDays(member, nowMs, rules);
      if (ended !== member) this.set(ended);
    }
    for (let releases = 0; releases < 100; releases++) {
      const due = decide(this.#viewOf(this.membersOf(accountId)), accountId, rules);
      const to = due === null ? null : this.get(due.to);
      if (due === null || to === null) return;
      this.set(withDue(to, due));
      onRelease?.(due, nowMs);
    }
  }

  #viewOf(members: readonly VestingAccount[]): OperatorView {
    const own = new Set(members.map(({ accountId }) => accountId));
    const othersAbove = (ids: Iterable<string>, of: typeof aboveFirst) =>
      [...ids].reduce((total, id) => (own.has(id) ? total : total + this.#above(id, of)), 0n);
    return {
      members,
      givenElsewhere: this.#givenElsewhere(members),
      onPaidPlan: false,
      softlyGiven: () =>
        othersAbove(new Set(members.flatMap(({ accountId }) => this.softNeighbours(accountId))), aboveFirst),
      tokenGiven: (token) => othersAbove(this.tokens.get(token) ?? [], aboveMail),
      breakerOpen: isOpen(this.breaker),
    };
  }

  #givenElsewhere(members: readonly VestingAccount[]): Nano {
    if (members.length <= MEMBERS_MAX) return 0n;
    const principalId = members[0]?.accountId ?? '';
    const seen = members.reduce((total, one) => (one.principalId === principalId ? total + one.given : total), 0n);
    return (this.#given.get(principalId) ?? 0n) - seen;
  }

  #above(accountId: string, of: typeof aboveFirst): Nano {
    const account = this.get(accountId);
    return account === null ? 0n : of(account, this.#parts.rules);
  }

  takeBack(account: VestingAccount): void {
    this.set(withTaken(account, unspentOf(account)));
  }
}

export function createVestingInMemory(parts: InMemoryParts): VestingInMemory {
  const { rules } = parts;
  const known = new Known(parts);
  const { tokens } = known;
  const active = new Set<string>();
  const paces = new Map<string, Burned>();

  function change(accountId: string, nowMs: number, how: (account: VestingAccount) => VestingAccount): void {
    const account = known.get(accountId);
    if (account === null) return;
    known.set(how(account));
    known.settle(accountId, nowMs);
  }

  return {
    began: createBegin(known, rules),
    proved(accountId, proof, nowMs) {
      if (proof.token !== null && known.get(accountId) !== null) {
        tokens.set(proof.token, (tokens.get(proof.token) ?? new Set()).add(accountId));
      }
      change(accountId, nowMs, (account) => withProof(account, { ...proof, atMs: nowMs }));
    },
    paid: (accountId, amount, nowMs) =>
      change(accountId, nowMs, (account) => ({ ...account, paid: account.paid + amount })),
    used(accountId, use) {
      const account = known.get(accountId);
      if (account === null) return;
      known.set(withUse(account, { ...use, paid: 0n }, rules));
      active.add(accountId);
      if (use.free <= 0n) return;
      paces.set(accountId, withBurned(paces.get(accountId) ?? null, use.atMs, use.free, rules.pace));
      known.breaker = withUnpaidBurn(known.breaker, use.atMs, account.paid > 0n ? 0n : use.free, rules.breaker);
    },
    operatorsChanged: createFollow(known),
    sanctioned(accountId, isSanctioned, nowMs) {
      const account = known.get(accountId);
      if (account === null) return;
      if (isSanctioned) known.takeBack(account);
      change(accountId, nowMs, (one) => ({ ...one, sanctionedAtMs: isSanctioned ? nowMs : null }));
    },
    tick(nowMs) {
      known.breaker = withUnpaidBurn(known.breaker, nowMs, 0n, rules.breaker);
      for (const accountId of active) {
        const account = known.get(accountId);
        if (account === null) continue;
        const ended = endDays(account, nowMs, rules);
        if (ended !== account) known.set(ended);
        known.settle(accountId, nowMs);
        if (known.get(accountId)?.today === null) active.delete(accountId);
      }
    },
    available: (accountId) => {
      const account = known.get(accountId);
      return account === null ? 0n : unspentOf(account);
    },
    headroom: (accountId, nowMs) => headroomOf(paces.get(accountId) ?? null, nowMs, rules.pace),
    account: (accountId) => known.get(accountId),
    breaker: () => known.breaker,
  };
}

function createBegin(known: Known, rules: VestingRules): VestingInMemory['began'] {
  const cohorts = new Map<string, number>();
  return function began(accountId, facts, nowMs) {
    if (known.get(accountId) !== null) return;
    const keys = facts.cohorts.map((cohort) => `${Math.floor(nowMs / DAY_MS)} ${cohort}`);
    const cohortEntries = keys.map((key) => cohorts.get(key) ?? 0);
    for (const key of keys) cohorts.set(key, (cohorts.get(key) ?? 0) + 1);
    const softlyLinked = known.softNeighbours(accountId).some((id) => known.get(id) !== null);
    const entry = entryFor({ disposable: facts.disposable, softlyLinked, cohortEntries }, rules);
    const principalId = known.membersOf(accountId)[0]?.accountId ?? accountId;
    known.set({ ...newAccount(accountId, nowMs, entry), principalId });
    known.settle(accountId, nowMs);
  };
}

function createFollow(known: Known): VestingInMemory['operatorsChanged'] {
  function follow(account: VestingAccount, principalId: string): void {
    if (principalId === account.principalId) return;
    if (account.principalId === account.accountId) known.takeBack(account);
    known.set({ ...(known.get(account.accountId) ?? account), principalId });
  }

  return function operatorsChanged(changed, nowMs) {
    for (const accountId of changed) {
      const account = known.get(accountId);
      const members = known.membersOf(accountId);
      const principalId = members[0]?.accountId;
      if (account === null || principalId === undefined) continue;
      for (const one of [account, ...members]) follow(known.get(one.accountId) ?? one, principalId);
    }
    for (const accountId of changed) known.settle(accountId, nowMs);
  };
}
