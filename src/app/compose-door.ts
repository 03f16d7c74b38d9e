import type { Config } from '../config/config.ts';
import { createDoor, type DoorDeps, doorControlRoutes } from '../people/index.ts';

/** The door and its control API; null for `config` over a folder no service runs on. */
export async function composeDoor(
  deps: Omit<DoorDeps, 'plans'>,
  config: Pick<Config, 'plans'> | null,
  regionsKnown: boolean | null,
) {
  const plans = config && Object.keys(config.plans);
  const door = await createDoor({ ...deps, plans });
  return { door, routes: doorControlRoutes({ door, reader: deps.storage.reader, plans, regionsKnown }) };
}
