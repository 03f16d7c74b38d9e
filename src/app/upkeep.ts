import type { composeServing } from './compose-serving.ts';
import type { Job } from './jobs.ts';
import { followLapsedPlans } from './lapsed-plans.ts';

const SWEEP_MS = 30_000;
const CLEAR_MS = 600_000;

/** What has to be done again and again for what is served, by no domain of its own. */
export function upkeepJobs(serving: Awaited<ReturnType<typeof composeServing>>): Job[] {
  const { recovery, gateway, content, money, standing, telemetry } = serving;
  const onFault = (error: unknown) => telemetry.fault('follow a plan that ended', error);
  return [
    followLapsedPlans({ plans: money.plans, standing, onFault }),
    { name: 'settle holds past their time', everyMs: SWEEP_MS, run: () => recovery.sweep(gateway.isLive) },
    { name: 'take away expired content', everyMs: CLEAR_MS, run: () => content.sweep() },
  ];
}
