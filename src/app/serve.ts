import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { listenControl } from '../http/control.ts';
import { listen, type Listener } from '../runtime/listener.ts';
import { type App, compose } from './compose.ts';

/** EX_SOFTWARE of sysexits: the disk failed and the process must not go on. */
const EXIT_STORAGE = 70;

export interface ServeOptions {
  readonly config: Config;
  readonly readableLogs: boolean;
  /** Where the config came from, for the greeting; null when there is no file. */
  readonly configFile: string | null;
  readonly write: (text: string) => void;
  readonly writeLog: (line: string) => void;
}

/** Serves until SIGTERM or SIGINT; resolves with the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const { config } = options;
  const app = await compose({
    config,
    clock: systemClock,
    random: systemRandom,
    writeLog: options.writeLog,
    readableLogs: options.readableLogs,
    onFatal(fault) {
      options.writeLog(JSON.stringify({ level: 'error', msg: 'storage failed; stopping', error: fault.message }));
      process.exit(EXIT_STORAGE);
    },
  });
  const control = listenControl(config.server.dataDir, app.controlFetch);
  const listener = listenPublic(app);
  options.write(greeting(app, listener, options.configFile));
  await stopSignal();
  options.writeLog(JSON.stringify({ level: 'info', msg: 'draining', in_flight: app.gateway.liveCount() }));
  // The listener stays open while draining: callers are told to come back, and /readyz tells the load balancer.
  await app.gateway.drain(config.server.drainMs);
  await Promise.race([listener.stop(false), new Promise((resolve) => setTimeout(resolve, LAST_FRAMES_MS))]);
  await listener.stop(true);
  await control.stop();
  await app.close();
  return 0;
}

/** Time for the last frames of drained streams to reach their sockets. */
const LAST_FRAMES_MS = 500;

function listenPublic(app: App): Listener {
  const { server } = app.config;
  return listen({
    hostname: server.host,
    port: server.port,
    bodyBytesMax: server.bodyBytesMax,
    handle: app.publicFetch,
    onError(error) {
      app.telemetry.fault('listener', error);
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

function greeting(app: App, listener: Listener, configFile: string | null): string {
  const url = `http://${listener.hostname.includes(':') ? `[${listener.hostname}]` : listener.hostname}:${listener.port}`;
  const models = Object.keys(app.config.models);
  const lines = [
    '',
    `  Candor is serving at ${url}`,
    `  data    ${app.config.server.dataDir}`,
    `  config  ${configFile ?? 'none: the demo provider answers (copy candor.example.yaml to candor.yaml to change that)'}`,
    `  models  ${models.slice(0, 8).join(', ')}${models.length > 8 ? ` and ${models.length - 8} more` : ''}`,
  ];
  if (app.recovered > 0) lines.push(`  closed  ${app.recovered} requests that the last process left open`);
  if (app.keys.list().length === 0) {
    lines.push(
      '',
      '  There is no key yet. In another terminal:',
      '',
      '    npx candor key create --app my-first-app',
      '',
      '  then ask the first question:',
      '',
      `    curl ${url}/v1/chat/completions -H "Authorization: Bearer $CANDOR_KEY" \\`,
      `      -H "Content-Type: application/json" \\`,
      `      -d '{"model": "${models[0] ?? 'demo'}", "messages": [{"role": "user", "content": "Hello"}]}'`,
    );
  }
  lines.push('', '');
  return lines.join('\n');
}
