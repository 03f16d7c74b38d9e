import type { Case } from './case.ts';
import type { Desk } from './desk.ts';
import { queueFor } from './routing.ts';

const HOUR_MS = 3_600_000;

/** Waits again, for somebody who has not decided it yet. */
export async function reopen(desk: Desk, one: Case, by: string, what: 'undone' | 'reopened'): Promise<Case> {
  const { clock, policy } = desk.deps;
  const again: Case = {
    ...one,
    state: 'reopened',
    assignee: null,
    lock: null,
    awaited: null,
    dueMs: clock.wallMs() + queueFor(policy, one).dueHours * HOUR_MS,
    excluded: withAll(one.excluded, one.ruling?.by ?? []),
  };
  await desk.save(again, [desk.event(again, by, what)]);
  return again;
}

export function withAll(ids: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...ids, ...more])];
}
