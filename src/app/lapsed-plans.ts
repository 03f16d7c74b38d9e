import type { Standing } from '../accounts/index.ts';
import type { PlansPart } from '../ledger/index.ts';
import type { Job } from './jobs.ts';

export interface LapsedPlansDeps {
  readonly plans: Pick<PlansPart, 'lapsed' | 'onChange'>;
  readonly standing: Pick<Standing, 'stop' | 'lift' | 'inForce' | 'stopOfAccount'>;
  readonly onFault: (error: unknown) => void;
}

const BY = 'plan';
/** Changes are followed at once; this follows what a process that died left behind. */
const LOOK_EVERY_MS = 60_000;

/** Stops accounts whose plan has ended, where the plan says so, and lifts that when they have one again. */
export function followLapsedPlans({ plans, standing, onFault }: LapsedPlansDeps): Job {
  let following: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    const lapsed = new Map(plans.lapsed().map((one) => [one.accountId, one.plan]));
    const stops = standing.inForce('plan');
    for (const { id, subject } of stops) if (!lapsed.has(subject.accountId)) await standing.lift(id, BY);
    const stopped = new Set(stops.map(({ subject }) => subject.accountId));
    for (const [accountId, plan] of lapsed) {
      if (stopped.has(accountId)) continue;
      const reason = `the plan ${plan} has ended`;
      await standing.stop({ subject: { kind: 'account', accountId }, cause: 'plan', reason, by: BY, untilMs: null });
    }
  }
  /** One after the other, so that no account is stopped twice for one end. */
  function inTurn(): Promise<void> {
    following = following.then(follow, follow);
    return following;
  }

  plans.onChange(() => void inTurn().catch(onFault));
  return { name: 'follow plans that ended', everyMs: LOOK_EVERY_MS, run: inTurn };
}
