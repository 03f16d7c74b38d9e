import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { EXIT, type ServeRequest } from './contract.ts';
import { listenControl } from '../http/control.ts';
import { listen, type Listener } from '../runtime/listener.ts';
import type { SocketListener } from '../runtime/socket-listener.ts';
import type { Provider } from '../providers/index.ts';
import { type App, compose } from './compose.ts';
import { formatGreeting } from './greeting.ts';

export interface Output {
  readonly stdout: (text: string) => void;
  readonly version: string;
  /** Takes one whole line of the log, its end included. */
  readonly writeLog: (line: string) => void;
  /** Upstreams in place of those the configuration describes. */
  readonly providers?: ReadonlyMap<string, Provider>;
  /** Called once it serves; what it returns is awaited before anything is closed. */
  readonly onServing?: (urls: { readonly url: string; readonly console: string | null }) => () => Promise<void>;
}

/** Serves until SIGTERM or SIGINT; resolves with the exit code. */
export async function serve(request: ServeRequest, output: Output): Promise<number> {
  const { config } = request;
  const app = await compose({
    config,
    clock: systemClock,
    random: systemRandom,
    version: output.version,
    writeLog: output.writeLog,
    readableLogs: request.dev,
    ...(output.providers && { providers: output.providers }),
    onFatal(fault) {
      output.writeLog(`candor: the disk failed, so nothing can be recorded and nothing is served: ${fault.message}\n`);
      process.exit(EXIT.internal);
    },
  });
  // Heard from before anybody is told that the service is there: whoever knows of it may stop it.
  const stopped = stopSignal();
  const open = await openListeners(app);
  const { listener } = open;
  const told = await facts(app, open);
  output.stdout(request.json ? `${JSON.stringify(told)}\n` : greeting(app, told, request));
  const beforeClosing = output.onServing?.(await facts(app, open));
  await stopped;
  await beforeClosing?.();
  app.telemetry.notice('info', 'draining', { in_flight: app.gateway.liveCount() });
  // The listener stays open while draining: callers are told to come back, and /readyz tells the load balancer.
  await app.gateway.drain(config.server.drainMs);
  app.endWatching();
  await Promise.all([stopListener(listener), open.console === null ? null : stopListener(open.console)]);
  await open.control.stop();
  await app.close();
  return EXIT.ok;
}

/** Time for the last frames of drained streams to reach their sockets. */
const LAST_FRAMES_MS = 500;

async function stopListener(listener: Listener): Promise<void> {
  const late = Promise.withResolvers<void>();
  // Cleared, because a timer left behind would hold up the end of the process.
  const timer = setTimeout(late.resolve, LAST_FRAMES_MS);
  await Promise.race([listener.stop(false), late.promise]);
  clearTimeout(timer);
  await listener.stop(true);
}

interface Listeners {
  readonly listener: Listener;
  /** Null where the configuration turns it off. */
  readonly console: Listener | null;
  readonly control: SocketListener;
}

/** All listeners or none: a port that is taken ends the start with everything closed again. */
async function openListeners(app: App): Promise<Listeners> {
  await using opened = new AsyncDisposableStack();
  opened.defer(() => app.close());
  const listener = listenPublic(app);
  opened.defer(() => listener.stop(true));
  const console = listenConsole(app);
  opened.defer(() => console?.stop(true));
  const control = listenControl(app.config.server.dataDir, app.control);
  opened.move();
  return { listener, console, control };
}

function listenPublic(app: App): Listener {
  const { server } = app.config;
  return listen({
    hostname: server.host,
    port: server.port,
    names: { port: 'CANDOR_PORT or server.port', host: 'CANDOR_HOST or server.host' },
    handle: app.publicFetch,
    onError(error) {
      app.telemetry.fault('listener', error);
      return new Response(null, { status: 500 });
    },
  });
}

function listenConsole(app: App): Listener | null {
  const { consoleFetch } = app;
  if (consoleFetch === null) return null;
  const { host, port } = app.config.console;
  return listen({
    hostname: host,
    port,
    names: { port: 'CANDOR_CONSOLE_PORT or console.port', host: 'CANDOR_CONSOLE_HOST or console.host' },
    handle: consoleFetch,
    onError(error) {
      app.telemetry.fault('console listener', error);
      return new Response(null, { status: 500 });
    },
  });
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    function onSignal(): void {
      signals++;
      if (signals === 1) resolve();
      else process.exit(130);
    }
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function urlOf(listener: Listener): string {
  const host = listener.hostname.includes(':') ? `[${listener.hostname}]` : listener.hostname;
  return `http://${host}:${listener.port}`;
}

async function facts(app: App, { listener, console }: Listeners) {
  return {
    url: urlOf(listener),
    console: app.config.console.publicUrl ?? (console && urlOf(console)),
    portal: app.config.portal.enabled ? (app.config.portal.publicUrl ?? urlOf(listener)) : null,
    setup_token: app.consoleFetch === null ? null : await app.setupToken(),
    data: app.config.server.dataDir,
    models: Object.keys(app.config.models),
    recovered: app.recovered,
  };
}

function greeting(app: App, told: Awaited<ReturnType<typeof facts>>, request: ServeRequest): string {
  const hasKeys = app.keys.list().length > 0;
  return formatGreeting({ ...told, ...request, hasKeys });
}
