import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Sanction, SanctionOrder, SanctionRefusal } from '../sanction.ts';
import type { Unit } from '../unit.ts';
import { allow, type AllowedOrder, type OperatorSize } from './allow.ts';
import { carryOut, draftOf, replacedBy } from './carry.ts';
import type { Core } from './deps.ts';
import { imposeOnAll, imposeOnJoined } from './operator.ts';
import type { HeldSanction } from './table.ts';

export function createImposing(core: Core) {
  async function impose(order: SanctionOrder): Promise<Result<Sanction, SanctionRefusal>> {
    const checked = check(core, order);
    if (!checked.ok) return checked;
    const { allowed, operator } = checked.value;
    if (operator !== null) return imposeOnAll(core, allowed, operator);
    const draft = draftOf(core, allowed, null);
    if (!draft.ok) return draft;
    const { sanction } = draft.value;
    const carried = await carryOut(core, [draft.value]);
    return carried.ok ? ok(core.table.get(sanction.id) ?? sanction) : refuse(TOO_MANY_STOPS);
  }

  return {
    impose,
    imposeOnJoined: (accountId: string, held: HeldSanction, decision: Decision) =>
      imposeOnJoined(core, accountId, held, decision),
    check: (order: SanctionOrder) => check(core, order),
    replacedBy: replacedBy(core),
  };
}

const TOO_MANY_STOPS: SanctionRefusal = {
  reason: 'invalid_field',
  message: 'unit: was stopped too often and not let go; lift the stops that are there',
};

function check(
  core: Core,
  order: SanctionOrder,
): Result<{ readonly allowed: AllowedOrder; readonly operator: OperatorSize | null }, SanctionRefusal> {
  const refusal = unitRefusal(core, order.unit);
  if (refusal !== null) return refuse(refusal);
  const operator = order.unit.kind === 'operator' ? core.operatorOf(order.unit.accountId) : null;
  const allowed = allow(order, operator, core.clock.wallMs());
  return allowed.ok ? ok({ allowed: allowed.value, operator }) : allowed;
}

function unitRefusal({ accounts, keys }: Core, unit: Unit): SanctionRefusal | null {
  const { accountId } = unit;
  if (accounts.get(accountId) === null) {
    return { reason: 'unit_not_found', message: `there is no account ${accountId}` };
  }
  if (unit.kind === 'key' && keys.get(unit.keyId)?.accountId !== accountId) {
    return { reason: 'unit_not_found', message: `account ${accountId} has no key ${unit.keyId}` };
  }
  if ((unit.kind === 'account' || unit.kind === 'operator') && accountId === OPERATOR_ACCOUNT_ID) {
    return { reason: 'house_account', message: 'the account of whoever runs the service cannot be sanctioned' };
  }
  return null;
}
