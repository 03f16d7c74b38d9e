import { expect, test } from 'bun:test';
import { createFindings } from '../../storage/sql/findings.ts';
import { ledgerBooks } from '../books/migrations/2026-11-22-ledger-books.ts';
import { auditBudgets } from './audit.ts';
import { openBooks } from './proving/books.ts';

const BUDGET = { accountId: 'acct_a', subject: 'account', subjectId: 'acct_a', period: 'day' } as const;

test.each<[string, 'P1' | 'P3']>([
  ['update ledger_budget_window set used = 5', 'P3'],
  ['update ledger_budget set limit_nano = 99', 'P3'],
  ['delete from ledger_budget_version where version = 2', 'P3'],
  ['delete from ledger_hold', 'P1'],
  ['update ledger_budget_take set amount = 11', 'P3'],
])('an audit finds: %s', async (planted, promise) => {
  const books = await openBooks([ledgerBooks]);
  try {
    const audit = async () => {
      const findings = createFindings();
      const checked = await auditBudgets(books.parts.storage.reader, findings);
      return { ...checked, broken: findings.list().map((one) => one.promise) };
    };
    for (const limit of [100n, 50n]) {
      await books.budgets.set({ ...BUDGET, limit, action: 'stop', alertAt: [] });
    }
    const order = { requestId: 'req_1', accountId: 'acct_a', keyId: 'k', app: null, member: null, amount: 10n };
    const taken = books.budgets.take(order);
    if (!taken.ok) throw new Error('refused');
    const hold = `insert into ledger_hold (id, account_id, model, product, held, epoch, expires_at_ms) values ('req_1', 'acct_a', 'm', 'api', 10, 'e', 0)`;
    const written = await books.write([...taken.value.open.statements, { sql: hold, parameters: [], expectRows: 1 }]);
    taken.value.open.kept(written.ok);
    expect(await audit()).toEqual({ budgets: 1, broken: [] });
    await books.write([{ sql: planted, parameters: [], expectRows: 1 }]);
    expect(await audit()).toEqual({ budgets: 1, broken: [promise] });
  } finally {
    await books.close();
  }
});
