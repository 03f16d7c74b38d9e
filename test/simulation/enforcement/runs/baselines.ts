/** Rules to compare with, on the very same requests: three flags for good, and one CUSUM over raw flags. */
export interface Baselines {
  readonly three_flags: number | null;
  readonly one_stage_cusum: number | null;
}

const FLAGS_MAX = 3;
const P0 = 0.1;
const P1 = 0.5;
const ALARM_AT = 13.8;
const UP = Math.log(P1 / P0);
const DOWN = Math.log((1 - P1) / (1 - P0));

/** Requests until each rule would have banned; null: never. */
export function watchBaselines(): { overhear(flagged: boolean, times: number): void; result(): Baselines } {
  let requests = 0;
  let flags = 0;
  let level = 0;
  let threeFlags: number | null = null;
  let cusum: number | null = null;
  return {
    overhear(flagged, times) {
      requests += times;
      if (!flagged) {
        level = Math.max(0, level + times * DOWN);
        return;
      }
      flags += times;
      level += times * UP;
      if (flags >= FLAGS_MAX) threeFlags ??= requests;
      if (level >= ALARM_AT) cusum ??= requests;
    },
    result: () => ({ three_flags: threeFlags, one_stage_cusum: cusum }),
  };
}
