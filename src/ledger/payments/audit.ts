import { sql } from 'kysely';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';

const RULES = {
  paid: { promise: 'P3', name: 'each payment that bought credit is booked once, with its credit and no other' },
  refund: {
    promise: 'P3',
    name: 'each refund that was not refused took its credit, and each refused one gave it back',
  },
  reversal: {
    promise: 'P3',
    name: 'each payment that was taken back is booked, and what was drained of it stands beside',
  },
  refunded: { promise: 'P3', name: 'what was paid back of a payment is the sum of its refunds' },
  known: { promise: 'P3', name: 'what was booked for a payment, a refund or a reversal has its record' },
  code: { promise: 'P3', name: 'each use of a code is counted and is one credit' },
} as const satisfies Record<string, AuditRule>;

/** Each gives the ids that break its rule. The transfers of a posting are `<id>`, `<id>:1` and so on. */
const BROKEN: Readonly<Record<keyof typeof RULES, string>> = {
  paid: `select p.id from ledger_payment p where p.kind <> 'subscription' and (
      (p.state in ('pending', 'failed') and exists (select 1 from ledger_transfer t where t.id = p.id || ':paid'))
      or (p.state not in ('pending', 'failed') and not exists (select 1 from ledger_transfer t
        where t.id = p.id || ':paid' and t.debit = 'wash' and t.amount = p.credit and t.account_id = p.account_id))
      or (p.tax > 0 and p.state not in ('pending', 'failed') and not exists (select 1 from ledger_transfer t
        where t.id = p.id || ':paid:1' and t.credit = 'tax_payable' and t.amount = p.tax))
      or (p.grant_id is not null and not exists (select 1 from ledger_grant g
        where g.id = p.grant_id and g.payment_id = p.id and g.account_id = p.account_id)))`,
  refund: `select r.id from ledger_refund r where not exists (select 1 from ledger_transfer t
      where t.id = r.id and t.credit = 'wash' and t.amount = r.credit)
    or (r.state = 'failed') <> exists (select 1 from ledger_transfer t
      where t.id = r.id || ':undo' and t.debit = 'wash' and t.amount = r.credit)`,
  reversal: `select v.id from ledger_reversal v join ledger_payment p on p.id = v.payment_id
    where (v.credit > 0 and not exists (select 1 from ledger_transfer t
      where t.id = v.id || ':taken' and t.debit = 'dispute_loss' and t.amount = v.credit))
    or (p.kind <> 'subscription' and v.drained <> coalesce((select sum(t.amount) from ledger_transfer t
      where t.credit = 'dispute_loss' and t.id >= v.id || ':drain:' and t.id < v.id || ':drain;'), 0))`,
  refunded: `select p.id from ledger_payment p
    where p.refunded <> coalesce((select sum(r.credit) from ledger_refund r
        where r.payment_id = p.id and r.state <> 'failed'), 0)
      + coalesce((select sum(v.credit) from ledger_reversal v
        where v.payment_id = p.id and v.kind = 'refund' and v.state <> 'won'), 0)
    or p.refunded_tax <> coalesce((select sum(r.tax) from ledger_refund r
        where r.payment_id = p.id and r.state <> 'failed'), 0)
      + coalesce((select sum(v.tax) from ledger_reversal v
        where v.payment_id = p.id and v.kind = 'refund' and v.state <> 'won'), 0)`,
  known: `select t.id from ledger_transfer t where t.subject is null and (
      (t.kind = 'payment' and t.id like '%:paid' and not exists (select 1 from ledger_payment p
        where p.id = substr(t.id, 1, length(t.id) - 5)))
      or (t.kind = 'refund' and t.id like 'refund_%' and t.id not like '%:%' and not exists (select 1
        from ledger_refund r where r.id = t.id))
      or (t.id like '%:taken' and not exists (select 1 from ledger_reversal v
        where v.id = substr(t.id, 1, length(t.id) - 6))))`,
  code: `select c.id from ledger_code c where c.used <> (select count(*) from ledger_code_use u
      where u.code_id = c.id and exists (select 1 from ledger_transfer t where t.debit = 'promo_expense'
        and t.id = u.code_id || ':' || u.account_id || ':' || u.nth and t.amount = c.credit))`,
};

/** Checks what payments and codes promise at one moment; `moment` is a read transaction. */
export async function auditPayments(moment: Reader, findings: Findings): Promise<{ readonly payments: number }> {
  for (const name of Object.keys(RULES) as (keyof typeof RULES)[]) {
    const { rows } = await sql<{ id: string }>`${sql.raw(BROKEN[name])}`.execute(moment);
    for (const { id } of rows) findings.add(RULES[name], id);
  }
  const count = await sql<{ payments: number }>`select count(*) as payments from ledger_payment`.execute(moment);
  return { payments: count.rows[0]?.payments ?? 0 };
}
