import { assert } from '../../base/assert.ts';
import { toIso } from '../../base/calendar.ts';
import type { Nano } from '../../base/money.ts';
import { HOUSE_ACCOUNTS } from '../chart.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { TrialBalanceView } from './contract.ts';
import { readAccountSums } from './journal.ts';

/** What `each` leaves out: one line for all of a kind. */
const SUMMED = { 'grant:': 'all grants', 'envelope:': 'all envelopes' } as const;

/**
 * The balance of every account from the transfers before `atMs`, the house's accounts first and also where they are
 * empty. Grants and envelopes are summed unless `each` asks for every one of them.
 */
export async function trialBalance(reader: Reader, atMs: number, each: boolean): Promise<TrialBalanceView> {
  const lines = new Map<string, { transfers: number; balance: Nano }>();
  for (const account of Object.keys(HOUSE_ACCOUNTS)) lines.set(account, { transfers: 0, balance: 0n });
  for await (const { account, transfers, balance } of readAccountSums(reader, atMs)) {
    const name = each ? account : summedName(account);
    const line = lines.get(name) ?? { transfers: 0, balance: 0n };
    lines.set(name, { transfers: line.transfers + transfers, balance: line.balance + balance });
  }
  const sum = [...lines.values()].reduce((total, line) => total + line.balance, 0n);
  assert(sum === 0n, 'the balances of all accounts sum to zero');
  return {
    at: toIso(atMs),
    lines: [...lines].map(([account, { transfers, balance }]) => ({
      account,
      transfers,
      balance_nano: String(balance),
    })),
    sum_nano: String(sum),
  };
}

function summedName(account: string): string {
  const found = Object.entries(SUMMED).find(([prefix]) => account.startsWith(prefix));
  return found?.[1] ?? account;
}
