import { sql } from 'kysely';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Reader } from '../../storage/sql/storage.ts';

const RULES = {
  held: { promise: 'P3', name: 'what is used of a budget is no less than what requests in progress count for' },
  request: { promise: 'P1', name: 'what counts in a budget until it is settled belongs to an open hold' },
  version: { promise: 'P3', name: 'each budget stands as the last entry of its history says' },
} as const satisfies Record<string, AuditRule>;

/** Checks what budgets promise at one moment; `moment` is a read transaction. */
export async function auditBudgets(moment: Reader, findings: Findings): Promise<{ readonly budgets: number }> {
  const held = await sql<{ id: string }>`
    select w.budget_id as id from ledger_budget_window w where w.used < coalesce((select sum(t.amount)
      from ledger_budget_take t where t.budget_id = w.budget_id and t.period_start_ms = w.period_start_ms), 0)
  `.execute(moment);
  for (const { id } of held.rows) findings.add(RULES.held, id);
  const lost = await sql<{ id: string }>`
    select t.request_id as id from ledger_budget_take t
      where not exists (select 1 from ledger_hold h where h.id = t.request_id)
  `.execute(moment);
  for (const { id } of lost.rows) findings.add(RULES.request, id);
  const odd = await sql<{ id: string }>`
    select b.id from ledger_budget b where not exists (select 1 from ledger_budget_version v
      where v.budget_id = b.id and v.version = b.version and v.limit_nano = b.limit_nano and v.action = b.action
        and v.alert_at = b.alert_at and v.removed = (case when b.removed_at_ms is null then 0 else 1 end)
        and not exists (select 1 from ledger_budget_version n where n.budget_id = b.id and n.version > b.version))
  `.execute(moment);
  for (const { id } of odd.rows) findings.add(RULES.version, id);
  const count = await sql<{ budgets: number }>`
    select count(*) as budgets from ledger_budget where removed_at_ms is null
  `.execute(moment);
  return { budgets: count.rows[0]?.budgets ?? 0 };
}
