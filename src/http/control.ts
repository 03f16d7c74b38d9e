import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { listenSocket, SOCKET_PATH_BYTES_MAX, type SocketListener } from '../runtime/socket-listener.ts';
import { StorageFault } from '../storage/sql/writer.ts';

const SOCKET_FILE = 'control.sock';

/**
 * The control socket of a data folder; whoever may open it is the operator. It lies in the folder itself, or, where that
 * path is too long for a socket, in a folder of the temporary directory that only this user may enter.
 */
export function controlSocketOf(dataDir: string): string {
  const inside = join(dataDir, SOCKET_FILE);
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX) return inside;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(ownedFolder(join(tmpdir(), `candor-${name}`)), SOCKET_FILE);
}

/** Others may write in the temporary directory: a folder there counts only if it is ours and closed to them. */
function ownedFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(path);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) throw new Error(`${path} belongs to somebody else; remove it`);
  return path;
}

const CONTROL_BODY_BYTES_MAX = 256 * 1024;

/** Puts the domains' control routes together. `onFault` hears of errors no route turned into an answer. */
export function createControl(routes: readonly Hono[], onFault: (error: unknown) => void): Hono {
  const control = new Hono();
  for (const part of routes) control.route('/', part);
  control.notFound((context) =>
    context.json(explain('path_unknown', `there is no ${context.req.method} ${context.req.path}`), 404),
  );
  control.onError((error, context) => {
    onFault(error);
    if (error instanceof StorageFault) {
      return context.json(explain('storage_unavailable', `the store cannot take this now (${error.kind})`), 503);
    }
    return context.json(explain('internal', 'something broke; the log of the service says what'), 500);
  });
  return control;
}

/** Serves the control API on the socket of the data folder, which this process must own. */
export function listenControl(dataDir: string, control: Hono): SocketListener {
  return listenSocket({
    path: controlSocketOf(dataDir),
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: (request) => control.fetch(request),
  });
}

function explain(reason: string, message: string): { error: { reason: string; message: string } } {
  return { error: { reason, message } };
}
