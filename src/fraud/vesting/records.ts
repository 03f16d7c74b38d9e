import { toIso } from '../../base/calendar.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { eraseTokens, readAccounts, updateAccount } from './store.ts';

/** What vesting keeps of a person, for the file they take away, and to be taken away with them. */
export function createVestingRecords({ reader, writer }: Pick<Storage, 'reader' | 'writer'>) {
  return {
    name: 'sign_up_credit',
    async export(accountId: string): Promise<unknown> {
      const [account] = await readAccounts(reader, [accountId]);
      if (account === undefined) return null;
      return {
        began_at: toIso(account.beganAtMs),
        shown: account.proofs.map(({ kind, atMs }) => ({ kind, at: toIso(atMs) })),
        clean_days: account.cleanDays,
        given_nano: String(account.given),
        burned_nano: String(account.burned),
        spent_of_bought_credit_nano: String(account.paid),
        last_use_at: toIso(account.seenAtMs),
      };
    },
    /** The digests of what was shown; what was given is part of the books. */
    async erase(accountId: string): Promise<void> {
      for (;;) {
        const [before] = await readAccounts(reader, [accountId]);
        if (before === undefined) return;
        const proofs = before.proofs.map((proof) => ({ ...proof, token: null }));
        const unit = [updateAccount(before, { ...before, proofs }), eraseTokens(accountId)];
        if ((await writer.write(unit)).ok) return;
      }
    },
  };
}
