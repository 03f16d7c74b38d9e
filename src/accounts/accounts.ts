import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import { ok, refuse, type Result } from '../base/result.ts';
import { firstProblem } from '../http/body.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { Account } from './account.ts';
import { ACCOUNTS_MAX, type AccountKind, createAccountBody, OPERATOR_ACCOUNT_ID } from './contract.ts';
import { insertAccount, insertOperator, readAccounts, setName } from './store.ts';

export interface AccountsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** `ACCOUNTS_MAX` when left out. */
  readonly accountsMax?: number;
}

export interface AccountRefusal {
  readonly reason: 'invalid_field' | 'too_many_accounts' | 'refused_alongside';
  readonly message: string;
  /** Of `refused_alongside`: which statement it was, from 0. */
  readonly statement?: number;
}

/** Every account, in memory. */
export interface Accounts {
  /**
   * Checks the input and makes an account, durable once this resolves. What is written `alongside` is one unit with it:
   * where one of its statements says no, no account is made.
   */
  create(
    input: { readonly name: string; readonly kind?: AccountKind },
    alongside?: (account: Account) => readonly WriteStatement[],
  ): Promise<Result<Account, AccountRefusal>>;
  /** Gives an account that there is another name, durable once this resolves. `name` is one that `create` would take. */
  rename(id: string, name: string): Promise<Account>;
  /** Null when there is none. */
  get(id: string): Account | null;
  /**
   * Up to `limit` accounts in the order of their ids, which is that of their making, after the one named; with `search`
   * those whose id or name begins with it, in any case.
   */
  list(page: {
    readonly after: string | null;
    readonly limit: number;
    readonly search?: string | null;
  }): readonly Account[];
  count(): number;
}

/** Loads every account into memory and makes the operator's if it is not there. */
export async function createAccounts(deps: AccountsDeps): Promise<Accounts> {
  const { storage, clock, mintId } = deps;
  const accountsMax = deps.accountsMax ?? ACCOUNTS_MAX;
  const made = await storage.writer.write([insertOperator(clock.wallMs())]);
  assert(made.ok, 'the operator account can be made');
  const stored = await readAccounts(storage.reader);
  const held = new Map(stored.map((one) => [one.id, one]));
  const ordered = operatorFirst(stored);
  /** Accounts whose row is on its way to the disk. */
  let coming = 0;

  async function create(
    input: { name: string; kind?: AccountKind },
    alongside: (account: Account) => readonly WriteStatement[] = () => [],
  ): Promise<Result<Account, AccountRefusal>> {
    const checked = createAccountBody.safeParse(input);
    if (!checked.success) return refuse({ reason: 'invalid_field', message: firstProblem(checked.error) });
    if (held.size + coming >= accountsMax) {
      const message = `there are ${accountsMax} accounts already, which is the most there may be`;
      return refuse({ reason: 'too_many_accounts', message });
    }
    coming++;
    try {
      const account: Account = { ...checked.data, id: mintId('acct'), createdAtMs: clock.wallMs() };
      const written = await storage.writer.write([insertAccount(account), ...alongside(account)]);
      if (!written.ok) {
        const statement = written.refusal.statement - 1;
        assert(statement >= 0, 'an account with a new id can be made');
        return refuse({ reason: 'refused_alongside', message: 'what belongs to it was refused', statement });
      }
      held.set(account.id, account);
      insert(ordered, account);
      return ok(account);
    } finally {
      coming--;
    }
  }

  async function rename(id: string, name: string): Promise<Account> {
    const written = await storage.writer.write([setName(id, name)]);
    const before = held.get(id);
    assert(written.ok && before !== undefined, 'an account that is renamed is there');
    const account = { ...before, name };
    held.set(id, account);
    ordered.splice(firstAfter(ordered, id) - 1, 1, account);
    return account;
  }

  return {
    create,
    rename,
    get: (id) => held.get(id) ?? null,
    list({ after, limit, search = null }) {
      const start = after === null ? 0 : firstAfter(ordered, after);
      if (search === null || search === '') return ordered.slice(start, start + limit);
      return firstThat(ordered, start, limit, beginningWith(search.toLowerCase()));
    },
    count: () => held.size,
  };
}

function beginningWith(start: string): (account: Account) => boolean {
  return ({ id, name }) => id.toLowerCase().startsWith(start) || name.toLowerCase().startsWith(start);
}

/** Stops at `limit`, so that a page costs what stands before its end. */
function firstThat(
  accounts: readonly Account[],
  start: number,
  limit: number,
  fits: (account: Account) => boolean,
): Account[] {
  const found: Account[] = [];
  for (let at = start; at < accounts.length && found.length < limit; at++) {
    const account = accounts[at];
    if (account !== undefined && fits(account)) found.push(account);
  }
  return found;
}

/** The place of the first account after this id, by halves. */
function firstAfter(accounts: readonly Account[], id: string): number {
  let low = 0;
  let high = accounts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesAfter(accounts[middle]?.id ?? '', id)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Almost always at the end: ids grow with time, as long as the clock does. */
function insert(accounts: Account[], account: Account): void {
  accounts.splice(firstAfter(accounts, account.id), 0, account);
}

/** The operator's account comes first, although its id sorts last. */
function operatorFirst(accounts: readonly Account[]): Account[] {
  const others = accounts.filter(({ id }) => id !== OPERATOR_ACCOUNT_ID);
  return [...accounts.filter(({ id }) => id === OPERATOR_ACCOUNT_ID), ...others];
}

function comesAfter(id: string, other: string): boolean {
  if (id === other || id === OPERATOR_ACCOUNT_ID) return false;
  return other === OPERATOR_ACCOUNT_ID || id > other;
}
