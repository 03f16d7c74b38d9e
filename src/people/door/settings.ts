import { DEFAULT_PLAN } from '../../config/plans.ts';
import type { DoorSetting, DoorWay } from './door.ts';

/** Where nobody said anything, everybody is let in. */
const OPEN_DOOR: DoorSetting = {
  plan: null,
  region: null,
  state: 'open',
  reason: null,
  retryAtMs: null,
  by: 'default',
  atMs: 0,
};

/** What holds for each plan and region, in memory, so that a switch takes effect with the next request. */
export interface Settings {
  /**
   * The most specific: plan and region, then plan, then region, then all. Whoever names no plan, or none that there is, begins
   * on the default one, and finds the door as that one has it.
   */
  of(way: DoorWay): DoorSetting;
  put(setting: DoorSetting): void;
  /** Forgets what was said of exactly this plan and region; false when nothing was. */
  take(way: DoorWay): boolean;
  list(): readonly DoorSetting[];
}

/** @param plans those there are; null where that is not known, and every name is taken for one */
export function createSettings(stored: readonly DoorSetting[], plans: readonly string[] | null): Settings {
  const held = new Map(stored.map((setting) => [nameOf(setting), setting]));
  return {
    of({ plan: wanted, region }) {
      const plan = wanted !== null && (plans?.includes(wanted) ?? true) ? wanted : DEFAULT_PLAN;
      return (
        held.get(nameOf({ plan, region })) ??
        held.get(nameOf({ plan, region: null })) ??
        held.get(nameOf({ plan: null, region })) ??
        held.get(nameOf({ plan: null, region: null })) ??
        OPEN_DOOR
      );
    },
    put: (setting) => void held.set(nameOf(setting), setting),
    take: (way) => held.delete(nameOf(way)),
    list: () => [...held.values()],
  };
}

/** Plans and regions hold no slash. */
function nameOf({ plan, region }: DoorWay): string {
  return `${plan ?? ''}/${region ?? ''}`;
}
