import { type Result, ok, refuse } from '../../base/result.ts';
import type { SanctionRefusal } from '../sanction.ts';
import { rankOf } from '../step.ts';
import { unitKey } from '../unit.ts';
import type { AllowedOrder } from './allow.ts';
import type { Core } from './deps.ts';
import { covers, replaces } from './ladder.ts';
import { type Planned, planSanction } from './plan.ts';
import { payBack } from './refunding.ts';
import { needsStop, stopOrder } from './stopping.ts';
import { insertSanction, setEnded } from './store.ts';
import type { HeldSanction } from './table.ts';

/** What one order comes to for one unit, and what it takes the place of. */
export interface Draft extends Planned {
  readonly replaced: readonly HeldSanction[];
}

/** Those that one of this order would take the place of; refused where one that holds does as much. */
export function replacedBy({ table }: Core) {
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

export function draftOf(core: Core, order: AllowedOrder, operatorId: string | null): Result<Draft, SanctionRefusal> {
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

/**
 * Stops what is to be stopped, at once, then writes all of it in one unit when `ready`; where that fails, nothing was
 * imposed and nothing is felt.
 */
export function carryOut(
  core: Core,
  drafts: readonly Draft[],
  ready: Promise<void> = Promise.resolve(),
): Promise<{ readonly ok: boolean }> {
  const { clock, standing, table, decisions } = core;
  const stopping = drafts.map(async ({ sanction }) =>
    needsStop(sanction, clock.wallMs()) ? standing.stop(stopOrder(sanction)) : null,
  );
  return core.withLocks(
    drafts.map(({ sanction }) => sanction.unit.accountId),
    async () => {
      let isWritten = false;
      try {
        await ready;
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
      core.tell({ ...one, ended: { how: 'replaced', atMs: decision.atMs, by: decision.id } });
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
  stopping: readonly Promise<Awaited<ReturnType<Core['standing']['stop']>> | null>[],
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
