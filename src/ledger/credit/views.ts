import { isoOrNull, toIso } from '../../base/calendar.ts';
import type { AccountBalance, GrantBalance } from '../ledger.ts';
import type { BalanceView, GrantView } from './contract.ts';

export function toGrantView(grant: GrantBalance, isRevoked: boolean): GrantView {
  return {
    id: grant.id,
    account_id: grant.accountId,
    kind: grant.kind,
    source: grant.source,
    state: isRevoked ? 'revoked' : grant.state,
    amount_nano: String(grant.amount),
    available_nano: String(grant.available),
    held_nano: String(grant.held),
    priority: grant.priority,
    starts_at: toIso(grant.startsAtMs),
    expires_at: isoOrNull(grant.expiresAtMs),
    models: grant.models && [...grant.models],
    products: grant.products && [...grant.products],
    reason: grant.reason,
    created_at: toIso(grant.createdAtMs),
  };
}

export function toBalanceView(accountId: string, balance: AccountBalance, revoked: ReadonlySet<string>): BalanceView {
  return {
    account_id: accountId,
    balance_nano: String(balance.balance),
    available_nano: String(balance.available),
    held_nano: String(balance.held),
    envelope_nano: String(balance.envelope),
    grants: balance.grants.map((grant) => toGrantView(grant, revoked.has(grant.id))),
  };
}
