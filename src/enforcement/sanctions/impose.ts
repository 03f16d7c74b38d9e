import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { breathe } from '../../base/breathe.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Facts, Sanction, SanctionOrder, SanctionRefusal } from '../sanction.ts';
import { rankOf } from '../step.ts';
import { type Unit, unitKey } from '../unit.ts';
import { allow, type AllowedOrder, type OperatorSize } from './allow.ts';
import type { Core } from './deps.ts';
import { covers, lowered, replaces } from './ladder.ts';
import { type Planned, planSanction } from './plan.ts';
import { payBack } from './refunding.ts';
import { needsStop, stopOrder } from './stopping.ts';
import { insertSanction, setEnded } from './store.ts';
import type { HeldSanction } from './table.ts';

/** Accounts of an operator whose sanctions are written in one unit. */
const AT_ONCE = 100;

/** What one order comes to for one unit, and what it takes the place of. */
interface Draft extends Planned {
  readonly replaced: readonly HeldSanction[];
}

export function createImposing(core: Core) {
  const { clock, table } = core;

  async function impose(order: SanctionOrder): Promise<Result<Sanction, SanctionRefusal>> {
    const checked = check(core, order);
    if (!checked.ok) return checked;
    const { allowed, operator } = checked.value;
    if (operator !== null) return imposeOnAll(allowed, operator);
    const draft = draftOf(core, allowed, null);
    if (!draft.ok) return draft;
    return (await carryOut(core, [draft.value])).ok ? ok(nowOf(draft.value)) : refuse(TOO_MANY_STOPS);
  }

  /** One sanction for each account, a step lower, each with its own decision; those with a graver one keep it. */
  async function imposeOnAll(order: AllowedOrder, operator: OperatorSize): Promise<Result<Sanction, SanctionRefusal>> {
    const operatorId = order.unit.accountId;
    const below = forLinked(order);
    let linkedTo = order.linkedTo;
    const guilty = linkedTo === null ? null : (table.get(linkedTo)?.unit.accountId ?? null);
    const accounts = operator.accounts.filter((id) => id !== guilty && isSanctionable(core, id));
    const carried: Promise<{ readonly draft: Draft; readonly ok: boolean }[]>[] = [];
    for (let at = 0; at < accounts.length; at += AT_ONCE) {
      const drafts: Draft[] = [];
      for (const accountId of accounts.slice(at, at + AT_ONCE)) {
        const draft = draftOf(core, { ...below, unit: { kind: 'account', accountId }, linkedTo }, operatorId);
        if (!draft.ok) continue;
        drafts.push(draft.value);
        linkedTo ??= draft.value.sanction.id;
      }
      if (drafts.length === 0) continue;
      carried.push(carryOut(core, drafts).then((done) => drafts.map((draft) => ({ draft, ok: done.ok }))));
      await breathe();
    }
    const done = (await Promise.all(carried)).flat();
    const first = done.find((one) => one.ok);
    if (first !== undefined) return ok(nowOf(first.draft));
    return refuse({
      reason: 'graver_in_force',
      message: 'every account of the operator has as grave a sanction already',
    });
  }

  /** What an operator's accounts have, on one that came to it later, for as long as they have it. Null where it has as much. */
  async function imposeOnJoined(accountId: string, held: HeldSanction, decision: Decision): Promise<Sanction | null> {
    const { step, scope, untilMs, operatorId, id: linkedTo } = held;
    const { author, facts, certificate } = decision;
    if (facts === null || step === 'terminate' || !isSanctionable(core, accountId)) return null;
    const unit = { kind: 'account', accountId } as const;
    const common = { unit, scope, untilMs, facts, certificate, note: '', alternatives: '', linkedTo, delayMs: 0 };
    const order: AllowedOrder = author.kind === 'staff' ? { ...common, author, step } : { ...common, author, step };
    const draft = draftOf(core, order, operatorId);
    if (!draft.ok) return null;
    return (await carryOut(core, [draft.value])).ok ? nowOf(draft.value) : null;
  }

  function nowOf({ sanction }: Draft): Sanction {
    return table.get(sanction.id) ?? sanction;
  }

  return {
    impose,
    imposeOnJoined,
    check: (order: SanctionOrder) => check(core, order),
    replacedBy: replacedBy(core),
    clock,
  };
}

const TOO_MANY_STOPS: SanctionRefusal = {
  reason: 'invalid_field',
  message: 'unit: was stopped too often and not let go; lift the stops that are there',
};

/** What a linked account is told of: nothing of anybody else's requests. */
function forLinked(order: AllowedOrder): AllowedOrder {
  const step = lowered(order.step);
  const facts: Facts = { ...order.facts, incidents: [], requests: 0, categories: [], score: null };
  const common = { facts, note: '', scope: step === 'restrict' ? order.scope : null };
  // `lowered` gives nothing above what the author may do, and never the last step.
  return order.author.kind === 'staff'
    ? { ...order, ...common, author: order.author, step }
    : { ...order, ...common, author: order.author, step: step === 'terminate' ? 'suspend' : step };
}

function isSanctionable({ accounts }: Core, accountId: string): boolean {
  return accountId !== OPERATOR_ACCOUNT_ID && accounts.get(accountId) !== null;
}

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

/** Those that one of this order would take the place of; refused where one that holds does as much. */
function replacedBy({ table }: Core) {
  return (order: AllowedOrder): Result<readonly HeldSanction[], SanctionRefusal> => {
    const held = table.of(order.unit);
    // People may say the same step again, for longer or for another reason.
    const graver = held.find((one) =>
      order.author.kind === 'staff'
        ? rankOf(one.step) > rankOf(order.step) && covers(one.step, order.step)
        : covers(one.step, order.step),
    );
    if (graver === undefined) return ok(held.filter((one) => replaces(order.step, one.step)));
    const message = `${graver.step} is in force here (${graver.id}); end it first if it should be milder`;
    return refuse({ reason: 'graver_in_force', message });
  };
}

function draftOf(core: Core, order: AllowedOrder, operatorId: string | null): Result<Draft, SanctionRefusal> {
  const replaced = replacedBy(core)(order);
  if (!replaced.ok) return replaced;
  const { clock, table, mintId, policyOf } = core;
  const coolOffs = table.coolOffs(order.unit);
  const planned = planSanction({ order, nowMs: clock.wallMs(), coolOffs, operatorId, mintId, policyOf });
  // Held from here on, in the turn of the order: what is asked next feels it.
  table.put(planned.sanction);
  if (order.step === 'cool_off') table.addCoolOffs(unitKey(order.unit), 1);
  return ok({ ...planned, replaced: replaced.value });
}

/** Stops what is to be stopped, then writes all of it in one unit; with neither, nothing was imposed and nothing is felt. */
function carryOut(core: Core, drafts: readonly Draft[]): Promise<{ readonly ok: boolean }> {
  const { clock, standing, table, decisions } = core;
  const stopping = drafts.map(({ sanction }) =>
    needsStop(sanction, clock.wallMs()) ? standing.stop(stopOrder(sanction)) : null,
  );
  return core.withLocks(
    drafts.map(({ sanction }) => sanction.unit.accountId),
    async () => {
      let isWritten = false;
      try {
        const stopped = await Promise.all(stopping);
        if (stopped.some((one) => one !== null && !one.ok)) return { ok: false };
        const carried = drafts.map(({ sanction }, at) => {
          const stop = stopped[at];
          return { ...sanction, stopId: stop?.ok ? stop.value.stop.id : null };
        });
        for (const sanction of carried) table.put(sanction);
        const written = await decisions.appendAll(
          drafts.map(({ decision }) => decision),
          drafts.flatMap((draft, at) => statementsOf(carried[at] ?? draft.sanction, draft)),
        );
        if (!written.ok) throw new Error('a sanction could not be written beside those it replaces');
        isWritten = true;
        await settle(core, carried, drafts);
        return { ok: true };
      } finally {
        if (!isWritten) await withdraw(core, drafts, stopping);
      }
    },
  );
}

function statementsOf(sanction: HeldSanction, { replaced, decision }: Draft) {
  const ended = { how: 'replaced' as const, atMs: sanction.decidedAtMs, by: decision.id };
  return [insertSanction(sanction, sanction.step === 'terminate'), ...replaced.map((one) => setEnded(one.id, ended))];
}

/** What was replaced goes only now that the new one is durable. */
async function settle(core: Core, carried: readonly HeldSanction[], drafts: readonly Draft[]): Promise<void> {
  for (const { replaced, decision } of drafts) {
    for (const one of replaced) {
      core.table.take(one.id);
      if (one.stopId !== null) await core.standing.lift(one.stopId, decision.id);
    }
  }
  for (const sanction of carried) {
    core.tell(sanction);
    if (sanction.step === 'terminate') void payBack(core, sanction);
  }
}

async function withdraw(
  { table, standing, onFault }: Core,
  drafts: readonly Draft[],
  stopping: readonly (ReturnType<Core['standing']['stop']> | null)[],
): Promise<void> {
  for (const { sanction } of drafts) {
    table.take(sanction.id);
    if (sanction.step === 'cool_off') table.addCoolOffs(unitKey(sanction.unit), -1);
  }
  for (const stopped of await Promise.allSettled(stopping)) {
    if (stopped.status === 'rejected' || stopped.value === null || !stopped.value.ok) continue;
    const { id, by } = stopped.value.value.stop;
    await standing
      .lift(id, by)
      .catch((error: unknown) => onFault('lift the stop of a sanction that was not imposed', error));
  }
}
