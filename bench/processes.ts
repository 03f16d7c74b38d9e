import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The server under measure has the first core to itself; the mock and the generator share the others. */
export type Place = 'server' | 'driver';

export interface Launch {
  readonly place: Place;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute; what the process prints goes there. */
  readonly logPath: string;
}

/** A process that we started. */
export interface Running {
  readonly pid: number;
  /** Asks it to end, and kills it after ten seconds. */
  stop(): Promise<void>;
  /** Resolves when it ends, by whatever cause. */
  readonly ended: Promise<void>;
}

/** `taskset` is part of util-linux and becomes the command, so the process id stays the command's own. */
export function launch(launch: Launch): Running {
  const log = openSync(launch.logPath, 'w');
  const child = spawn('taskset', ['-c', coresOf(launch.place), launch.command, ...launch.args], {
    cwd: ROOT,
    env: environment(launch.env),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return running(child, launch.command);
}

/** Runs one of the bench's own programs to its end, passes on each line it prints, and returns the last one. */
export async function runDriver(
  script: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  const child = spawn('taskset', ['-c', coresOf('driver'), process.execPath, `${ROOT}bench/${script}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    last = line;
    onLine(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`bench/${script} ended with code ${code}`);
  return last;
}

/** Ours, without what the bench itself was started with. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { CANDOR_RUN: _, ...own } = process.env;
  return { ...own, ...more };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Waits until something answers on the port, with whatever status. */
export async function untilAnswers(server: Running, port: number, path: string, what: string): Promise<void> {
  let gone = false;
  void server.ended.then(() => {
    gone = true;
  });
  for (let tries = 0; tries < 300; tries += 1) {
    if (gone) throw new Error(`${what} ended before it answered; its output is in bench/.work/logs`);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
    if (answer !== undefined) return void (await answer.arrayBuffer());
    await Bun.sleep(100);
  }
  throw new Error(`${what} did not answer within 30 s; its output is in bench/.work/logs`);
}

export function coresOf(place: Place): string {
  const cores = availableParallelism();
  if (cores === 1) return '0';
  if (place === 'server') return '0';
  return cores === 2 ? '1' : `1-${cores - 1}`;
}

function running(child: ChildProcess, command: string): Running {
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${command} (is taskset installed?)`);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(killer);
  };
  return { pid, stop, ended };
}
