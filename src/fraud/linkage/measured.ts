/**
 * How often the inference of shared networks is wrong, by accounts, over a simulated month of 50,000 sign-ups (seed 131 of
 * `docs/simulation/front-door.json`): of those behind networks called shared, the share behind networks that are not; of those
 * behind shared networks, the share behind networks that were not called so, mostly with a handful of people each.
 */
export const EGRESS_ERROR = { calledSharedWrongly: 0.0002, missed: 0.163 } as const;
