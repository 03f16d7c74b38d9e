import { sql } from 'kysely';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';

const RULES = {
  owner: { promise: 'P3', name: 'the account of a grant or an envelope has the same owner' },
  funded: { promise: 'P3', name: 'each grant was given what it says' },
  holder: { promise: 'P3', name: 'a transfer of a grant stands in the statement of its owner' },
  grant: { promise: 'P3', name: 'a transfer outside a request names the grant it moves' },
  kind: { promise: 'P3', name: 'what a paid grant pays is revenue, and what a promotional one pays is not' },
} as const satisfies Record<string, AuditRule>;

/** Each gives the ids that break its rule, in one pass over its table. */
const BROKEN: Readonly<Record<keyof typeof RULES, string>> = {
  owner: `select a.id from ledger_account a left join ledger_grant g on g.id = substr(a.id, 7)
    where (a.kind = 'grant' and g.account_id <> coalesce(a.owner, ''))
      or (a.kind = 'envelope' and a.id <> 'envelope:' || coalesce(a.owner, ''))`,
  funded: `select id from (select id, amount from ledger_grant except
    select grant_id, amount from ledger_transfer where subject is null and credit = 'grant:' || grant_id) as short`,
  holder: `select t.id from ledger_transfer t join ledger_grant g on g.id = t.grant_id
    where coalesce(t.account_id, '') <> g.account_id`,
  grant: `select t.id from ledger_transfer t where t.subject is null
    and coalesce('grant:' || t.grant_id, '') <> case when t.debit like 'grant:%' then t.debit
      when t.credit like 'grant:%' then t.credit else '' end`,
  kind: `select t.id from ledger_transfer t join ledger_grant g on g.id = t.grant_id where t.kind = 'post'
    and t.credit <> case g.kind when 'paid' then 'earnings' else 'earnings_promo' end`,
};

/** Checks whose everything is (P3, P12) at one moment; `moment` is a read transaction. */
export async function auditOwners(moment: Reader, findings: Findings): Promise<void> {
  for (const name of Object.keys(RULES) as (keyof typeof RULES)[]) {
    const { rows } = await sql<{ id: string }>`${sql.raw(BROKEN[name])}`.execute(moment);
    for (const { id } of rows) findings.add(RULES[name], id);
  }
}
