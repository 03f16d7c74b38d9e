import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { createFindings } from '../../storage/sql/findings.ts';
import { openReader, openStorage, type Storage } from '../../storage/sql/storage.ts';
import { auditBooks } from './audit.ts';
import { createLedger } from './books.ts';
import { ledgerBooks } from './migrations/2026-11-22-ledger-books.ts';

const HOLD_TTL_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'candor-books-audit-'));
let running: Storage | null = null;

afterEach(async () => {
  await running?.close();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Books with one request settled, one open, one that cost more than there was, and one of the house. */
async function start() {
  const onFatal = (fault: Error) => {
    throw fault;
  };
  const clock = systemClock;
  const storage = await openStorage({
    dataDir: folder,
    migrations: [ledgerBooks],
    clock,
    random: systemRandom,
    onFatal,
  });
  running = storage;
  const ledger = createLedger({ storage, clock, holdTtlMs: HOLD_TTL_MS });
  await give('a', 100n);
  await give('b', 20n);
  for (const [at, price] of [4n, 150n, null].entries()) {
    const { signal } = new AbortController();
    const accountId = at === 1 ? 'acct_b' : 'acct_a';
    const order = { id: `req_${at}`, accountId, model: 'm', product: 'p', need: 10n, least: 10n, waitMs: 0, signal };
    const held = await ledger.hold(order);
    if (!held.ok) throw new Error(held.refusal.reason);
    for (const step of [
      held.value.open,
      price === null ? null : held.value.settle({ price, rounding: 1n, cost: 3n }),
    ]) {
      if (step) step.kept((await storage.writer.write(step.statements)).ok);
    }
  }
  await storage.writer.write(ledger.bookCost('req_house', 5n));

  function give(id: string, amount: bigint) {
    return ledger.post({
      id: `${id}:given`,
      kind: 'grant',
      accountId: `acct_${id}`,
      transfers: [{ debit: 'wash', credit: `grant:${id}`, amount }],
      grants: [
        {
          id,
          accountId: `acct_${id}`,
          kind: 'paid',
          source: 'manual',
          priority: 50,
          startsAtMs: 0,
          models: null,
          products: null,
          reason: 'test',
          paymentId: null,
          createdAtMs: 0,
          expiresAtMs: Date.now() + 1_000_000,
        },
      ],
      note: null,
    });
  }
  return storage;
}

async function audit(nowMs: number) {
  const { reader, database } = openReader(folder);
  try {
    return await reader.transaction().execute(async (moment) => {
      const findings = createFindings();
      const checked = await auditBooks(moment, findings, nowMs);
      return { checked, rules: findings.list().map(({ rule }) => rule) };
    });
  } finally {
    database.close();
  }
}

test('books the ledger wrote are clean, until a hold is past its time', async () => {
  await start();
  const clean = await audit(Date.now());
  expect(clean.rules).toEqual([]);
  expect(clean.checked).toMatchObject({ accounts: 19, openHolds: 1 });
  expect((await audit(Date.now() + HOLD_TTL_MS + 60_000)).rules).toEqual(['no hold is open past its time']);
});

const MOVE = "insert into ledger_transfer values ('x', 0, 'grant', 'wash', 'nobody', 5, null, null, null, null)";
const slice = (id: string, kind: string, debit: string, credit: string, grant = 'a') =>
  `insert into ledger_transfer values ('${id}', 0, '${kind}', '${debit}', '${credit}', 1, null, '${id.slice(0, 5)}', '${grant}', null)`;

const BREAKS: readonly (readonly [sql: string, rules: readonly string[]])[] = [
  [
    "update ledger_account set balance = balance + 1 where id = 'wash'",
    ['the balances of all accounts sum to zero', 'each balance equals its entries'],
  ],
  [MOVE, ['each balance equals its entries', 'money moves between accounts there are']],
  ["delete from ledger_transfer where id = 'a:given'", ['each balance equals its entries']],
  [
    "update ledger_account set floor = null where id = 'grant:a'",
    ['the floor of a grant, an envelope and of holds is zero'],
  ],
  ['delete from ledger_expiring', ['credit that expires and is not spent is on the list to be swept']],
  [
    "delete from ledger_hold where id = 'req_2'",
    ['what is set aside equals what open holds hold', 'what was held was posted, given back or is held still'],
  ],
  [
    "insert into ledger_account (id, kind, floor) values ('grant:ghost', 'grant', 0)",
    ['each grant has its account and each account of a grant its grant'],
  ],
  [
    slice('req_0:post:7', 'post', 'holds', 'earnings'),
    [
      'what is posted or given back was held of the same grant',
      'what was held was posted, given back or is held still',
    ],
  ],
  [slice('req_0:hold:7', 'hold', 'grant:a', 'holds'), ['what was held was posted, given back or is held still']],
  [slice('req_9:post:0', 'post', 'holds', 'earnings'), ['what is posted or given back was held of the same grant']],
  [slice('req_2:release:0', 'release', 'holds', 'grant:a'), ['a hold is open or settled, once and never both']],
  [
    slice('req_0:post:1', 'post', 'holds', 'wash'),
    ['each transfer of a request runs between the accounts its kind says'],
  ],
  [
    slice('req_2:write_off', 'write_off', 'write_off', 'earnings'),
    ['what is written off or rounded belongs to a request that has ended'],
  ],
  [
    slice('req_0:write_off', 'write_off', 'write_off', 'earnings'),
    ['nothing is written off while the hold has something left'],
  ],
  [
    "update ledger_transfer set grant_id = 'b' where id = 'req_0:post:0'",
    ['what is posted or given back was held of the same grant'],
  ],
  [
    "update ledger_grant set account_id = 'acct_b' where id = 'a'",
    [
      'the account of a grant or an envelope has the same owner',
      'a transfer of a grant stands in the statement of its owner',
    ],
  ],
  [
    "update ledger_account set owner = 'acct_b' where id = 'grant:a'",
    ['the account of a grant or an envelope has the same owner'],
  ],
  [
    "insert into ledger_account (id, kind, owner, floor) values ('envelope:acct_a', 'envelope', 'acct_b', 0)",
    ['the account of a grant or an envelope has the same owner'],
  ],
  ["update ledger_grant set amount = amount + 1 where id = 'a'", ['each grant was given what it says']],
  [
    "update ledger_transfer set account_id = 'acct_b' where id = 'req_0:post:0'",
    ['a transfer of a grant stands in the statement of its owner'],
  ],
  [
    "update ledger_transfer set grant_id = null where id = 'a:given'",
    ['a transfer outside a request names the grant it moves'],
  ],
  [
    "update ledger_grant set kind = 'promo' where id = 'a'",
    ['what a paid grant pays is revenue, and what a promotional one pays is not'],
  ],
  ["delete from ledger_transfer where id = 'req_2:hold:0'", ['each open hold has the transfers that made it']],
];

test.each(BREAKS)('the audit sees: %s', async (sql, rules) => {
  const storage = await start();
  await storage.writer.write([{ sql, parameters: [] }]);
  const found = await audit(Date.now());
  for (const rule of rules) expect(found.rules).toContain(rule);
});
