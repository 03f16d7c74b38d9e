import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../base/random.ts';

const SECRET_BYTES = 32;

export function secretFileExists(dataDir: string, name: string): boolean {
  return existsSync(join(dataDir, name));
}

/**
 * The 32 secret bytes kept in the file `name` of the data folder; made at first use, readable by its owner alone.
 * The file appears whole or not at all, and is on the disk before this returns.
 */
export function loadSecretFile(dataDir: string, name: string, random: Random): Uint8Array {
  const path = join(dataDir, name);
  if (!existsSync(path)) writeWhole(dataDir, path, random.bytes(SECRET_BYTES));
  const secret = readFileSync(path);
  if (secret.length !== SECRET_BYTES) {
    throw new Error(`${path} must hold ${SECRET_BYTES} bytes and holds ${secret.length}; restore it from a backup`);
  }
  return secret;
}

function writeWhole(dataDir: string, path: string, bytes: Uint8Array): void {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
