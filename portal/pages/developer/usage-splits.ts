/** What usage is split by here. */
export const SPLITS = ['app', 'key', 'model', 'member', 'end_user'] as const;
export type Split = (typeof SPLITS)[number];
