/** How likely something is drawn for an audit: everything has a chance, and what little is known of has a larger one. Pure. */
import { cohortKey, cohortsIn, type HarmItem, type HarmPolicy } from './harm.ts';

const WEEK_MS = 7 * 86_400_000;

/** Chances by item, so that each cohort gets about as many audits a week as the policy asks for, if it has so many. */
export function chancesOf(
  waiting: readonly HarmItem[],
  recent: readonly HarmItem[],
  policy: HarmPolicy,
  nowMs: number,
): ReadonlyMap<string, number> {
  const sinceMs = nowMs - WEEK_MS;
  const counts = new Map<string, number>();
  for (const item of recent) {
    if (item.sanction === null || item.atMs < sinceMs) continue;
    for (const cohort of cohortsIn(item.cohorts)) {
      counts.set(cohortKey(cohort), (counts.get(cohortKey(cohort)) ?? 0) + 1);
    }
  }
  const base = policy.sanctionsPercent / 100;
  return new Map(
    waiting.map((item) => {
      const wanted = cohortsIn(item.cohorts).map(
        (cohort) => policy.perCohortWeek / Math.max(1, counts.get(cohortKey(cohort)) ?? 1),
      );
      return [item.id, Math.min(1, Math.max(base, ...wanted))] as const;
    }),
  );
}
