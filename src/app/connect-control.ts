import { existsSync } from 'node:fs';
import { createKeys, createStanding, keyRoutes, openStopTable, standingRoutes } from '../accounts/index.ts';
import { systemClock } from '../base/clock.ts';
import { loadSigner } from '../audit/signing.ts';
import { createMintId } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { type ControlAnswer, type ControlCall, ControlUnreachable } from './contract.ts';
import { folderDecisionRoutes } from '../enforcement/index.ts';
import { controlSocketOf, createControl } from '../http/control.ts';
import { columnsRoutes } from '../metering/index.ts';
import { callSocket } from '../runtime/socket-listener.ts';
import { createStaff, staffControlApi } from '../staff/index.ts';
import { openStorage } from '../storage/sql/storage.ts';
import { StorageStartError } from '../storage/sql/start-error.ts';
import { FOLDER_API } from './control-api.ts';
import { composeFolderApps } from './compose-apps.ts';
import { composeDoor } from './compose-door.ts';
import { composeLedger } from './compose-ledger.ts';
import { composeFolderModeration } from './compose-moderation.ts';
import { MIGRATIONS } from './migrations.ts';

/**
 * The control API of a data folder: the service's own while one runs there, else the same routes over the folder
 * itself, so that a key can be made before the first start.
 */
export function connectControl(dataDir: string): ControlCall {
  return async function call(method, path, body) {
    const request = { method, path, body: body === undefined ? null : JSON.stringify(body) };
    const socket = controlSocketOf(dataDir);
    if (existsSync(socket)) {
      const answer = await callSocket(socket, request);
      if (answer) return read(answer, true);
    }
    return read(await callFolder(dataDir, request), false);
  };
}

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
}

/** Nobody signs in where no service runs; what is done by the command line is written down all the same. */
const FOLDER_STAFF = { publicUrl: null, sessionIdleMs: 0, sessionMaxMs: 0 };

async function callFolder(dataDir: string, request: ControlRequest): Promise<Response> {
  const clock = systemClock;
  const random = systemRandom;
  try {
    const storage = await openStorage({ dataDir, migrations: MIGRATIONS, clock, random, onFatal: () => undefined });
    try {
      const stops = await openStopTable(storage, clock);
      const keys = await createKeys({ storage, clock, random, stopOf: stops.of });
      const mintId = createMintId(clock, random);
      const ledger = await composeLedger({ storage, keys, clock, random, mintId, config: null, telemetry: null });
      const standing = createStanding({ storage, clock, mintId, table: stops, keys, accounts: ledger.accounts });
      const apps = await composeFolderApps({ storage, keys, clock });
      const moderation = await composeFolderModeration({ storage, clock, accounts: ledger.accounts });
      const door = await composeDoor({ storage, clock, random, mintId }, null, null);
      const staff = createStaff({ storage, clock, random, mintId, config: FOLDER_STAFF });
      const control = createControl({
        routes: [
          staff.routes,
          keyRoutes(keys, clock, null),
          standingRoutes(standing, clock),
          door.routes,
          columnsRoutes(null),
          apps,
          moderation,
          folderDecisionRoutes({ storage, clock, signer: loadSigner(dataDir, random) }),
          ...ledger.routes,
        ],
        described: [...staffControlApi, ...FOLDER_API],
        guard: staff,
        onFault: () => undefined,
      });
      const { method, body } = request;
      try {
        return await control.fetch(new Request(`http://control${request.path}`, { method, body }));
      } finally {
        ledger.close();
        keys.close();
      }
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (error instanceof StorageStartError && error.kind === 'locked') {
      throw new ControlUnreachable(`a service owns ${dataDir} but does not answer`, { cause: error });
    }
    throw error;
  }
}

async function read(answer: Response, running: boolean): Promise<ControlAnswer> {
  return { status: answer.status, body: await answer.json(), running };
}
