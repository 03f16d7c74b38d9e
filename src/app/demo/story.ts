import type { App } from '../compose.ts';
import { DEMO_APPS } from './apps.ts';
import type { DayDeps, Happening } from './day.ts';
import { createJoining } from './joining.ts';
import { createNewcomers } from './newcomers.ts';
import { pleasOf } from './pleas.ts';
import { createReviewing } from './reviewing.ts';
import type { AskControl, ReadyCaller } from './setup.ts';
import { createTrouble } from './trouble.ts';

interface StoryDeps extends DayDeps {
  readonly app: Pick<App, 'publicFetch' | 'control'>;
  readonly ask: AskControl;
  readonly startMs: number;
  readonly endMs: number;
}

/** The people of the days, beside the traffic: who signs up, who makes trouble, who decides, who contests it. */
interface Story {
  /** Of the day that begins then. */
  happeningsOf(dayMs: number): readonly Happening[];
  /** Those who made a key. */
  callers(): ReadyCaller[];
  /** Those of them who begin to make trouble later. */
  sleepers(): ReadyCaller[];
  readonly newcomers: number;
}

const DAY_MS = 86_400_000;

export async function createStory(deps: StoryDeps): Promise<Story> {
  const { app, ask, seeded, startMs, endMs, clock } = deps;
  const newcomers = createNewcomers(DEMO_APPS, seeded);
  const joining = await createJoining(newcomers, deps);
  const msOf = (share: number) => Math.round(startMs + share * (endMs - startMs));
  const { happenings, meant } = createTrouble({ ...deps, newcomers, joining, msOf });
  const farmed = newcomers.find(({ role }) => role === 'farmed');
  const farm = () => ({
    firstAtMs: msOf(farmed?.at ?? 0),
    lastAtMs: clock.wallMs(),
    requests: joining.farmRequests(),
  });
  const reviewing = await createReviewing({ app, ask, seeded, msOf, meant, farm });
  const all = [...happenings, ...pleasOf({ app, newcomers, joining, msOf }), ...reviewing];
  const sleepers = newcomers.filter(({ role }) => role === 'sleeper');
  return {
    happeningsOf: (dayMs) => [
      ...joining.happeningsOf(dayMs),
      ...all.filter(({ atMs }) => atMs >= dayMs && atMs < dayMs + DAY_MS),
    ],
    callers: joining.callers,
    sleepers: () => sleepers.map(joining.callerOf).filter((caller) => caller !== undefined),
    newcomers: newcomers.length,
  };
}
