import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type CreditWorld, MESSAGES, nano, type Payer, startCreditWorld } from '../../test/credit/credit-world.ts';
import { auditDatabase } from './audit.ts';

let credit: CreditWorld;
let payer: Payer;
let id: string;
beforeAll(async () => {
  credit = await startCreditWorld();
  await credit.price('m', { input: '1', output: '2' });
  payer = await credit.payer('1');
  const answer = await payer.ask('/v1/chat/completions', { model: 'm', messages: MESSAGES });
  id = answer.headers.get('x-request-id') ?? '';
  await answer.text();
});
afterAll(() => credit.close());

const BREAKS: readonly (readonly [rule: string, sql: string, mend: string])[] = [
  [
    'a request was charged what was posted and written off for it',
    'update usage_event set price_nano = price_nano + 1 where id = ?',
    'update usage_event set price_nano = price_nano - 1 where id = ?',
  ],
  [
    'what was written off for a request stands in its record',
    'update usage_event set written_off_nano = 1 where id = ?',
    'update usage_event set written_off_nano = 0 where id = ?',
  ],
  [
    'what a request cost us stands in its record',
    'update usage_event set cost_nano = 5 where id = ?',
    'update usage_event set cost_nano = null where id = ?',
  ],
  [
    'usage by the price it names is what a request was charged',
    'update usage_event set output_tokens = output_tokens + 1 where id = ?',
    'update usage_event set output_tokens = output_tokens - 1 where id = ?',
  ],
  [
    'the price a request was charged by is in the price book',
    "update usage_event set price_id = price_id || 'x' where id = ?",
    'update usage_event set price_id = substr(price_id, 1, length(price_id) - 1) where id = ?',
  ],
  [
    'what was booked for a request is booked to the account that asked',
    "update usage_event set account_id = account_id || 'x' where id = ?",
    'update usage_event set account_id = substr(account_id, 1, length(account_id) - 1) where id = ?',
  ],
  [
    'what was booked for a request has its record, or the request is open',
    "update ledger_transfer set subject = 'req_none' where id = ? || ':post:0'",
    "update ledger_transfer set subject = substr(id, 1, length(id) - 7) where id = ? || ':post:0'",
  ],
];

async function write(sql: string, parameters: readonly unknown[]): Promise<void> {
  const written = await credit.world.app.storage.writer.write([{ sql, parameters, expectRows: 1 }]);
  expect(written.ok).toBe(true);
}

test.each(BREAKS)('the audit sees when it does not hold that %s', async (rule, sql, mend) => {
  const audit = async () => (await auditDatabase(credit.world.dataDir)).findings.map((finding) => finding.rule);
  expect(await audit()).toEqual([]);
  await write(sql, [id]);
  expect(await audit()).toContain(rule);
  await write(mend, [id]);
  expect(await audit()).toEqual([]);
});

test('the audit sees a hold whose request is not open', async () => {
  const hold =
    'insert into ledger_hold (id, account_id, model, product, held, epoch, expires_at_ms) values (?, ?, ?, ?, ?, ?, ?)';
  const never = Date.now() + 1e9;
  await write(hold, ['req_lost', payer.accountId, 'm', 'api', 1, 'boot_1', never]);
  const { findings } = await auditDatabase(credit.world.dataDir);
  expect(findings.map((finding) => finding.rule)).toContain('each open hold belongs to an open request');
  await write("delete from ledger_hold where id = 'req_lost' and 1 = ?", [1]);
  expect((await payer.balance()).held).toBe(0n);
  expect((await payer.balance()).balance < nano('1')).toBe(true);
});
