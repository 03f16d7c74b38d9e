import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import { breathe } from '../../base/breathe.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Facts, Sanction, SanctionRefusal } from '../sanction.ts';
import type { AllowedOrder, OperatorSize } from './allow.ts';
import { carryOut, type Draft, draftOf } from './carry.ts';
import type { Core } from './deps.ts';
import { lowered } from './ladder.ts';
import type { HeldSanction } from './table.ts';

/** Accounts of an operator whose sanctions are written in one unit. */
const AT_ONCE = 100;

/** One sanction for each account, a step lower, each with its own decision; those with a graver one keep it. */
export async function imposeOnAll(
  core: Core,
  order: AllowedOrder,
  operator: OperatorSize,
): Promise<Result<Sanction, SanctionRefusal>> {
  const done = await carryOutOnAll(core, order, operator);
  const first = done.find((one) => one.ok)?.draft.sanction;
  if (first !== undefined) return ok(core.table.get(first.id) ?? first);
  const message = 'every account of the operator has as grave a sanction already';
  return refuse({ reason: 'graver_in_force', message });
}

interface Carried {
  readonly draft: Draft;
  readonly ok: boolean;
}

async function carryOutOnAll(core: Core, order: AllowedOrder, operator: OperatorSize): Promise<Carried[]> {
  const operatorId = order.unit.accountId;
  const below = forLinked(order);
  let { linkedTo } = order;
  const guilty = linkedTo === null ? null : (core.table.get(linkedTo)?.unit.accountId ?? null);
  const accounts = operator.accounts.filter((id) => id !== guilty && isSanctionable(core, id));
  const carried: Promise<Carried[]>[] = [];
  const allStopped = Promise.withResolvers<void>();
  try {
    // All of them feel it before the first is written: words and hashes of thousands take longer than stopping them.
    for (let at = 0; at < accounts.length; at += AT_ONCE) {
      const drafts: Draft[] = [];
      for (const accountId of accounts.slice(at, at + AT_ONCE)) {
        // What no person decided goes no further than links that may hold an operator together without one.
        if (order.author.kind === 'automatic' && !core.isFirm(accountId)) continue;
        const draft = draftOf(core, { ...below, unit: { kind: 'account', accountId }, linkedTo }, operatorId);
        if (!draft.ok) continue;
        drafts.push(draft.value);
        linkedTo ??= draft.value.sanction.id;
      }
      if (drafts.length === 0) continue;
      const carrying = carryOut(core, drafts, allStopped.promise);
      carried.push(carrying.then((done) => drafts.map((draft) => ({ draft, ok: done.ok }))));
      await breathe();
    }
  } finally {
    allStopped.resolve();
  }
  return (await Promise.all(carried)).flat();
}

/** What an operator's accounts have, on one that came to it later, for as long as they have it. Null where it has as much. */
export async function imposeOnJoined(
  core: Core,
  accountId: string,
  held: HeldSanction,
  decision: Decision,
): Promise<Sanction | null> {
  const { step, scope, untilMs, operatorId, id: linkedTo } = held;
  const { author, facts, certificate } = decision;
  if (facts === null || step === 'terminate' || !isSanctionable(core, accountId)) return null;
  const unit = { kind: 'account', accountId } as const;
  const common = { unit, scope, untilMs, facts, certificate, note: '', alternatives: '', linkedTo, delayMs: 0 };
  const order: AllowedOrder = author.kind === 'staff' ? { ...common, author, step } : { ...common, author, step };
  const draft = draftOf(core, order, operatorId);
  if (!draft.ok) return null;
  return (await carryOut(core, [draft.value])).ok
    ? (core.table.get(draft.value.sanction.id) ?? draft.value.sanction)
    : null;
}

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
