/**
 * How often the inference of shared networks is wrong, by `npm run simulate -- front-door`: of networks fewer than five
 * people used, the share called shared, and of those that five or more used, the share that was not.
 */
export const EGRESS_ERROR = { calledSharedWrongly: 0.025, missed: 0.29 } as const;
