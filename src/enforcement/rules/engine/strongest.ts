import type { PathVerdict } from '../../path.ts';

const RANK: Readonly<Record<PathVerdict['action'], number>> = { allow: 0, throttle: 1, hold: 2, refuse: 3 };

/** The gravest of several, whatever their order; of two alike the longer wait, then the first by the name of its rule. */
export function strongest(verdicts: readonly PathVerdict[]): PathVerdict {
  return verdicts.reduce((best, one) => (isStronger(one, best) ? one : best), { action: 'allow' });
}

function isStronger(one: PathVerdict, other: PathVerdict): boolean {
  if (one.action === 'allow' || other.action === 'allow') return RANK[one.action] > RANK[other.action];
  if (one.action !== other.action) return RANK[one.action] > RANK[other.action];
  const wait = (one.retryAfterMs ?? 0) - (other.retryAfterMs ?? 0);
  return wait === 0 ? one.rule < other.rule : wait > 0;
}
