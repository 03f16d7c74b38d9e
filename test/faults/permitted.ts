import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why this program cannot be used here; null when it can. */
export function whyNot(program: string, args: readonly string[]): string | null {
  const tried = spawnSync(program, args);
  return tried.status === 0 ? null : `${program} is not permitted here: ${String(tried.error ?? tried.stderr).trim()}`;
}

/** Why no file system of our own can be mounted here; null when one can. */
export function whyNoMount(): string | null {
  return whyNot('unshare', ['-m', 'true']) ?? (process.getuid?.() === 0 ? null : 'mounting needs root');
}

/** Why no image can be mounted as a disk here; null when one can. */
export function whyNoLoopDisk(): string | null {
  const why = whyNoMount();
  if (why !== null) return why;
  const folder = mkdtempSync(join(tmpdir(), 'candor-loop-'));
  const image = join(folder, 'image');
  const mountPoint = join(folder, 'disk');
  try {
    execFileSync('sh', [
      '-c',
      'truncate -s 1M "$0" && mkfs.ext4 -q -F -O ^has_journal "$0" && mkdir "$1"',
      image,
      mountPoint,
    ]);
    return whyNot('mount', ['-o', 'loop', image, mountPoint]);
  } catch (error) {
    return `no loop disk here: ${String(error)}`;
  } finally {
    spawnSync('umount', [mountPoint]);
    rmSync(folder, { recursive: true, force: true });
  }
}
