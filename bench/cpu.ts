import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in `/proc`; fixed at 100 for user space on Linux. */
const TICKS_PER_SECOND = 100;

/** Use of one process and its descendants, threads included. */
export interface TreeUsage {
  /** User and system time since the processes started. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly processes: number;
}

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

/** Reads the process `root` and all below it; zeros when it is gone. Linux only. */
export function readTree(root: number): TreeUsage {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  let cpuMs = 0;
  let residentBytes = 0;
  let processes = 0;
  for (const [pid, stat] of stats) {
    if (!descends(stats, pid, root)) continue;
    cpuMs += stat.cpuMs;
    residentBytes += readResidentBytes(pid);
    processes += 1;
  }
  return { cpuMs, residentBytes, processes };
}

function descends(stats: ReadonlyMap<number, Stat>, pid: number, root: number): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = stats.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

function readStat(pid: number): Stat | undefined {
  const text = readOrNothing(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name may hold spaces and brackets; everything after its last bracket is numbers.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0);
  return { parent: Number(fields[1] ?? 0), cpuMs: (ticks * 1000) / TICKS_PER_SECOND };
}

function readResidentBytes(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readOrNothing(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kib ?? 0) * 1024;
}

/** A process may end while it is read. */
function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
