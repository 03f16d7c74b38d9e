import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, release, totalmem } from 'node:os';
import { coresOf } from './processes.ts';

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly bun: string;
  readonly node: string;
  /** With `-dirty` when the working tree differs from it. */
  readonly commit: string;
  /** Which cores carried what. */
  readonly placement: string;
  /** One-minute load average before the run; above 0.5 the figures deserve doubt. */
  readonly loadBefore: number;
}

export function describeMachine(root: string): Machine {
  const processor = /model name\s*:\s*(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  return {
    processor,
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    bun: Bun.version,
    node: printed('node', ['--version'], root),
    commit: printed('git', ['describe', '--always', '--dirty', '--exclude=*'], root),
    placement: `server on core ${coresOf('server')}; mock and generator on core ${coresOf('driver')}`,
    loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
}

function printed(command: string, args: readonly string[], cwd: string): string {
  return spawnSync(command, args, { cwd, encoding: 'utf8' }).stdout?.trim() || 'unknown';
}
