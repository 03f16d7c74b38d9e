import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { fromSqlText, type Nano } from '../../base/money.ts';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';

const RULES = {
  given: { promise: 'P3', name: 'what an account was given of sign-up credit that vests is what the books gave it' },
  envelope: { promise: 'P3', name: 'no operator is promised and given more than one free tier' },
  shared: { promise: 'P3', name: 'only the first account of an operator has an envelope of sign-up credit that vests' },
} as const satisfies Record<string, AuditRule>;

type AuditTables = {
  fraud_vesting: { account_id: string; principal_id: string; given: number; unsettled: number };
  ledger_account: { id: string; balance: number };
  ledger_grant: { id: string; account_id: string; source: string; amount: number };
  ledger_transfer: { account_id: string | null; subject: string | null; kind: string; debit: string; amount: number };
  fraud_vesting_whole: { tier: number };
};

/**
 * Checks sign-up credit that vests at one moment; `moment` is a read transaction. Operators of which an account is not
 * settled yet (something was changed a moment ago, or a request holds what was taken back) are left out.
 */
export async function auditVesting(moment: Reader, findings: Findings): Promise<{ readonly vesting: number }> {
  const tables = moment.withTables<AuditTables>();
  const settled = sql<SqlBool>`not exists (select 1 from fraud_vesting u
    where u.principal_id = v.principal_id and u.unsettled = 1)`;
  const odd = await tables
    .selectFrom('fraud_vesting as v')
    .select('v.account_id as id')
    .where(settled)
    .where(givenDiffers())
    .execute();
  for (const { id } of odd) findings.add(RULES.given, id);
  const operators = tables
    .selectFrom('fraud_vesting as v')
    .select('v.principal_id as id')
    .select(sql<string>`cast(sum(v.given) as text)`.as('given'))
    .select(sql<number>`count(*)`.as('accounts'))
    .select(envelopeOf('v.principal_id').as('envelope'))
    .where(settled)
    .groupBy('v.principal_id')
    .stream();
  const tier = await readTier(moment);
  let vesting = 0;
  for await (const { id, given, envelope, accounts } of operators) {
    vesting += accounts;
    const promised = fromSqlText(envelope);
    // What was spent before two operators turned out to be one stays spent; then nothing more is promised.
    const isAtMostOne = promised === 0n && accounts > 1;
    if (!isAtMostOne && promised + fromSqlText(given) > tier) findings.add(RULES.envelope, id);
  }
  const further = await tables
    .selectFrom('fraud_vesting as v')
    .select('v.account_id as id')
    .where(settled)
    .whereRef('v.account_id', '<>', 'v.principal_id')
    .where(sql<SqlBool>`${envelopeOf('v.account_id')} <> '0'`)
    .execute();
  for (const { id } of further) findings.add(RULES.shared, id);
  return { vesting };
}

/** The most that was ever promised to one operator. */
async function readTier(moment: Reader): Promise<Nano> {
  const row = await moment
    .withTables<AuditTables>()
    .selectFrom('fraud_vesting_whole')
    .select(sql<string>`cast(tier as text)`.as('tier'))
    .executeTakeFirstOrThrow();
  return fromSqlText(row.tier);
}

function envelopeOf(column: string): RawBuilder<string> {
  return sql<string>`cast(coalesce((select a.balance from ledger_account a
    where a.id = 'envelope:' || ${sql.ref(column)}), 0) as text)`;
}

function givenDiffers(): Expression<SqlBool> {
  return sql<SqlBool>`v.given <>
    (select coalesce(sum(g.amount), 0) from ledger_grant g where g.account_id = v.account_id and g.source = 'signup') -
    (select coalesce(sum(t.amount), 0) from ledger_transfer t where t.account_id = v.account_id and t.subject is null
      and t.kind = 'clawback' and t.debit in (select 'grant:' || g.id from ledger_grant g
        where g.account_id = v.account_id and g.source = 'signup'))`;
}
