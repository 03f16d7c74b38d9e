import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;

/** The wall clock of the processes started with it; their monotonic clock is the machine's own. */
export interface BentClock {
  /** The command to run them under. */
  readonly prefix: readonly string[];
  /** How far it is ahead of the true time from now on; negative: behind. */
  set(sec: number): void;
}

/** Why no clock can be bent here; null when one can. */
export function whyNoBentClock(): string | null {
  return existsSync(LIBRARY) ? null : 'no libfaketime here';
}

/** Keeps the state of the clock in a file in `folder`, which the processes read each time they ask for the time. */
export function bendClock(folder: string): BentClock {
  const file = join(folder, 'clock');
  const set = (sec: number) => writeFileSync(file, `${sec < 0 ? '' : '+'}${sec}s\n`);
  set(0);
  const library = [`LD_PRELOAD=${LIBRARY}`, `FAKETIME_TIMESTAMP_FILE=${file}`];
  return { prefix: ['env', ...library, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1'], set };
}
