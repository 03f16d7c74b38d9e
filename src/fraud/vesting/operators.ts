import type { Nano } from '../../base/money.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Linkage } from '../linkage.ts';
import { endDays } from './account.ts';
import { aboveFirst, type OperatorView, proofsOf } from './decide.ts';
import type { VestingRules } from './rules.ts';
import { softNeighbours } from './soft.ts';
import { readAccounts, readGivenAbove, readGivenBy, type StoredAccount } from './store.ts';

/** Accounts of one operator that are looked at one by one; of more, only what they were given counts. */
const MEMBERS_MAX = 200;
/** Soft links of one operator that are followed. */
const SOFT_MAX = 500;

export interface OperatorsDeps {
  readonly reader: Reader;
  readonly linkage: Pick<Linkage, 'operatorOf' | 'linksOf'>;
  readonly rules: VestingRules;
  /** Whether an account has a plan that is paid for; from memory. */
  readonly onPaidPlan: (accountId: string) => boolean;
}

export interface LoadedOperator {
  /** As they are stored, oldest first. */
  readonly stored: readonly StoredAccount[];
  /** With the days that are over closed. */
  readonly view: OperatorView;
}

/** What is known of an operator but of those it shares with; null when none of its accounts began. */
export async function loadOperator(
  accountId: string,
  nowMs: number,
  breakerOpen: boolean,
  deps: OperatorsDeps,
): Promise<LoadedOperator | null> {
  const { reader, rules } = deps;
  const { accounts } = deps.linkage.operatorOf(accountId);
  const chosen = accounts.length <= MEMBERS_MAX ? accounts : [...accounts.slice(0, MEMBERS_MAX), accountId];
  const stored = (await readAccounts(reader, [...new Set(chosen)])).sort(byAge);
  const [principal] = stored;
  if (principal === undefined) return null;
  const members = stored.map((one) => endDays(one, nowMs, rules));
  const view: OperatorView = {
    members,
    givenElsewhere: await givenElsewhere(principal, stored, accounts.length, reader),
    onPaidPlan: stored.some((one) => deps.onPaidPlan(one.accountId)),
    softlyGiven: () => 0n,
    tokenGiven: () => 0n,
    breakerOpen,
  };
  return { stored, view };
}

/** With what others were given that share a link, a phone, a card or a domain with it. */
export async function withOthers(
  accountId: string,
  { stored, view }: LoadedOperator,
  deps: OperatorsDeps,
): Promise<LoadedOperator> {
  const { accounts } = deps.linkage.operatorOf(accountId);
  const tokens = new Set(proofsOf(view.members).flatMap(({ token }) => token ?? []));
  const above = new Map<string, Nano>();
  for (const token of tokens) {
    above.set(token, await readGivenAbove(deps.reader, token, deps.rules.ceilings.mail, accounts));
  }
  const softly = await softlyGiven(stored, accounts, deps);
  return { stored, view: { ...view, softlyGiven: () => softly, tokenGiven: (token) => above.get(token) ?? 0n } };
}

async function softlyGiven(
  stored: readonly StoredAccount[],
  accounts: readonly string[],
  { reader, linkage, rules }: OperatorsDeps,
): Promise<Nano> {
  const own = new Set(accounts);
  const softly = new Set(stored.flatMap(({ accountId }) => softNeighbours(accountId, linkage)));
  const others = [...softly].filter((id) => !own.has(id)).slice(0, SOFT_MAX);
  const found = await readAccounts(reader, others);
  return found.reduce((total, one) => total + aboveFirst(one, rules), 0n);
}

async function givenElsewhere(
  principal: StoredAccount,
  stored: readonly StoredAccount[],
  accounts: number,
  reader: Reader,
): Promise<Nano> {
  if (accounts <= MEMBERS_MAX) return 0n;
  const all = await readGivenBy(reader, principal.accountId);
  const seen = stored
    .filter(({ principalId }) => principalId === principal.accountId)
    .reduce((total, one) => total + one.given, 0n);
  return all > seen ? all - seen : 0n;
}

function byAge(a: StoredAccount, b: StoredAccount): number {
  return a.beganAtMs - b.beganAtMs || (a.accountId < b.accountId ? -1 : 1);
}
