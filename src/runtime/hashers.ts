import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PasswordCost } from './password.ts';

/** What a process that hashes is asked, one line of JSON each. */
export type HashOrder =
  | { readonly id: number; readonly password: string; readonly cost: PasswordCost }
  | { readonly id: number; readonly password: string; readonly encoded: string };

/** What it answers: a hash, whether the password was right, or what went wrong. */
export type HashAnswer = { readonly id: number } & (
  | { readonly hash: string }
  | { readonly right: boolean }
  | { readonly fault: string }
);

/**
 * Works passwords out in processes of its own that come behind everything that serves: a core that streams tokens has
 * time for a hash only when nobody waits for a token. On threads of the service a crowd at the door would cost every caller.
 */
export interface Hashers {
  /** Argon2id (RFC 9106) with a salt of its own, as a PHC string. */
  hash(password: string, cost: PasswordCost): Promise<string>;
  /** Whether `encoded`, a PHC string, was made of this password; rejects when it is none. */
  verify(password: string, encoded: string): Promise<boolean>;
  /** How many are worked out at the same time. */
  readonly atOnce: number;
  close(): void;
}

const CHILD = join(import.meta.dirname, 'hasher.ts');
/** Processes; each takes what one hash takes, and the memory of a runtime, once somebody signed in. */
const PROCESSES_MAX = 4;
/** The last place there is. */
const NICE = 19;
/** Among sessions not the last: on a machine that others keep busy somebody must still come in. About a tenth of a core each. */
const SESSION_NICE = 10;

interface Worker {
  ask(order: HashOrder): Promise<HashAnswer>;
  /** Orders it has. */
  readonly load: () => number;
  end(): void;
}

/** Starts nothing until the first password comes. */
export function createHashers(): Hashers {
  // One core is left to whatever serves, where there is more than one.
  const atOnce = Math.min(PROCESSES_MAX, Math.max(1, availableParallelism() - 1));
  const workers: (Worker | null)[] = Array.from({ length: atOnce }, () => null);
  let lastId = 0;

  function leastBusy(): Worker {
    let place = 0;
    for (let at = 1; at < atOnce; at++) if (loadOf(at) < loadOf(place)) place = at;
    const worker = workers[place] ?? startWorker(() => (workers[place] = null));
    workers[place] = worker;
    return worker;
  }
  const loadOf = (at: number) => workers[at]?.load() ?? 0;
  async function ask(order: { password: string; cost: PasswordCost } | { password: string; encoded: string }) {
    const answer = await leastBusy().ask({ ...order, id: ++lastId });
    if ('fault' in answer) throw new Error(answer.fault);
    return answer;
  }
  return {
    atOnce,
    async hash(password, cost) {
      const answer = await ask({ password, cost });
      if (!('hash' in answer)) throw new Error('a hash was asked for and not given');
      return answer.hash;
    },
    async verify(password, encoded) {
      const answer = await ask({ password, encoded });
      return 'right' in answer && answer.right;
    },
    close() {
      for (const worker of workers) worker?.end();
    },
  };
}

function startWorker(onEnd: () => void): Worker {
  // In a session of its own, which is what Linux weighs against others before it looks at priorities; it ends with its input.
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'], env: {}, detached: true });
  lower(child);
  const waiting = new Map<number, PromiseWithResolvers<HashAnswer>>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const answer = JSON.parse(line) as HashAnswer;
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  function end(): void {
    onEnd();
    for (const { reject } of waiting.values()) reject(new Error('the process that hashes passwords ended'));
    waiting.clear();
  }
  // What was written to a process that has just died is rejected with all it had.
  child.stdin.on('error', () => undefined);
  child.on('error', end);
  child.on('exit', end);
  // An answer that is due is waited for by whoever asked; the process itself keeps nobody running.
  child.unref();
  return {
    ask(order) {
      const answer = Promise.withResolvers<HashAnswer>();
      waiting.set(order.id, answer);
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return answer.promise;
    },
    load: () => waiting.size,
    end: () => child.kill(),
  };
}

function lower({ pid }: ChildProcess): void {
  try {
    if (pid === undefined) return;
    setPriority(pid, NICE);
    writeFileSync(`/proc/${pid}/autogroup`, String(SESSION_NICE));
  } catch {
    // It has ended already, or this system keeps priorities to itself; either way passwords are worked out.
  }
}
