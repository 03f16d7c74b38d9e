import { expect, test } from 'bun:test';
import type { Columns } from '../../storage/columns/columns.ts';
import { createCohorts } from './cohorts.ts';

const TERMS = { billing: 'prepaid', plan: 'free', marginBp: 0, limits: {} } as const;

test('accounts are counted by a group only once it is known of most of them', async () => {
  const ids = Array.from({ length: 10 }, (_, nth) => `acct_${nth}`);
  const columns: Pick<Columns, 'read'> = { read: async () => ids.map((account_id) => ({ account_id })) };
  const cohorts = createCohorts({ terms: { termsOf: () => TERMS }, egressOf: () => null, columns, wallMs: () => 0 });
  const kinds = async () =>
    (await cohorts.activeBy(28)).map(({ kind, value, accounts }) => `${kind} ${value} ${accounts}`);

  for (const id of ids.slice(0, 7)) cohorts.wrote(id, 'en');
  expect(await kinds()).toEqual(['all  10', 'plan free 10']);
  cohorts.wrote('acct_7', 'zh');
  expect((await kinds()).sort()).toEqual(['all  10', 'language en 7', 'language zh 1', 'plan free 10']);
});
