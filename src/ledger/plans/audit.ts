import { sql } from 'kysely';
import { fromSqlText } from '../../base/money.ts';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';

const RULES = {
  log: { promise: 'P3', name: 'each subscription stands as the last entry of its log says' },
  deferred: { promise: 'P3', name: 'what is deferred is what fees of plans have still to earn' },
  envelope: { promise: 'P3', name: 'each envelope holds the tranches that were promised and not released' },
} as const satisfies Record<string, AuditRule>;

/** Checks what plans promise at one moment; `moment` is a read transaction. */
export async function auditPlans(moment: Reader, findings: Findings): Promise<{ readonly subscriptions: number }> {
  const odd = await sql<{ id: string }>`
    select s.account_id as id from ledger_subscription s where not exists (select 1 from ledger_subscription_event e
      where e.account_id = s.account_id and e.version = s.version and e.plan = s.plan and e.interval = s.interval
        and e.seats = s.seats and e.state = s.state and e.fee = s.fee and e.period_end_ms = s.period_end_ms
        and not exists (select 1 from ledger_subscription_event n where n.account_id = s.account_id
          and n.version > s.version))
  `.execute(moment);
  for (const { id } of odd.rows) findings.add(RULES.log, id);
  const deferred = await sql<{ id: string }>`
    select id from ledger_account where id = 'deferred_subscription'
      and balance <> (select coalesce(sum(amount - recognised - moved), 0) from ledger_subscription_fee)
  `.execute(moment);
  for (const { id } of deferred.rows) findings.add(RULES.deferred, id);
  await auditEnvelopes(moment, findings);
  const count = await sql<{ subscriptions: number }>`
    select count(*) as subscriptions from ledger_subscription where state <> 'ended'
  `.execute(moment);
  return { subscriptions: count.rows[0]?.subscriptions ?? 0 };
}

type SignupTables = {
  ledger_signup: {
    account_id: string;
    tranches: string;
    released: string;
    clawed_back_at_ms: number | null;
    vests: number;
  };
  ledger_account: { id: string; balance: number };
};

async function auditEnvelopes(moment: Reader, findings: Findings): Promise<void> {
  const rows = moment
    .withTables<SignupTables>()
    .selectFrom('ledger_signup as s')
    .leftJoin('ledger_account as a', (join) => join.on(sql<boolean>`a.id = 'envelope:' || s.account_id`))
    .select(['s.account_id as id', 's.tranches', 's.released', 's.clawed_back_at_ms as goneAtMs'])
    .select(sql<string | null>`cast(a.balance as text)`.as('balance'))
    // Of credit that vests, whoever keeps the rules knows what was promised.
    .where('s.vests', '=', 0)
    .stream();
  for await (const { id, tranches, released, goneAtMs, balance } of rows) {
    const given = JSON.parse(released) as number[];
    const promised = (JSON.parse(tranches) as string[]).filter((_, at) => !given.includes(at + 1));
    const open = goneAtMs === null ? promised.reduce((sum, one) => sum + BigInt(one), 0n) : 0n;
    if ((balance === null ? 0n : fromSqlText(balance)) !== open) findings.add(RULES.envelope, id);
  }
}
