import { readTree, type TreeUsage } from '../cpu.ts';

/** What the watched processes used between start and stop. */
export interface WatchedUsage {
  readonly elapsedMs: number;
  readonly cpuMs: Readonly<Record<string, number>>;
  /** At the end. */
  readonly residentBytes: Readonly<Record<string, number>>;
}

/** Reads the use of processes at the edges of a measurement, from within the generator so that the edges are sharp. */
export class Watch {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #before: ReadonlyMap<string, TreeUsage>;
  readonly #startMs: number;

  private constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
    this.#before = new Map(Object.entries(pids).map(([name, pid]) => [name, readTree(pid)]));
    this.#startMs = performance.now();
  }

  /** The generator itself is always watched, as `generator`. */
  static start(pids: Readonly<Record<string, number>>): Watch {
    return new Watch({ ...pids, generator: process.pid });
  }

  stop(): WatchedUsage {
    const elapsedMs = performance.now() - this.#startMs;
    const cpuMs: Record<string, number> = {};
    const residentBytes: Record<string, number> = {};
    for (const [name, pid] of Object.entries(this.#pids)) {
      const after = readTree(pid);
      cpuMs[name] = after.cpuMs - (this.#before.get(name)?.cpuMs ?? 0);
      residentBytes[name] = after.residentBytes;
    }
    return { elapsedMs, cpuMs, residentBytes };
  }
}
