import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BeginReplay, FromReplay, ReplaySums, ToReplay } from './protocol.ts';

const CHILD_PATH = fileURLToPath(new URL('./child/main.ts', import.meta.url));

/** Why a replay did not come to an end, in words for whoever asked for it. */
export class ReplayFault extends Error {
  override readonly name = 'ReplayFault';
}

/** A process of its own that replays: serving requests never waits for one. Rejects with `ReplayFault`. */
export interface ReplayProcess {
  /** Gives it a file to read; resolves when it has read the one before. */
  file(path: string, untilMs: number): Promise<void>;
  end(): Promise<ReplaySums>;
  /** Ends the process, whatever it does. */
  stop(): void;
}

export function startReplay(begin: BeginReplay, onProgress: (events: number) => void): ReplayProcess {
  const child = fork(CHILD_PATH, [], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  const done = Promise.withResolvers<ReplaySums>();
  let reading: PromiseWithResolvers<void> | null = null;
  const fail = (message: string) => {
    const fault = new ReplayFault(message);
    done.reject(fault);
    reading?.reject(fault);
  };
  // Whoever waits for a file hears of it there.
  done.promise.catch(() => undefined);
  child.once('exit', () => fail('the process of the replay ended'));
  child.once('error', () => fail('the process of the replay could not be started'));
  child.on('message', (message) => {
    const told = message as FromReplay;
    if (told.type === 'progress') onProgress(told.events);
    else if (told.type === 'failed') fail(told.message);
    else if (told.type === 'done') done.resolve(told.sums);
    else {
      onProgress(told.events);
      reading?.resolve();
    }
  });
  const send = (order: ToReplay) => void (child.connected && child.send(order));
  send(begin);

  return {
    async file(path, untilMs) {
      await reading?.promise;
      reading = Promise.withResolvers<void>();
      // The next call, or the end, hears of a failure.
      reading.promise.catch(() => undefined);
      send({ type: 'file', path, untilMs });
    },
    async end() {
      await reading?.promise;
      send({ type: 'end' });
      return done.promise;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
