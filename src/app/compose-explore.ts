import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Accounts, Keys } from '../accounts/index.ts';
import { toIso } from '../base/calendar.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { ControlVariables } from '../http/control-api.ts';
import { readCorrections, readPaidBy, readRequestTransfers, toMovedView, toPaidByView } from '../ledger/index.ts';
import {
  type Apps,
  type CapturedContent,
  createExports,
  createSavedViews,
  type ExploreDeps,
  exploreRoutes,
  exportRoutes,
  viewRoutes,
  whoRoutes,
} from '../metering/index.ts';
import type { Staff } from '../staff/index.ts';
import type { Reader, Storage } from '../storage/sql/storage.ts';
import type { MonitorParts } from './compose-monitor.ts';
import { createNaming } from './naming.ts';

export interface ComposeExploreOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly monitor: Pick<MonitorParts, 'columns' | 'freshness'>;
  readonly content: Pick<CapturedContent, 'stateOf'>;
  readonly apps: Pick<Apps, 'merged' | 'nameOf'>;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly keys: Pick<Keys, 'get'>;
  readonly staff: Pick<Staff, 'roleMay'>;
}

/** Questions about usage, answered by the columns, and single events with what the books say of them. */
export interface ExploreParts {
  /** For whoever else asks about usage. */
  readonly deps: ExploreDeps;
  readonly routes: readonly Hono<{ Variables: ControlVariables }>[];
}

export function composeExplore({
  storage,
  clock,
  mintId,
  monitor,
  content,
  apps,
  accounts,
  keys,
  staff,
}: ComposeExploreOptions): ExploreParts {
  const { reader } = storage;
  const deps: ExploreDeps = {
    columns: monitor.columns,
    freshness: monitor.freshness,
    clock,
    reader,
    files: filesOf(reader, content),
    families: apps.merged,
    names: { nameOf: apps.nameOf, labelOf: createNaming({ apps, accounts, keys }) },
  };
  const exports = createExports({ ...deps, columns: monitor.columns, exportFolder: join(storage.dataDir, 'exports') });
  const views = createSavedViews({ storage, clock, mintId, mayTidy: (role) => staff.roleMay(role, 'staff.write') });
  return { deps, routes: [exploreRoutes(deps), whoRoutes(deps), exportRoutes(exports, deps), viewRoutes(views)] };
}

function filesOf(reader: Reader, content: Pick<CapturedContent, 'stateOf'>): ExploreDeps['files'] {
  return {
    transfers: async (requestId) => (await readRequestTransfers(reader, requestId)).map(toMovedView),
    paidBy: async (requestId) => (await readPaidBy(reader, requestId)).map(toPaidByView),
    async corrections(requestId) {
      const made = await readCorrections(reader, requestId);
      return made.map(({ id, atMs, amount, reason }) => ({
        id,
        at: toIso(atMs),
        amount_nano: String(amount),
        note: reason,
      }));
    },
    content: (requestId) => content.stateOf(requestId),
  };
}
