import { expect, test } from 'bun:test';
import { auditPayments } from '../../src/ledger/index.ts';
import { createFindings } from '../../src/storage/sql/findings.ts';
import { openMoney, usd } from '../world/money.ts';

test.each([
  "update ledger_payment set state = 'pending'",
  'update ledger_payment set credit = credit + 1, amount = amount + 1',
  "update ledger_refund set state = 'failed'",
  'update ledger_refund set credit = credit + 1',
  'update ledger_reversal set drained = drained - 1',
  'update ledger_reversal set credit = credit + 1',
  'update ledger_code set used = 0',
  'delete from ledger_code_use',
  "update ledger_payment set account_id = 'acct_operator'",
  'update ledger_payment set tax = tax + 1, amount = amount + 1',
  'update ledger_payment set refunded = refunded + 1',
  'update ledger_payment set refunded_tax = refunded_tax - 1',
  "update ledger_payment set grant_id = 'grant_of_another'",
  'delete from ledger_refund',
  'delete from ledger_reversal',
])('an audit finds: %s', async (planted) => {
  const world = await openMoney({ taxBp: 1000 });
  try {
    const account = await world.account();
    const { code, text } = await world.payments.codes.create({
      credit: usd(5),
      usesMax: 2,
      perAccountMax: 2,
      models: null,
      grantMs: null,
      expiresAtMs: null,
    });
    expect(code.used).toBe(0);
    await world.payments.codes.redeem(account, text);
    const recorded = await world.payments.record({ accountId: account, credit: usd(20), tax: null, reference: 'w' });
    if (!recorded.ok) throw new Error(recorded.refusal.message);
    const paymentId = recorded.value.payment.id;
    await world.payments.refund({ paymentId, credit: usd(3), reason: 'x', key: null, reference: null });
    const dispute = { disputeRef: 'dp_1', ref: 'w', amount: usd(11), currency: 'usd' };
    await world.payments.apply('manual', { kind: 'disputed', eventId: 'e', ...dispute });
    const audit = async () => {
      const findings = createFindings();
      const checked = await auditPayments(world.storage.reader, findings);
      return { ...checked, broken: findings.list().map((one) => one.promise) };
    };
    expect(await audit()).toEqual({ payments: 1, broken: [] });
    await world.storage.writer.write([{ sql: planted, parameters: [] }]);
    expect((await audit()).broken).toContain('P3');
  } finally {
    await world.close();
  }
});
