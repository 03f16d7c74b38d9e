/** Deciding many cases alike: first exactly which, then those and no others, and all of it undone again. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Case } from './case.ts';
import { BULK_CASES_MAX } from './contract.ts';
import { type Decided, type Deciding, NEEDS_TWO, offeredSteps } from './deciding.ts';
import type { CaseRefusal, Desk, Viewer } from './desk.ts';
import { isForGood } from './effects.ts';
import { listCases } from './listing.ts';
import { isSevere } from './policy.ts';
import { readBulk } from './store.ts';

export interface Preview {
  readonly cases: readonly Case[];
  /** Found and not among them, by why. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface BulkDone {
  readonly bulkId: string;
  readonly done: number;
  readonly failed: readonly { readonly id: string; readonly reason: string; readonly message: string }[];
}

export interface Bulk {
  preview(viewer: Viewer, query: string, what: Decided): Promise<Result<Preview, CaseRefusal>>;
  decide(viewer: Viewer, ids: readonly string[], what: Decided): Promise<Result<BulkDone, CaseRefusal>>;
  undo(viewer: Viewer, bulkId: string, reason: string): Promise<BulkDone>;
}

export function createBulk(desk: Desk, deciding: Deciding): Bulk {
  return {
    async preview(viewer, query, what) {
      const problem = problemOf(what);
      if (problem !== null) return refuse(problem);
      const asked = { queue: null, state: 'undecided', assignee: null, accountId: null, query } as const;
      const found = await listCases(desk, viewer, asked);
      if (!found.ok) return refuse({ reason: 'invalid_query', message: found.refusal, status: 400 });
      const cases: Case[] = [];
      const leftOut: Record<string, number> = {};
      for (const one of found.value.cases) {
        const why = whyNot(desk, viewer, one, what) ?? (cases.length >= BULK_CASES_MAX ? 'too_many' : null);
        if (why === null) cases.push(one);
        else leftOut[why] = (leftOut[why] ?? 0) + 1;
      }
      return ok({ cases, leftOut: found.value.unknown === 0 ? leftOut : { ...leftOut, unknown: found.value.unknown } });
    },
    async decide(viewer, ids, what) {
      const problem = problemOf(what);
      if (problem !== null) return refuse(problem);
      const bulkId = desk.deps.mintId('blk');
      const outcome = await each(new Set(ids), async (id) => {
        const found = await desk.find(viewer, id);
        if (!found.ok) return found;
        const why = whyNot(desk, viewer, found.value, what);
        if (why === null) return deciding.decide(viewer, id, what, bulkId);
        const message = 'it is not for you, or not for deciding together with others; decide it by itself';
        return refuse({ reason: `case_${why}`, message, status: 409 } as const);
      });
      return ok({ bulkId, ...outcome });
    },
    async undo(viewer, bulkId, reason) {
      const cases = (await readBulk(desk.deps.storage.reader, bulkId)).filter(({ state }) => state === 'decided');
      const ids = cases.map(({ id }) => id);
      return { bulkId, ...(await each(ids, (id) => deciding.undo(viewer, id, reason))) };
    },
  };
}

/** One after the other: each may end a sanction or impose one. */
async function each(
  ids: Iterable<string>,
  work: (id: string) => Promise<Result<Case, CaseRefusal>>,
): Promise<Omit<BulkDone, 'bulkId'>> {
  const failed: BulkDone['failed'][number][] = [];
  let done = 0;
  for (const id of ids) {
    const result = await work(id);
    if (result.ok) done += 1;
    else failed.push({ id, reason: result.refusal.reason, message: result.refusal.message });
  }
  return { done, failed };
}

function problemOf({ outcome, step }: Decided): CaseRefusal | null {
  const isPassedOn = outcome === 'escalate' || outcome === 'need_info';
  if (!isPassedOn && (step === null || !NEEDS_TWO.includes(step))) return null;
  const message = 'cases are decided together only as confirm, harmless or other, without a step that takes two people';
  return { reason: 'not_in_bulk', message, status: 400 };
}

/**
 * Severe cases, random audits and what a first person asked a second one about are looked at one by one, and what could not
 * be undone is not done to many at once.
 */
function whyNot(desk: Desk, viewer: Viewer, one: Case, { outcome, step }: Decided): string | null {
  const barred = desk.barred(one, viewer);
  if (barred !== null) return barred;
  if (isSevere(one.severity) || one.kind === 'audit' || one.awaited !== null) return 'one_by_one';
  if (outcome !== 'confirm' && isForGood(one)) return 'for_good';
  return step !== null && !offeredSteps(one).includes(step) ? 'step_not_offered' : null;
}
