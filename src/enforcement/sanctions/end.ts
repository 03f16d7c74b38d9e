import { ok, refuse, type Result } from '../../base/result.ts';
import type { Sanction, SanctionRefusal } from '../sanction.ts';
import { unitKey } from '../unit.ts';
import type { Core } from './deps.ts';
import { planEnd } from './plan.ts';
import { readSanction, setAcknowledged, setEnded, setRefunded } from './store.ts';
import { type HeldSanction, isFelt } from './table.ts';

export function createEnding(core: Core) {
  const { storage, clock, table, standing, decisions } = core;

  async function find(id: string): Promise<HeldSanction | null> {
    return table.get(id) ?? (await readSanction(storage.reader, id));
  }

  async function end(
    id: string,
    how: 'lifted' | 'reversed',
    by: string,
    reason: string,
  ): Promise<Result<Sanction, SanctionRefusal>> {
    const named = await find(id);
    if (named === null) return refuse(notFound(id));
    return core.withLocks([named.unit.accountId], async () => {
      const sanction = await find(id);
      if (sanction === null) return refuse(notFound(id));
      const atMs = clock.wallMs();
      if (!mayEnd(sanction, how, atMs)) return refuse(alreadyEnded(id));
      const decision = planEnd(sanction, { how, author: { kind: 'staff', ids: [by] }, reason, atMs }, core);
      const ended = { how, atMs, by };
      const also = [setEnded(id, ended), ...(how === 'reversed' ? [setRefunded(id)] : [])];
      if (!(await decisions.append(decision, also))) return refuse(alreadyEnded(id));
      // In memory last: access comes back only once that is on the disk.
      table.take(id);
      if (how === 'reversed' && sanction.step === 'cool_off') table.addCoolOffs(unitKey(sanction.unit), -1);
      if (sanction.stopId !== null) await standing.lift(sanction.stopId, decision.id);
      const done: HeldSanction = { ...sanction, ended };
      core.tell(done);
      return ok(done);
    });
  }

  async function acknowledge(id: string): Promise<Result<Sanction, SanctionRefusal>> {
    const named = await find(id);
    if (named === null) return refuse(notFound(id));
    return core.withLocks([named.unit.accountId], async () => {
      const sanction = await find(id);
      if (sanction === null) return refuse(notFound(id));
      if (sanction.acknowledgedAtMs !== null) return ok(sanction);
      const atMs = clock.wallMs();
      await storage.writer.write([setAcknowledged(id, atMs)]);
      const done = { ...sanction, acknowledgedAtMs: atMs };
      if (table.get(id) !== null) table.put(done);
      core.tell(done);
      return ok(done);
    });
  }

  return { find, end, acknowledge };
}

/** What is over by itself has nothing to lift; that it was wrong may be said at any time, once. */
function mayEnd(sanction: HeldSanction, how: 'lifted' | 'reversed', nowMs: number): boolean {
  if (how === 'reversed') return sanction.ended?.how !== 'reversed';
  return sanction.ended === null && (isFelt(sanction, nowMs) || sanction.startMs > nowMs);
}

function notFound(id: string): SanctionRefusal {
  return { reason: 'sanction_not_found', message: `there is no sanction ${id}` };
}

function alreadyEnded(id: string): SanctionRefusal {
  return { reason: 'already_ended', message: `sanction ${id} is over` };
}
