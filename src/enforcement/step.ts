/** The ladder: nine steps from a notice to the end of an account. */
export const STEPS = [
  /** Told in band, with the code of the conduct. */
  'notice',
  /** Mail and portal, until it is acknowledged; 30 days. */
  'warning',
  /** Stricter moderation, nothing of a reply before all of it was looked at; 7 days. */
  'friction',
  /** A quarter of the rate, small models only; 3 days. */
  'throttle',
  /** Nothing is generated; export and billing stay open; 24 h, doubled each time, at most 14 days. */
  'cool_off',
  /** A scope is taken away: models, tools or an app; 30 days. */
  'restrict',
  /** Frozen; unspent paid balance is kept; 60 days or until an appeal. */
  'suspend',
  /** Every account of an operator, one step below what the gravest of them has. */
  'operator',
  /** Closed, unspent paid balance given back; one year or for good. */
  'terminate',
] as const;
export type Step = (typeof STEPS)[number];

/** Of the ladder, 0 to 8. */
export function rankOf(step: Step): number {
  return STEPS.indexOf(step);
}
