import { join } from 'node:path';
import { Hono } from 'hono';
import { listenSocket, type SocketListener } from '../runtime/socket-listener.ts';
import { StorageFault } from '../storage/sql/writer.ts';

/** In the data folder; whoever may open it is the operator. */
export const CONTROL_SOCKET_FILE = 'control.sock';
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
    path: join(dataDir, CONTROL_SOCKET_FILE),
    bodyBytesMax: CONTROL_BODY_BYTES_MAX,
    handle: (request) => control.fetch(request),
  });
}

function explain(reason: string, message: string): { error: { reason: string; message: string } } {
  return { error: { reason, message } };
}
