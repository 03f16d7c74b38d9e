/** Blind second readings: a sample of what was decided goes to somebody else, who does not know that it was. */
import type { Case, Ruling } from './case.ts';
import type { Outcome } from './contract.ts';
import type { Desk } from './desk.ts';
import { type Kappa, kappaOf } from './kappa.ts';
import { reopen, withAll } from './reopening.ts';
import { queueFor } from './routing.ts';
import { readCase, type Review } from './store.ts';

const HOUR_MS = 3_600_000;

/** Outcomes that say what it is; the others pass it on. */
function isCompared(outcome: Outcome): boolean {
  return outcome === 'confirm' || outcome === 'harmless' || outcome === 'other';
}

/** Draws whether a decided case is read again, and opens the second reading. */
export async function readAgain(desk: Desk, one: Case, ruling: Ruling): Promise<void> {
  const { random, policy, mintId, clock } = desk.deps;
  if (!isCompared(ruling.outcome) || random.unit() * 100 >= policy.doubleReviewPercent) return;
  const nowMs = clock.wallMs();
  const twin: Case = {
    ...one,
    id: mintId('case'),
    state: 'open',
    openedAtMs: nowMs,
    dueMs: nowMs + queueFor(policy, one).dueHours * HOUR_MS,
    assignee: null,
    lock: null,
    excluded: withAll(one.excluded, ruling.by),
    awaited: null,
    notes: [],
    ruling: null,
    twinOf: one.id,
    asOfMs: ruling.atMs,
  };
  await desk.save(twin, [desk.event(twin, 'service', 'opened')]);
}

/** Where two readers disagree, a third one decides. */
export async function settleTwin(desk: Desk, twin: Case, second: Ruling): Promise<void> {
  const first = await readCase(desk.deps.storage.reader, twin.twinOf ?? '');
  if (first?.ruling === null || first?.ruling === undefined || first.state !== 'decided') return;
  if (!isCompared(second.outcome) || isSame(first.ruling, second)) return;
  await reopen(desk, { ...first, excluded: withAll(first.excluded, second.by) }, 'service', 'reopened');
}

function isSame(first: Ruling, second: Ruling): boolean {
  return first.outcome === second.outcome && first.conduct === second.conduct;
}

function isSecond(one: Review): one is Review & { readonly twinOf: string } {
  return one.twinOf !== null && isCompared(one.outcome);
}

export interface Agreement {
  readonly all: Kappa;
  readonly queues: readonly (Kappa & { readonly queue: string })[];
  readonly pairs: readonly (Kappa & { readonly people: readonly [string, string] })[];
}

/** Of readings of some time, the oldest first: each second one against the first one of its case. */
export function agreementOf(reviews: readonly Review[]): Agreement {
  const firsts = new Map<string, Review>();
  for (const one of reviews) {
    if (one.twinOf === null && isCompared(one.outcome) && !firsts.has(one.caseId)) firsts.set(one.caseId, one);
  }
  // A second reading that was undone was read anew since: the last one counts.
  const seconds = new Map(reviews.filter(isSecond).map((second) => [second.twinOf, second]));
  const compared = [...seconds].flatMap(([caseId, second]) => {
    const first = firsts.get(caseId);
    return first === undefined ? [] : [{ first, second }];
  });
  const outcomes = (some: typeof compared) =>
    kappaOf(some.map(({ first, second }) => [first.outcome, second.outcome] as const));
  const queues = Map.groupBy(compared, ({ first }) => first.queue);
  const pairs = Map.groupBy(compared, ({ first, second }) => [first.reviewer, second.reviewer].sort().join(' '));
  return {
    all: outcomes(compared),
    queues: [...queues].map(([queue, some]) => ({ queue, ...outcomes(some) })),
    pairs: [...pairs].map(([names, some]) => {
      const [one = '', other = ''] = names.split(' ');
      // The same person's readings in the same column, whoever of the two came first.
      const turned = some.map(({ first, second }) =>
        first.reviewer === one
          ? ([first.outcome, second.outcome] as const)
          : ([second.outcome, first.outcome] as const),
      );
      return { people: [one, other] as const, ...kappaOf(turned) };
    }),
  };
}
