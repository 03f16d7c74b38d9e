import type { Core } from './deps.ts';
import { needsStop, stopOrder } from './stopping.ts';
import { setApplied } from './store.ts';
import { type HeldSanction, isFelt } from './table.ts';

/**
 * Before the first request: a stop of which no sanction is on the disk was never decided and goes; a sanction whose stop
 * is not there gets it. What a process leaves half done when it dies is one of the two.
 */
export async function repair(core: Core): Promise<void> {
  const known = new Set([...core.table.all()].map(({ stopId }) => stopId));
  for (const { id } of core.standing.inForce('sanction')) if (!known.has(id)) await core.standing.lift(id, 'repair');
  await applyDue(core);
}

/** Carries out what was put off and is due, and what has no stop though it should. */
export async function applyDue(core: Core): Promise<void> {
  const nowMs = core.clock.wallMs();
  const stops = new Set(core.standing.inForce('sanction').map(({ id }) => id));
  const due = [...core.table.all()].filter((one) => isDue(one, stops, nowMs));
  for (const { id, unit } of due) {
    await core.withLocks([unit.accountId], async () => {
      const one = core.table.get(id);
      if (one !== null && isDue(one, stops, nowMs)) await apply(core, one);
    });
  }
}

function isDue(one: HeldSanction, stops: ReadonlySet<string>, nowMs: number): boolean {
  if (needsStop(one, nowMs)) return one.stopId === null || !stops.has(one.stopId);
  return one.appliedAtMs === null && isFelt(one, nowMs);
}

async function apply(core: Core, one: HeldSanction): Promise<void> {
  const atMs = core.clock.wallMs();
  const stopped = needsStop(one, atMs) ? await core.standing.stop(stopOrder(one)) : null;
  if (stopped !== null && !stopped.ok) {
    core.onFault('carry out a sanction', new Error(stopped.refusal.message));
    return;
  }
  const stopId = stopped?.value.stop.id ?? null;
  await core.storage.writer.write([setApplied(one.id, atMs, stopId)]);
  core.table.put({ ...one, stopId, appliedAtMs: one.appliedAtMs ?? atMs });
}
