import type { ConfigFile } from './schema.ts';

/** How reviewing is set up, as far as the configuration says it. */
export interface ReviewingConfig {
  readonly lockMinutes: number;
  readonly exposureMinutesPerDay: number;
  readonly severePerDay: number;
  readonly rotateAfter: number;
  readonly doubleReviewPercent: number;
  readonly revealTakesTwo: readonly (1 | 2 | 3 | 'terminal')[];
  readonly undoHours: number;
  readonly utcOffsetMinutes: number;
  readonly harm: {
    readonly sanctionsPercent: number;
    readonly unsanctionedPerDay: number;
    readonly limitPer10k: number;
    readonly cohortLimitPer10k: number;
  };
}

export function assembleReviewing(entry: ConfigFile['reviewing']): ReviewingConfig {
  const { harm_budget: harm } = entry;
  return {
    lockMinutes: entry.lock_minutes,
    exposureMinutesPerDay: entry.exposure_minutes_per_day,
    severePerDay: entry.severe_per_day,
    rotateAfter: entry.rotate_after,
    doubleReviewPercent: entry.double_review_percent,
    revealTakesTwo: entry.reveal_takes_two,
    undoHours: entry.undo_hours,
    utcOffsetMinutes: entry.utc_offset_minutes,
    harm: {
      sanctionsPercent: harm.sanctions_percent,
      unsanctionedPerDay: harm.unsanctioned_per_day,
      limitPer10k: harm.limit_per_10k,
      cohortLimitPer10k: harm.cohort_limit_per_10k,
    },
  };
}
